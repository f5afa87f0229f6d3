"""What an official has to do."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.actions import judgements
from indicators.enums import State
from indicators.models import (
    Attachment,
    JudgementVersion,
    RoundException,
)
from indicators.queries.owed import asked_rows
from tests.factories import (
    make_department,
    make_domain,
    make_figure,
    make_round,
    make_series,
    make_text_target,
    make_user,
    name_department,
)
from tests.indicators.entry_pages.world import (
    TASKS,
    grid_address,
    make_owed,
    make_version,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_tasks_of_a_round_are_counted_by_what_is_to_do(signed_in, official, department):
    one = make_round(department.area, 2019, 2020)
    series = make_owed(department)
    make_version(make_owed(department, "b"), 2019, entered_by=official)
    make_version(make_owed(department, "c"), 2019, state=State.SUBMITTED)
    make_figure(make_owed(department, "d"), 2019, "98.4")
    make_series(scope="nobody-waits", department=department)

    tasks = signed_in.get(TASKS).context["tasks"]

    found = tasks.rounds[0]
    assert [each.round for each in tasks.rounds] == [one]
    assert len(found.empty) == 5
    assert series in [each.series for each in found.empty]
    assert [each.year for each in found.drafts] == [2019]
    assert [each.year for each in found.waiting] == [2019]
    assert [each.year for each in found.approved] == [2019]
    assert (tasks.due_number, tasks.late_number, tasks.done_number) == (6, 0, 2)
    assert [each.count for each in tasks.tiles if each.is_main] == [6]
    assert (found.handed_in, len(found.owed)) == (2, 8)


def test_every_figure_is_counted_in_one_of_the_four_numbers(signed_in, department):
    one = make_round(department.area, 2019, 2020)
    make_version(make_owed(department), 2019)
    make_version(
        make_owed(department, "b"), 2019, state=State.RETURNED, return_reason="口径不符",
        reviewed_by=make_user("reviewer"), reviewed_at=timezone.now(),
    )  # fmt: skip
    make_figure(make_owed(department, "c"), 2019, "98.4")

    def numbers():
        tasks = signed_in.get(TASKS).context["tasks"]
        return tasks.returned_number, tasks.late_number, tasks.due_number, tasks.done_number

    assert numbers() == (1, 0, 4, 1)
    one.due_at = timezone.now() - timedelta(days=1)
    one.save()
    assert numbers() == (1, 4, 0, 1)


def test_what_is_overdue_is_said_and_rounds_stand_by_their_deadline(signed_in, department):
    now = timezone.now()
    make_owed(department)
    late = make_round(
        department.area, 2019, due_at=now - timedelta(days=3, hours=1), name="late round"
    )
    soon = make_round(department.area, 2020, due_at=now + timedelta(days=1), name="next round")

    response = signed_in.get(TASKS)

    tasks = response.context["tasks"]
    assert [each.round for each in tasks.rounds] == [late, soon]
    assert (tasks.late_number, tasks.due_number) == (1, 1)
    assert "overdue for 3 days" in response.content.decode()


def test_a_returned_figure_stands_first_with_the_reviewers_words(signed_in, department):
    one = make_round(department.area, 2020)
    series = make_owed(department)
    reviewer = make_user("reviewer", full_name="Reviewer Li")
    make_version(
        series, 2020, state=State.RETURNED, return_reason="口径不符", reviewed_by=reviewer,
        reviewed_at=timezone.now(),
    )  # fmt: skip

    page = signed_in.get(TASKS).content.decode()

    assert "口径不符" in page
    assert "Reviewer Li" in page
    assert f"/entry/{one.pk}/{series.code}/2020/" in page


def test_what_came_back_after_the_round_closed_is_still_a_task(signed_in, department):
    series = make_owed(department)
    reviewer = make_user("reviewer")
    make_version(
        series, 2020, state=State.RETURNED, return_reason="口径不符", reviewed_by=reviewer,
        reviewed_at=timezone.now(),
    )  # fmt: skip

    tasks = signed_in.get(TASKS).context["tasks"]

    assert [each.address for each in tasks.returned] == [f"/entry/series/{series.code}/2020/"]


def test_returned_figures_and_drafts_of_other_departments_are_no_tasks(signed_in, department):
    other = make_department(name_zh="省林业厅")
    make_round(department.area, 2020)
    series = make_owed(other)
    make_version(
        series, 2020, state=State.RETURNED, return_reason="口径不符",
        reviewed_by=make_user("reviewer"),
    )  # fmt: skip

    response = signed_in.get(TASKS)

    assert response.context["tasks"].returned == []
    assert "口径不符" not in response.content.decode()


def test_targets_in_words_are_listed_with_the_page_that_judges_them(signed_in, department):
    make_round(department.area, 2020)
    target = make_text_target(statement_en="A system is in place", target_year=2020)
    name_department(target, department)

    page = signed_in.get(TASKS).content.decode()

    assert "A system is in place" in page
    assert f"/entry/judgements/{target.code}/2020/" in page


def asked_in_words(number, department=None, **fields):
    code = f"plan-2011-{number:03}"
    target = make_text_target(code, target_year=2020, statement_en=f"Goal {number}", **fields)
    if department is not None:
        name_department(target, department)
    return target


def test_a_department_owes_the_targets_in_words_that_name_it(signed_in, department):
    """As the board counts them; those that name nobody stand apart and count for nobody."""
    one = make_round(department.area, 2020)
    asked_in_words(901, department)
    asked_in_words(902, make_department(name_zh="省教育厅"))
    asked_in_words(903)
    asked_in_words(904, domain=make_domain("other", position=9))

    response = signed_in.get(TASKS)

    tasks = response.context["tasks"]
    (round,) = tasks.rounds
    assert (tasks.late_number, tasks.due_number, tasks.done_number) == (0, 1, 0)
    assert [each.target.code for each in round.open_judgements] == ["plan-2011-901"]
    assert [
        [each.target.code for each in group.judgements] for group in round.unassigned_groups
    ] == [["plan-2011-903"], ["plan-2011-904"]]
    shown = " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
    assert "Targets in words, to be judged 1 " in shown
    assert "Targets in words whose document names no department 2 " in shown
    board = asked_rows([(one, 2020)], moment=timezone.now(), departments=[department.pk])
    assert len([row for row in board if row.is_owed]) == tasks.due_number


def test_judgements_are_late_and_done_as_figures_are(signed_in, official, department):
    now = timezone.now()
    make_round(department.area, 2020, due_at=now - timedelta(days=1))
    asked_in_words(901, department)
    done = asked_in_words(902, department)
    version = judgements.save(
        target=done, year=2020, outcome="done", narrative="是。", read_version=None, by=official
    )
    judgements.submit(version=version, by=official)
    returned = asked_in_words(903, department)
    version = judgements.save(
        target=returned, year=2020, outcome="done", narrative="是。", read_version=None, by=official
    )
    JudgementVersion.objects.filter(pk=version.pk).update(
        state=State.RETURNED, return_reason="说明不足", reviewed_by=make_user("reviewer"),
        reviewed_at=now,
    )  # fmt: skip
    asked_in_words(904)

    tasks = signed_in.get(TASKS).context["tasks"]

    assert (tasks.returned_number, tasks.late_number, tasks.due_number) == (1, 1, 0)
    assert tasks.done_number == 1
    assert [(each.count, each.address, each.is_main) for each in tasks.tiles] == [
        (1, "#returned", False), (1, "#rounds", True), (0, "", False), (1, "#rounds", False),
    ]  # fmt: skip


def test_more_time_of_the_department_counts_for_its_judgements(signed_in, department):
    now = timezone.now()
    one = make_round(department.area, 2020, due_at=now - timedelta(days=1))
    asked_in_words(901, department)
    RoundException.objects.create(
        round=one, department=department, until=now + timedelta(days=2), reason="系统故障",
        granted_by=make_user("chief"),
    )  # fmt: skip

    tasks = signed_in.get(TASKS).context["tasks"]

    assert (tasks.late_number, tasks.due_number) == (0, 1)


@pytest.mark.parametrize(
    ("state", "leads"),
    [(State.DRAFT, False), (State.TO_SIGN, True), (State.SUBMITTED, True), (State.APPROVED, True)],
)
def test_a_cell_that_is_out_of_hand_leads_to_its_versions(signed_in, department, state, leads):
    one = make_round(department.area, 2020)
    series = make_owed(department)
    if state == State.APPROVED:
        make_figure(series, 2020, "98.4")
    else:
        make_version(series, 2020, state=state, submitted_by=make_user("sender"))
    address = f"/review/figure/{series.code}/2020/"

    assert (address in signed_in.get(f"/entry/{one.pk}/").content.decode()) == leads
    assert signed_in.get(address).status_code == 200


def test_a_closed_round_with_more_time_for_the_department_is_a_task(signed_in, department):
    now = timezone.now()
    make_owed(department)
    closed = make_round(
        department.area, 2020, due_at=now - timedelta(days=5), closes_at=now - timedelta(days=1)
    )
    assert signed_in.get(TASKS).context["tasks"].rounds == []
    until = now + timedelta(days=2)
    RoundException.objects.create(
        round=closed, department=department, until=until, reason="系统故障",
        granted_by=make_user("chief"),
    )  # fmt: skip

    tasks = signed_in.get(TASKS).context["tasks"]

    assert [(each.round, each.extended_until) for each in tasks.rounds] == [(closed, until)]


@pytest.mark.parametrize(
    ("days", "late", "due"),
    [
        pytest.param(None, 1, 0, id="no-more-time"),
        pytest.param(2, 0, 1, id="more-time"),
        pytest.param(-1, 1, 0, id="that-is-over-too"),
    ],
)
def test_nothing_is_late_while_the_department_has_more_time(signed_in, department, days, late, due):
    now = timezone.now()
    series = make_owed(department)
    one = make_round(department.area, 2020, due_at=now - timedelta(days=5))
    if days is not None:
        RoundException.objects.create(
            round=one, department=department, until=now + timedelta(days=days), reason="系统故障",
            granted_by=make_user("chief"),
        )  # fmt: skip

    response = signed_in.get(TASKS)

    tasks = response.context["tasks"]
    assert (tasks.late_number, tasks.due_number) == (late, due)
    [task] = tasks.rounds
    assert [each.series for each in (task.late or task.empty)] == [series]
    assert ('class="overdue"' in response.content.decode()) is bool(late)


def test_tasks_are_honest_for_somebody_without_a_post(client):
    client.force_login(make_user("nobody"))

    response = client.get(TASKS)

    assert response.status_code == 200
    assert "There is nothing for you to enter." in response.content.decode()


def fill(department, number):
    """Series with every state, all asked for in one round of two years."""
    one = make_round(department.area, 2019, 2020)
    reviewer = make_user("reviewer")
    for each in range(number):
        series = make_owed(department, f"s{chr(97 + each)}" if each < 26 else f"s-{chr(71 + each)}")
        make_figure(series, 2018, "98.4")
        version = make_version(series, 2019, "97")
        letter = Attachment.objects.create(
            name="来函.pdf", size=1, department=department, added_by=version.entered_by
        )
        version.evidence.add(letter)
        make_version(
            series, 2020, state=State.RETURNED, return_reason="口径不符", reviewed_by=reviewer,
            reviewed_at=timezone.now(),
        )  # fmt: skip
    return one


@pytest.mark.parametrize("number", [1, 30])
def test_tasks_cost_the_same_for_one_and_thirty_series(
    signed_in, department, number, django_assert_num_queries
):
    fill(department, number)

    with django_assert_num_queries(20):
        signed_in.get(TASKS)


@pytest.mark.parametrize("number", [1, 30])
def test_grid_costs_the_same_for_one_and_thirty_series(
    signed_in, department, number, django_assert_num_queries
):
    one = fill(department, number)

    with django_assert_num_queries(22):
        response = signed_in.get(grid_address(one))

    assert len(response.context["grid"].cells) == 2 * number
    # With every field of every cell, a page stays a fraction of one picture.
    assert len(response.content) < 40_000 + 16_000 * number
