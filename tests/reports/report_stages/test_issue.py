"""The issue: asked about, done by somebody else than who drafted, and final."""

import pytest
from django.core.exceptions import ValidationError

from reports.actions.shared import Overtaken
from reports.actions.stages import give_back, move_on
from reports.models import Report
from reports.paper.errors import PressOccupied
from targets_site.accounts.models import Role
from tests.factories import make_reviewer
from tests.reports.drafted import drafted, make_person
from tests.reports.staged import PAGE, at_stage, edited_word, second_reviewer

pytestmark = pytest.mark.django_db


def test_issuing_is_asked_about_and_final(report, reviewer):
    report = at_stage(report, "approval", by=reviewer)

    second = second_reviewer(report.area)

    with pytest.raises(ValidationError) as unconfirmed:
        move_on(report=report, version=report.version, by=second)
    assert unconfirmed.value.code == "unconfirmed"

    report = move_on(report=report, version=report.version, by=second, confirmed=True)
    for step in (
        lambda: move_on(report=report, version=report.version, by=reviewer, confirmed=True),
        lambda: give_back(report=report, version=report.version, reason="x", by=reviewer),
    ):
        with pytest.raises(Overtaken):
            step()
    report.refresh_from_db()
    assert report.stage == "issued"


def test_who_drafted_or_edited_an_edition_does_not_issue_it(client, report, reviewer):
    second, third = second_reviewer(report.area), make_reviewer("third", report.area)
    client.force_login(second)
    file = edited_word(client, words="下一步，加强监管。")
    client.post(f"{PAGE}upload/", {"report": report.pk, "version": 1, "file": file})
    report.refresh_from_db()
    report = at_stage(report, "approval", by=reviewer)
    sent = {"report": report.pk, "version": report.version, "confirmed": "on"}

    for user in (reviewer, second):
        client.force_login(user)
        response = client.post(f"{PAGE}move/", sent)
        assert response.status_code == 422
        assert "本版由您起草或修改，须由本地区另一名审核员印发。" in response.content.decode()
    client.force_login(third)
    client.post(f"{PAGE}move/", sent)

    report.refresh_from_db()
    assert report.stage == "issued"


def test_page_asks_before_it_issues(client, report, reviewer):
    client.force_login(reviewer)
    report = at_stage(report, "approval", by=reviewer)
    sent = {"report": report.pk, "version": report.version}

    client.force_login(second_reviewer(report.area))
    asked = client.post(f"{PAGE}move/", sent)
    report.refresh_from_db()
    assert (asked.status_code, report.stage) == (200, "approval")
    assert "确认印发" in asked.content.decode()

    done = client.post(f"{PAGE}move/", {**sent, "confirmed": "on"})
    report.refresh_from_db()
    assert (done.status_code, report.stage) == (302, "issued")


def test_correction_of_an_issued_report_is_the_next_edition(client, area, report, reviewer):
    at_stage(report, "issued", by=reviewer)
    second = drafted(area=area, by=reviewer)

    client.force_login(make_person(Role.LEADER, area))
    assert "第2版" not in client.get(PAGE).content.decode()
    at_stage(second, "issued", by=reviewer)

    page = client.get(PAGE).content.decode()
    assert "第2版" in page
    assert client.get(f"{PAGE}?edition=1").status_code == 200


def test_nothing_is_issued_where_nothing_can_be_printed(client, report, reviewer, monkeypatch):
    report = at_stage(report, "approval", by=reviewer)
    client.force_login(second_reviewer(report.area))

    def unavailable(paper):
        raise PressOccupied

    monkeypatch.setattr("reports.printing.pdf_of_paper", unavailable)
    asked = {"report": report.pk, "version": report.version, "confirmed": "on"}

    response = client.post(f"{PAGE}move/", asked)

    assert response.status_code == 503
    assert "报告没有印发" in response.content.decode()
    assert (Report.objects.get().stage, report.files.count()) == ("approval", 0)
