"""All that was said of a figure or judgement."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators.actions import entry, judgements, workflow
from indicators.actions.entry import EnteredFigure
from indicators.enums import Outcome, Step
from indicators.models import (
    JudgementVersion,
    RoundException,
    SeriesDepartment,
)
from indicators.queries.waiting import Key, Work
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_department,
    make_figure,
    make_official,
    make_reviewer,
    make_text_target,
    make_user,
    name_department,
)
from tests.indicators.review_pages.world import (
    QUEUE,
    SIGN_QUEUE,
    attach,
    queries_of,
    rows_of,
    submit,
    submit_judgement,
    text_of,
)

pytestmark = pytest.mark.usefixtures("in_english")


HISTORY = "/review/figure/990000.pass-rate.all/2020/"


@pytest.fixture
def told(series, round_2020, official, reviewer):
    """Versions 1 returned, 2 approved, 3 a draft that corrects it."""
    first = submit(series, 2020, "97", by=official, remark="快报数")
    workflow.return_to_official(version=first, by=reviewer, reason="口径不符")
    second = submit(series, 2020, "98", by=official, read_version=1, remark="快报数")
    workflow.approve(version=second, by=reviewer)
    third = entry.save(
        series=series, year=2020, figure=EnteredFigure(Decimal("55.5"), 1), read_version=2,
        by=official, correction_reason="原数有误",
    )  # fmt: skip
    return [first, second, third]


def test_history_tells_all_that_was_said_and_done(client, told, official):
    client.force_login(official)

    response = client.get(HISTORY)

    third, second, first = response.context["past"]
    assert [each.version for each in (first, second, third)] == told
    assert [each.is_in_force for each in (first, second, third)] == [False, True, False]
    assert [(step.step, step.who.username) for step in first.steps] == [
        (Step.SAVE, "official"), (Step.SUBMIT, "official"), (Step.RETURN, "reviewer"),
    ]  # fmt: skip
    assert [(each.label, each.before, each.after) for each in second.differences] == [
        ("Value", "97 %", "98 %")
    ]
    assert [each.label for each in third.differences] == ["Value", "Source", "Remark"]
    for shown in ("口径不符", "原数有误", "97 %", "98 %", "55.5 %", "Approved, in force", "快报数"):
        assert shown in text_of(response)


def test_history_hides_drafts_from_other_departments_and_reviewers(client, told, reviewer):
    readable = {}
    people = [
        reviewer,
        make_official("other", make_department(name_zh="省卫生厅")),
        make_reviewer("far", make_area("340000")),
        make_user("nobody"),
    ]
    for user in people:
        client.force_login(user)
        response = client.get(HISTORY)
        readable[user.username] = [each.version.number for each in response.context["past"]]
        assert "55.5" not in text_of(response)

    assert readable == {"reviewer": [2, 1], "other": [2], "far": [2], "nobody": [2]}


def test_history_of_what_nobody_else_may_read_is_not_found(client, submitted):
    client.force_login(make_user("nobody"))

    response = client.get(HISTORY)

    assert response.status_code == 404
    assert Entry.objects.get(action="denied").object == "observation:990000.pass-rate.all:2020"


@pytest.mark.parametrize("address", [
    "/review/figure/990000.nothing.all/2020/", "/review/figure/990000.pass-rate.all/2019/",
    "/review/figure/990000.pass-rate.all/99999999999999999999/", "/review/figure/X/2020/",
    "/review/judgement/plan-2011-999/2020/",
])  # fmt: skip
def test_history_of_nothing_is_not_found(signed_in, submitted, address):
    assert signed_in.get(address).status_code == 404


def test_a_replaced_figure_stays_readable(client, correction, reviewer):
    workflow.approve(version=correction, by=reviewer)
    client.force_login(make_user("nobody"))

    page = text_of(client.get(HISTORY))

    assert "98.50 %" in page
    assert "Approved, replaced since" in page
    assert page.count("Approved, in force") == 1


def test_the_files_of_a_correction_stay_with_those_it_concerns(
    client, series, round_2020, official, reviewer
):
    old, new = (attach(name, by=official) for name in ("旧证明.pdf", "新证明.pdf"))
    version = submit(series, 2020, "98", by=official, evidence=frozenset({old.pk}))
    workflow.approve(version=version, by=reviewer)
    submit(
        series, 2020, "97", by=official, read_version=1, correction_reason="原数有误",
        evidence=frozenset({new.pk}),
    )  # fmt: skip
    client.force_login(reviewer)
    to_reviewer = text_of(client.get(HISTORY))
    client.force_login(make_user("nobody"))
    to_others = text_of(client.get(HISTORY))

    assert f'<a href="/entry/attachments/{new.pk}/">新证明.pdf</a>' in to_reviewer
    assert f'<a href="/entry/attachments/{old.pk}/">旧证明.pdf</a>' in to_others
    assert "新证明.pdf" not in to_others


def test_history_of_a_judgement(client, round_2020, department, official, reviewer):
    target = make_text_target()
    name_department(target, department)
    first = submit_judgement(target, by=official, narrative="建成两家")
    workflow.approve(version=first, by=reviewer)
    second = judgements.save(
        target=target, year=2020, outcome=Outcome.PARTLY, narrative="建成一家", read_version=1,
        by=official, correction_reason="核实后更正",
    )  # fmt: skip
    client.force_login(official)
    own = client.get("/review/judgement/plan-2011-900/2020/")
    client.force_login(make_user("nobody"))
    others = client.get("/review/judgement/plan-2011-900/2020/")

    newest, oldest = own.context["past"]
    assert [newest.version, oldest.version] == [second, first]
    assert [(each.label, each.before, each.after) for each in newest.differences] == [
        ("Judgement", "Done", "Partly done"),
        ("Narrative", "建成两家", "建成一家"),
    ]
    assert "核实后更正" in text_of(own)
    assert [each.version for each in others.context["past"]] == [first]
    assert JudgementVersion.objects.count() == 2


def test_history_costs_the_same_for_one_and_thirty_versions(signed_in, series):
    costs = []
    for each in range(30):
        make_figure(series, 2020, f"{each + 1}")
        if each in {0, 29}:
            costs.append(queries_of(signed_in, HISTORY))

    assert costs[0] == costs[1]
    assert costs[1] <= 10


@pytest.mark.parametrize("address", [QUEUE, SIGN_QUEUE, "/registers/changed/", HISTORY])
def test_pages_need_login(client, submitted, address):
    assert client.get(address).headers["Location"].startswith("/accounts/login/?next=")


def test_keys_name_both_kinds():
    assert [str(Key(Work.FIGURE, 1)), str(Key(Work.JUDGEMENT, 2))] == ["figure:1", "judgement:2"]


def more_time(one, department, days, *, by):
    """Granted until so many days from now."""
    until = timezone.now() + timedelta(days=days)
    return RoundException.objects.create(
        round=one, department=department, until=until, reason="系统升级", granted_by=by
    )


@pytest.mark.parametrize(("days", "is_late"), [(1, False), (-2, True)], ids=["runs", "has-ended"])
def test_a_department_with_more_time_is_late_only_after_it(
    signed_in, submitted, department, reviewer, round_2020, days, is_late
):
    round_2020.due_at = timezone.now() - timedelta(days=3)
    round_2020.save()
    [row] = rows_of(signed_in.get(QUEUE))
    assert row.waiting.is_late

    more_time(round_2020, department, days, by=reviewer)

    [row] = rows_of(signed_in.get(QUEUE))
    assert row.waiting.is_late is is_late


def test_more_time_of_what_took_its_place_counts(
    signed_in, submitted, department, reviewer, round_2020
):
    round_2020.due_at = timezone.now() - timedelta(days=3)
    round_2020.save()
    department.successor = make_department(name_zh="省农业农村厅")
    department.save()
    more_time(round_2020, department.successor, 1, by=reviewer)

    [row] = rows_of(signed_in.get(QUEUE))

    assert not row.waiting.is_late


@pytest.mark.parametrize("sender", ["with more time", "without"])
def test_of_several_departments_the_one_that_sent_it_has_more_time(
    signed_in, series, department, reviewer, round_2020, sender
):
    beside = make_department(name_zh="省水利厅")
    SeriesDepartment.objects.create(series=series, department=beside)
    round_2020.due_at = timezone.now() - timedelta(days=3)
    round_2020.save()
    more_time(round_2020, beside, 1, by=reviewer)
    at = beside if sender == "with more time" else department
    submit(series, 2020, "98.50", by=make_official("sender", at))

    [row] = rows_of(signed_in.get(QUEUE))

    assert row.waiting.is_late is (sender == "without")


def test_what_waits_for_a_signature_is_not_overdue_while_there_is_more_time(
    client, signer, at_signer, department, reviewer, round_2020
):
    round_2020.due_at = timezone.now() - timedelta(days=1)
    round_2020.save()
    more_time(round_2020, department, 1, by=reviewer)
    client.force_login(signer)

    response = client.get(SIGN_QUEUE)

    [row] = rows_of(response)
    assert not row.waiting.is_late
    assert "Overdue since" not in text_of(response)
