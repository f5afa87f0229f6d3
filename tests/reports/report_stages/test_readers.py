"""Who sees a report at its stage, and what strangers see."""

import pytest

from reports.queries.reports import readable_reports
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import make_area, make_official, make_reviewer
from tests.reports.drafted import make_person
from tests.reports.staged import PAGE, at_stage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("stage", "seen_by"),
    [
        ("draft", {"reviewer"}),
        ("comment", {"reviewer", "official", "leader", "auditor"}),
        ("approval", {"reviewer", "leader"}),
        ("issued", {"reviewer", "official", "leader", "auditor", "elsewhere", "sysadmin"}),
    ],
)
def test_who_sees_a_report_at_its_stage(
    client, monkeypatch, area, report, reviewer, stage, seen_by
):
    monkeypatch.setattr("reports.printing.pdf_of_paper", lambda paper: b"%PDF")
    people = {
        "reviewer": reviewer,
        "official": make_official(department=area.departments.get()),
        "leader": make_person(Role.LEADER, area),
        "auditor": make_person(Role.AUDITOR, area),
        "elsewhere": make_reviewer("elsewhere", make_area("980000")),
        "sysadmin": make_person(Role.SYSTEM_ADMIN, area, "sysadmin"),
    }
    report = at_stage(report, stage, by=reviewer)

    for name, user in people.items():
        client.force_login(user)
        seen = name in seen_by
        addresses = ("", "report.pdf", "report.docx", "picture_1.svg")
        codes = {client.get(PAGE + each).status_code for each in addresses}
        assert (name, codes) == (name, {200 if seen else 404})
        assert (report in readable_reports(user)) == seen
    denials = Entry.objects.filter(action="denied", object="report:990000:2015")
    assert set(denials.values_list("actor", flat=True)) == people.keys() - seen_by


def test_addresses_without_a_report_and_strangers_leave_the_trail_as_it_is(
    client, settings, area, report
):
    settings.OPEN_READING = True
    paths = [PAGE, *(f"/report/990000/{year}/" for year in range(2000, 2004)), "/report/1/2015/"]
    count = Entry.objects.count()

    for path in (each + file for each in paths for file in ("", "report.pdf", "report.docx")):
        assert client.get(path).status_code == 404
    assert Entry.objects.count() == count

    client.force_login(make_person(Role.LEADER, area))
    count = Entry.objects.count()
    assert {client.get(path).status_code for path in paths[1:]} == {404}
    assert Entry.objects.count() == count
    assert client.get(PAGE).status_code == 404
    denied = Entry.objects.filter(action="denied")
    assert list(denied.values_list("actor", "object")) == [("leader", "report:990000:2015")]


def test_open_reading_shows_issued_reports_only_and_nobodys_name(
    client, settings, report, reviewer
):
    settings.OPEN_READING = True
    reviewer.full_name = "王审核"
    reviewer.save()
    assert client.get(PAGE).status_code == 404
    at_stage(report, "issued", by=reviewer)

    response = client.get(PAGE)

    assert response.status_code == 200
    assert "某省2015年质量状况分析报告" in response.content.decode()
    assert f"{PAGE}move/" not in response.content.decode()
    assert "王审核" not in response.content.decode()
    assert "某省" in client.get("/report/").content.decode()


def test_strangers_are_sent_to_the_login(client, report):
    for path in ("/report/", PAGE, f"{PAGE}report.pdf"):
        assert client.get(path).status_code == 302
