"""Changing a round: its deadline, its name and its end."""

import pytest

from indicators.actions.rounds import RoundClosed, StaleRound, read_mark
from targets_site.audit.models import Entry
from tests.indicators.rounds.world import DAY, NOW, change, refused


def test_change_moves_the_deadline_and_keeps_both_in_the_trail(opened, reviewer):
    one = opened()

    changed = change(
        one,
        name="2025年度数据（改）",
        due_at=NOW + 40 * DAY,
        closes_at=NOW + 70 * DAY,
        by=reviewer,
    )

    one.refresh_from_db()
    assert changed == one
    assert (one.name, one.due_at, one.closes_at) == (
        "2025年度数据（改）",
        NOW + 40 * DAY,
        NOW + 70 * DAY,
    )
    entry = Entry.objects.get(action="change_round")
    assert entry.object == "round:990000:2025年度数据"
    assert (entry.before["due_at"], entry.after["due_at"]) == (
        "2026-03-31T09:00:00+08:00",
        "2026-04-10T09:00:00+08:00",
    )
    assert (entry.before["name"], entry.after["name"]) == ("2025年度数据", "2025年度数据（改）")


def test_change_that_changes_nothing_leaves_no_trail(opened, reviewer):
    one = opened()

    change(one, by=reviewer)

    assert not Entry.objects.filter(action="change_round").exists()


def test_a_deadline_to_come_may_come_earlier(opened, reviewer):
    one = opened()

    assert change(one, due_at=NOW + DAY, by=reviewer).due_at == NOW + DAY


@pytest.mark.parametrize(
    ("now", "due_at"),
    [
        pytest.param(NOW + 10 * DAY, NOW + 10 * DAY, id="to-come-moved-to-now"),
        pytest.param(NOW + 31 * DAY, NOW + 29 * DAY, id="passed-moved-back"),
        pytest.param(NOW + 33 * DAY, NOW + 32 * DAY, id="passed-moved-to-another-past"),
    ],
)
def test_a_deadline_never_moves_into_the_past(opened, clock, reviewer, now, due_at):
    one = opened()
    clock(now)

    wrong = refused(change, one, due_at=due_at, by=reviewer)

    assert wrong == {"due_at": "A deadline moves to a time still to come."}


def test_a_deadline_that_passed_can_be_moved_on(opened, clock, reviewer):
    one = opened()
    clock(NOW + 31 * DAY)

    assert change(one, due_at=NOW + 35 * DAY, by=reviewer).due_at == NOW + 35 * DAY


def test_a_round_whose_deadline_passed_can_be_renamed(opened, clock, reviewer):
    one = opened()
    clock(NOW + 31 * DAY)

    assert change(one, name="改名", by=reviewer).due_at == NOW + 30 * DAY


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        pytest.param(
            {"closes_at": NOW + 29 * DAY},
            {"closes_at": "A round closes at its deadline or later."},
            id="closed-before-due",
        ),
        pytest.param(
            {"name": "另一项"},
            {"name": "The area has a round of this name already."},
            id="taken-name",
        ),
        pytest.param(
            {"closes_at": NOW + 75 * DAY},
            {"years": "“另一项” asks for 2025 while this round is open."},
            id="reaching-into-the-next",
        ),
    ],
)
def test_change_refuses_what_makes_no_round(opened, reviewer, fields, wrong):
    one = opened()
    later = {"opens_at": NOW + 70 * DAY, "due_at": NOW + 71 * DAY, "closes_at": NOW + 80 * DAY}
    opened(name="另一项", **later)

    assert refused(change, one, by=reviewer, **fields) == wrong


def test_a_round_that_is_to_close_closes_in_the_time_to_come(opened, clock, reviewer):
    one = opened()
    clock(NOW + 40 * DAY)

    wrong = refused(change, one, closes_at=NOW + 35 * DAY, by=reviewer)

    assert wrong == {"closes_at": "A round closes at a time still to come."}


def test_a_closed_round_stays_as_it_was(opened, clock, reviewer):
    one = opened()
    clock(one.closes_at)

    with pytest.raises(RoundClosed):
        change(one, closes_at=NOW + 90 * DAY, by=reviewer)


def test_change_tells_that_somebody_was_faster(opened, reviewer):
    one = opened()
    mark = read_mark(one)
    change(one, due_at=NOW + 40 * DAY, by=reviewer)

    with pytest.raises(StaleRound):
        change(one, name="改名", read=mark, by=reviewer)
