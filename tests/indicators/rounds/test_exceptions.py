"""Giving a department more time than a round has."""

from datetime import datetime, timedelta

import pytest

from indicators.models import RoundException
from indicators.queries.rounds import open_rounds
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import make_area, make_department, make_post
from tests.indicators.rounds.world import DAY, NOW, except_until, refused


def test_an_exception_opens_the_closed_round_for_one_department(opened, clock, area, reviewer):
    one = opened()
    late, other = make_department(area, "省农业厅"), make_department(area, "省林业厅")
    clock(NOW + 61 * DAY)

    except_until(one, late, NOW + 70 * DAY, by=reviewer)

    def opens(department, moment):
        rounds = open_rounds(area_id=area.pk, departments=[department.pk], moment=moment)
        return list(rounds) == [one]

    assert opens(late, NOW + 70 * DAY - timedelta(seconds=1))
    assert not opens(late, NOW + 70 * DAY)
    assert not opens(other, NOW + 61 * DAY)


def test_an_exception_stands_in_the_trail_with_its_reason(opened, area, reviewer):
    one = opened()
    department = make_department(area, code="990000-nyt")

    except_until(one, department, NOW + 70 * DAY, by=reviewer)

    entry = Entry.objects.get(action="grant_exception")
    assert (entry.object, entry.actor, entry.role) == (
        "round:990000:2025年度数据",
        "reviewer",
        "reviewer",
    )
    assert entry.reason == "系统升级"
    assert entry.before["department"] == entry.after["department"] == "990000-nyt"
    assert datetime.fromisoformat(entry.after["until"]) == NOW + 70 * DAY


def test_who_does_a_departments_work_today_gets_its_exception(opened, area, reviewer):
    successor = make_department(area, "省农业农村厅")
    dissolved = make_department(area, "省农业厅", successor=successor)

    granted = except_until(opened(), dissolved, NOW + 70 * DAY, by=reviewer)

    assert granted.department == successor


@pytest.mark.parametrize(
    ("until", "reason", "wrong"),
    [
        pytest.param(
            NOW + 30 * DAY,
            "系统升级",
            {"until": "More time ends later than the deadline, and is still to come."},
            id="no-later-than-the-deadline",
        ),
        pytest.param(
            NOW + 31 * DAY,
            "系统升级",
            {"until": "More time ends later than the deadline, and is still to come."},
            id="not-to-come",
        ),
        pytest.param(
            NOW + 90 * DAY,
            " ",
            {"reason": "Say why the department gets more time."},
            id="without-a-reason",
        ),
    ],
)
def test_an_exception_needs_a_later_end_and_a_reason(
    opened, clock, area, reviewer, until, reason, wrong
):
    one = opened()
    department = make_department(area)
    clock(NOW + 31 * DAY)

    assert refused(except_until, one, department, until, reason=reason, by=reviewer) == wrong
    assert RoundException.objects.count() == 0


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("\u200b\u202e", "Say why the department gets more time."),
        ("系统\x07升级", "“Reason” contains control characters."),
        ("长" * 2001, "“Reason” is too long."),
    ],
    ids=["invisible", "control", "long"],
)
def test_the_reason_of_an_exception_is_a_text_of_ours(opened, area, reviewer, reason, wrong):
    one, department = opened(), make_department(area)

    refusal = refused(except_until, one, department, NOW + 70 * DAY, reason=reason, by=reviewer)
    granted = except_until(one, department, NOW + 70 * DAY, reason=" 系统\u200b升级", by=reviewer)

    assert refusal == {"reason": wrong}
    assert granted.reason == "系统升级"


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.SIGNER])
@pytest.mark.parametrize("post_in", ["itself", "what it succeeded", "what took its place"])
def test_nobody_gives_his_own_department_more_time(opened, area, reviewer, role, post_in):
    one = opened()
    before, department, after = (make_department(area, f"省{name}厅") for name in "甲乙丙")
    before.successor = department
    before.save()
    if post_in == "what took its place":
        department.successor = after
        department.save()
    at = {"itself": department, "what it succeeded": before, "what took its place": after}
    make_post(reviewer, role, department=at[post_in])

    with pytest.raises(NotAllowed):
        except_until(one, department, NOW + 70 * DAY, by=reviewer)
    assert RoundException.objects.count() == 0

    beside = make_department(area, "省丁厅")
    assert except_until(one, beside, NOW + 70 * DAY, by=reviewer).department == beside


def test_a_further_exception_ends_later_than_the_first(opened, area, reviewer):
    one = opened()
    department = make_department(area)
    except_until(one, department, NOW + 70 * DAY, by=reviewer)

    wrong = refused(except_until, one, department, NOW + 69 * DAY, by=reviewer)
    except_until(one, department, NOW + 80 * DAY, by=reviewer)

    assert wrong == {"until": "More time ends later than the deadline, and is still to come."}
    assert RoundException.objects.count() == 2


def test_an_exception_is_for_a_department_of_the_area(opened, reviewer):
    elsewhere = make_department(make_area("340000"))

    wrong = refused(except_until, opened(), elsewhere, NOW + 70 * DAY, by=reviewer)

    assert wrong == {"department": "Choose a department of the round's area."}
