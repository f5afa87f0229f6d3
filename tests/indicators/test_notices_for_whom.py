"""Whom a notice is for: the people whose post it concerns today, and nobody else."""

from datetime import date

import pytest

from indicators.actions.notices import give_notices
from indicators.models import Notice
from indicators.queries.concerned import people_concerned
from targets_site.accounts.models import DEPARTMENT_ROLES, Role
from tests.factories import (
    make_area,
    make_department,
    make_post,
    make_reviewer,
    make_round,
    make_target,
    make_user,
    name_department,
)
from tests.indicators.notices_world import DAY, NOW, make_worse
from tests.indicators.rounds_world import make_owed_series, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    """An area with a department that a target names, one that it does not, a dissolved one whose
    work the first does now, and another area."""
    area = make_area()
    named, unnamed = make_department(area), make_department(area, "省林业厅")
    dissolved = make_department(area, "省农垦局", successor=named)
    county = make_area("990100", parent=area, level="county")
    return {
        "named": named, "unnamed": unnamed, "dissolved": dissolved,
        "area": area, "below": county, "elsewhere": make_department(make_area("340000"), "厅"),
    }  # fmt: skip


def holder(role, where):
    """A person with the post; where: a department or an area."""
    user = make_user(f"{role}-{where}")
    if role in DEPARTMENT_ROLES:
        make_post(user, role, department=where)
    else:
        make_post(user, role, area=where)
    return user


TOLD = {(Role.REVIEWER, "area"), (Role.LEADER, "area")}
TOLD |= {(role, part) for role in DEPARTMENT_ROLES for part in ("named", "dissolved")}


@pytest.mark.parametrize("part", ["lead", "responsible"])
@pytest.mark.parametrize("states", ["named", "dissolved"])
def test_every_role_everywhere(place, part, states):
    """The document may name the department of today or the dissolved one."""
    target = make_worse()
    name_department(target, place[states], part)
    people = {}
    for role in Role:
        for name in ("named", "unnamed", "dissolved"):
            if role in DEPARTMENT_ROLES:
                people[role, name] = holder(role, place[name])
        for name in ("area", "below"):
            if role not in DEPARTMENT_ROLES:
                people[role, name] = holder(role, place[name])
        elsewhere = place["elsewhere"]
        there = elsewhere if role in DEPARTMENT_ROLES else elsewhere.area
        people[role, "elsewhere"] = holder(role, there)

    give_notices(NOW)

    told = set(Notice.objects.values_list("person", flat=True))
    assert {key for key, user in people.items() if user.pk in told} == TOLD
    assert Notice.objects.count() == len(TOLD)


@pytest.mark.parametrize("why", ["ended", "planned", "requested", "disabled"])
def test_whoever_holds_the_post_not_today_is_not_told(why):
    make_worse()
    user = make_user(is_active=why != "disabled")
    fields = {
        "ended": {"to_date": date(2026, 3, 1)},
        "planned": {"from_date": date(2099, 1, 1)},
        "requested": {"granted_at": None},
        "disabled": {},
    }
    make_post(user, Role.REVIEWER, **fields[why])

    assert give_notices(NOW) == 0


def test_whoever_holds_several_posts_is_told_once():
    department = make_department()
    target = make_worse()
    name_department(target, department)
    name_department(target, department, "responsible")
    user = make_user()
    for role in (Role.OFFICIAL, Role.SIGNER):
        make_post(user, role, department=department)
    make_post(user, Role.REVIEWER)

    assert give_notices(NOW) == 1


def test_whoever_gets_the_post_within_the_week_is_told_then():
    make_worse()
    first = make_reviewer("first")
    give_notices(NOW)
    second = make_reviewer("second")

    assert give_notices(NOW + DAY) == 1
    assert list(Notice.objects.order_by("pk").values_list("person", flat=True)) == [
        first.pk, second.pk,
    ]  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
def test_the_cost_does_not_grow_with_targets(place, number, django_assert_num_queries):
    targets = [make_target(f"plan-2011-00{each}") for each in range(number)]
    for target in targets:
        name_department(target, place["named"])
        name_department(target, place["unnamed"], "responsible")
    make_reviewer()

    with django_assert_num_queries(3):
        people_concerned(targets)


OPENS, DUE, CLOSES = NOW - 20 * DAY, NOW + 5 * DAY, NOW + 20 * DAY


def of_round(moment):
    """By user name, what the people with a post are told of a round at that moment."""
    known = set(Notice.objects.values_list("pk", flat=True))
    give_notices(moment)
    rows = Notice.objects.exclude(pk__in=known).values_list("person__username", "kind", "due_at")
    return sorted(rows)


@pytest.fixture
def late():
    """A round in which one department owes a figure and another has reported."""
    department, other = make_department(), make_department(name_zh="省林业厅")
    make_owed_series(department)
    reported = make_owed_series(other)
    for role in DEPARTMENT_ROLES:
        make_post(make_user(f"{role}"), role, department=department)
        make_post(make_user(f"other-{role}"), role, department=other)
    for role in (Role.REVIEWER, Role.LEADER, Role.AUDITOR, Role.STEWARD):
        make_post(make_user(f"{role}"), role)
    make_reviewer("reviewer-elsewhere", make_area("340000"))
    put(reported, 2020, "submitted", by=make_user("author"))
    return make_round(department.area, 2020, opens_at=OPENS, due_at=DUE, closes_at=CLOSES)


def test_of_a_round_whoever_owes_is_told_also_without_e_mail_and_reviewers_when_it_is_late(late):
    moments = [OPENS - DAY, OPENS, OPENS + DAY, DUE - 3 * DAY, DUE - DAY, DUE, DUE + DAY]

    assert [of_round(moment) for moment in moments] == [
        [],
        [("official", "round_opened", DUE)],
        [],
        [("official", "due_soon", DUE)],
        [],
        [("official", "overdue", DUE), ("reviewer", "reports_overdue", DUE)],
        [],
    ]


def given_now():
    return sorted(Notice.objects.given().values_list("person__username", "kind"))


def test_what_nobody_has_seen_gives_way_to_what_is_more_urgent(late):
    of_round(OPENS)
    of_round(DUE)

    assert given_now() == [("official", "overdue"), ("reviewer", "reports_overdue")]


def test_what_was_read_stays_beside_what_is_more_urgent(late):
    of_round(OPENS)
    Notice.objects.update(read_at=OPENS)
    of_round(DUE)

    assert given_now() == [
        ("official", "overdue"),
        ("official", "round_opened"),
        ("reviewer", "reports_overdue"),
    ]


def test_when_nothing_is_owed_or_the_round_has_closed_the_unseen_is_withdrawn(late):
    of_round(DUE)
    of_round(CLOSES)

    assert given_now() == []
    assert set(Notice.objects.values_list("withdrawn_at", flat=True)) == {CLOSES}


def test_what_is_owed_once_more_is_told_again_where_nobody_had_seen_it(late):
    of_round(DUE)
    Notice.objects.update(withdrawn_at=DUE)

    assert of_round(DUE + DAY) == []
    assert given_now() == [("official", "overdue"), ("reviewer", "reports_overdue")]
