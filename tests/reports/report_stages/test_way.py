"""The way from draft to issue and back: who moves it, from which version, and what is noted."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError

from reports.actions.shared import Overtaken
from reports.actions.stages import give_back, move_on
from reports.actions.uploads import take_word
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import make_area, make_official, make_reviewer
from tests.reports.drafted import drafted, make_person
from tests.reports.staged import PAGE, at_stage

pytestmark = pytest.mark.django_db


def test_report_goes_from_draft_to_issue_and_each_step_is_noted(report, reviewer):
    for _each in range(2):
        report = move_on(report=report, version=report.version, by=reviewer)
    report = give_back(report=report, version=3, reason="表述不准", by=reviewer)

    report = at_stage(report, "issued", by=reviewer)

    steps = report.steps.values_list("version", "kind", "from_stage", "to_stage", "reason")
    assert list(steps) == [
        (1, "draft", "draft", "draft", ""),
        (2, "move", "draft", "comment", ""),
        (3, "move", "comment", "approval", ""),
        (4, "return", "approval", "draft", "表述不准"),
        (5, "move", "draft", "comment", ""),
        (6, "move", "comment", "approval", ""),
        (7, "move", "approval", "issued", ""),
    ]
    assert report.issued_at is not None
    entries = Entry.objects.filter(object="report:990000:2015::1").order_by("seq")
    assert list(entries.values_list("action", "actor", "role", "reason")) == [
        ("draft_report", "reviewer", "reviewer", ""),
        ("move_report", "reviewer", "reviewer", ""),
        ("move_report", "reviewer", "reviewer", ""),
        ("return_report", "reviewer", "reviewer", "表述不准"),
        ("move_report", "reviewer", "reviewer", ""),
        ("move_report", "reviewer", "reviewer", ""),
        ("move_report", "second", "reviewer", ""),
    ]


def test_second_of_two_steps_from_one_page_is_refused(report, reviewer):
    move_on(report=report, version=1, by=reviewer)

    with pytest.raises(Overtaken):
        move_on(report=report, version=1, by=reviewer)

    report.refresh_from_db()
    assert (report.stage, report.version) == ("comment", 2)


def test_replaced_draft_moves_no_more(area, report, reviewer):
    drafted(area=area, by=reviewer)

    with pytest.raises(Overtaken):
        move_on(report=report, version=1, by=reviewer)


def test_report_is_given_back_with_a_reason_only(report, reviewer):
    report = at_stage(report, "comment", by=reviewer)

    with pytest.raises(ValidationError) as refused:
        give_back(report=report, version=report.version, reason=" ", by=reviewer)

    assert refused.value.code == "reason"


def test_nobody_but_reviewers_of_the_area_does_anything(area, report):
    others = [
        make_official(department=area.departments.get()),
        make_person(Role.LEADER, area),
        make_person(Role.AUDITOR, area),
        make_reviewer("elsewhere", make_area("980000")),
    ]

    for by in others:
        for step in (
            lambda by=by: move_on(report=report, version=1, by=by),
            lambda by=by: give_back(report=report, version=1, reason="x", by=by),
            lambda by=by: take_word(
                report=report, version=1, upload=BytesIO(b"x"), name="a.docx", by=by
            ),
        ):
            with pytest.raises(NotAllowed):
                step()


def test_step_from_an_old_page_gets_409(client, report, reviewer):
    client.force_login(reviewer)
    move_on(report=report, version=1, by=reviewer)

    response = client.post(f"{PAGE}move/", {"report": report.pk, "version": 1})

    assert response.status_code == 409
    assert "报告已有变化" in response.content.decode()
    assert Entry.objects.get(action="denied").reason == "stale"


def test_returning_from_the_page_wants_a_reason(client, report, reviewer):
    client.force_login(reviewer)
    report = at_stage(report, "comment", by=reviewer)
    sent = {"report": report.pk, "version": report.version}

    assert client.post(f"{PAGE}return/", {**sent, "reason": ""}).status_code == 422
    assert client.post(f"{PAGE}return/", {**sent, "reason": "改"}).status_code == 302

    report.refresh_from_db()
    assert report.stage == "draft"
    assert "原因：改" in client.get(PAGE).content.decode()
