"""A draft asked for from the page: by whom, of which departments, and its job."""

import pytest

from indicators.models import Job
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.reports.drafted import YEAR, make_person
from tests.reports.staged import PAGE

pytestmark = pytest.mark.django_db


def test_draft_is_offered_for_departments_that_there_were(client, area, reviewer):
    client.force_login(reviewer)
    department = area.departments.get()
    department.to_year = YEAR - 1
    department.save()

    offered = client.get(PAGE).context["which"].fields["department"].queryset

    assert list(offered) == []
    earlier = client.get("/report/990000/2014/").content.decode()
    assert f"省农业厅（–{YEAR - 1}）" in earlier


def test_page_of_a_year_without_report_is_for_reviewers(client, area, reviewer):
    client.force_login(reviewer)
    page = client.get("/report/990000/2014/")
    assert page.status_code == 200
    assert "该年度尚未起草报告。" in page.content.decode()

    client.force_login(make_person(Role.LEADER, area))
    assert client.get("/report/990000/2014/").status_code == 404


def test_drafting_from_the_page_starts_a_job(client, area, reviewer):
    client.force_login(reviewer)

    response = client.post(f"{PAGE}draft/", {"department": area.departments.get().code})

    assert response.status_code == 302
    assert response.url == f"{PAGE}?department={area.departments.get().code}"
    job = Job.objects.get()
    assert (job.kind, job.parameters["department"]) == ("report", "990000-agriculture")
    assert "报告正在起草" in client.get(response.url).content.decode()


def test_drafting_is_refused_to_others(client, area):
    client.force_login(make_person(Role.LEADER, area))

    response = client.post(f"{PAGE}draft/")

    assert response.status_code == 403
    assert not Job.objects.exists()
    assert Entry.objects.get(action="denied").object == "report:990000:2015"


def test_job_leads_to_its_report(client, report, reviewer):
    client.force_login(reviewer)

    assert f'href="{PAGE}"' in client.get(report.job.get_absolute_url()).content.decode()
