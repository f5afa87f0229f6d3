"""What the posts of today concern: departments with their predecessors, and areas."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from targets_site.accounts.access import (
    DirectlyEntered,
    Held,
    entered_among,
    held_by,
    signers_of,
    with_predecessors,
    with_successors,
)
from targets_site.accounts.models import Role
from targets_site.places.models import Department
from tests.factories import make_area, make_department, make_post, make_user

pytestmark = pytest.mark.django_db
# Two days, so that midnight may pass while the tests run.
NOT_HELD = [
    pytest.param({"to_date": timezone.localdate() - timedelta(2)}, id="ended"),
    pytest.param({"from_date": timezone.localdate() + timedelta(2)}, id="not-begun"),
    pytest.param({"granted_at": None}, id="asked"),
]


def powerset(items):
    return itertools.chain(*(itertools.combinations(items, size) for size in range(1, 5)))


def succeed(department, successor):
    Department.objects.filter(pk=department.pk).update(successor=successor)


@pytest.fixture
def chain():
    """Three departments, each of which took the place of the one before; and one beside them."""
    first, second, third, other = (
        make_department(name_zh=name)
        for name in ("省农业厅", "省农业委", "省农业农村厅", "省林业厅")
    )
    succeed(first, second)
    succeed(second, third)
    return first, second, third, other


def ids(*places):
    return frozenset(each.pk for each in places)


def among(departments):
    return Department.objects.filter(pk__in=departments).values_list("pk", flat=True)


@pytest.mark.parametrize(
    ("role", "concerns"),
    [
        (Role.OFFICIAL, "entered"),
        (Role.SIGNER, "signed"),
        (Role.REVIEWER, "reviewed"),
        (Role.AUDITOR, "audited"),
        (Role.STEWARD, "stewarded"),
        (Role.LEADER, None),
        (Role.SYSTEM_ADMIN, None),
        (Role.SECURITY_ADMIN, None),
        (Role.AUDIT_ADMIN, None),
    ],
)
def test_a_post_concerns_one_thing(role, concerns):
    department, user = make_department(), make_user()
    needs = department if role in {Role.OFFICIAL, Role.SIGNER} else None
    make_post(user, role, department.area, needs)

    found = ids(department) if needs else ids(department.area)
    assert held_by(user) == Held(**({concerns: found} if concerns else {}))


def test_posts_add_up(chain):
    first, _second, _third, other = chain
    far, user = make_area("980000"), make_user()
    make_post(user, Role.OFFICIAL, department=first)
    make_post(user, Role.OFFICIAL, department=other)
    make_post(user, Role.SIGNER, department=other)
    make_post(user, Role.REVIEWER, far)

    held = held_by(user)

    assert held == Held(entered=ids(first, other), signed=ids(other), reviewed=ids(far))
    assert held.departments == ids(first, other)


@pytest.mark.parametrize("fields", NOT_HELD)
@pytest.mark.parametrize("role", Role.values)
def test_what_is_not_held_today_concerns_nothing(role, fields):
    department, user = make_department(), make_user()
    needs = department if role in {Role.OFFICIAL, Role.SIGNER} else None
    make_post(user, role, department.area, needs, **fields)

    assert held_by(user) == Held()


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.SIGNER, Role.REVIEWER, Role.AUDITOR])
def test_an_account_that_is_closed_holds_nothing(role):
    department, user = make_department(), make_user(is_active=False)
    needs = department if role in {Role.OFFICIAL, Role.SIGNER} else None
    make_post(user, role, department.area, needs)

    assert held_by(user) == Held()


def test_posts_of_others_concern_them_alone():
    make_post(make_user("li"), Role.REVIEWER)

    assert held_by(make_user("wang")) == Held()


def test_the_departments_that_were_succeeded_come_along(chain):
    first, second, third, _other = chain
    user = make_user()
    make_post(user, Role.OFFICIAL, department=third)
    make_post(user, Role.SIGNER, department=second)

    assert held_by(user) == Held(entered=ids(first, second, third), signed=ids(first, second))


def test_predecessors_and_successors(chain):
    first, second, third, other = chain

    assert with_predecessors([second.pk]) == ids(first, second)
    assert with_predecessors([third.pk, other.pk]) == ids(first, second, third, other)
    assert with_successors([second.pk]) == ids(second, third)
    assert with_successors([first.pk, other.pk]) == ids(first, second, third, other)
    assert with_predecessors([]) == with_successors([]) == frozenset()


def test_departments_in_a_circle_end(chain):
    first, second, third, _other = chain
    succeed(third, first)

    assert with_predecessors([first.pk]) == ids(first, second, third)
    assert with_successors([first.pk]) == ids(first, second, third)


# Those among the departments that report something


def test_entered_among_the_departments_that_report(chain):
    _first, _second, third, other = chain
    user = make_user()
    make_post(user, Role.OFFICIAL, department=third)

    assert entered_among(user, among(ids(third, other))) == ids(third)
    assert entered_among(user, among(ids(other))) == frozenset()
    assert entered_among(user, among([])) == frozenset()


def test_entered_among_departments_that_no_longer_exist(chain):
    """With what took the place of the one that reports, and nothing else."""
    first, second, third, other = chain
    user = make_user()
    make_post(user, Role.OFFICIAL, department=third)
    make_post(user, Role.OFFICIAL, department=other)

    assert entered_among(user, among(ids(first))) == ids(first, second, third)
    assert entered_among(user, among(ids(second))) == ids(second, third)


def test_entered_among_by_a_post_in_a_department_that_no_longer_exists(chain):
    first, second, _third, _other = chain
    user = make_user()
    make_post(user, Role.OFFICIAL, department=first)

    assert entered_among(user, among(ids(first))) == ids(first)
    assert entered_among(user, among(ids(second))) == frozenset()


def test_entered_among_by_posts_in_the_old_department_and_in_the_one_of_today(chain):
    """More time that the one of today was given counts for what the old one reported."""
    first, second, third, _other = chain
    user = make_user()
    make_post(user, Role.OFFICIAL, department=first)
    make_post(user, Role.OFFICIAL, department=third)

    assert entered_among(user, among(ids(first))) == ids(first, second, third)


@pytest.mark.parametrize("fields", NOT_HELD)
def test_entered_among_by_posts_of_today_only(fields):
    department, user = make_department(), make_user()
    make_post(user, Role.OFFICIAL, department=department, **fields)
    make_post(user, Role.SIGNER, department=department)

    assert entered_among(user, among(ids(department))) == frozenset()


@pytest.mark.parametrize("is_active", [True, False])
def test_who_enters_directly_has_an_account_in_use(is_active, django_assert_num_queries):
    department, user = make_department(), make_user(is_active=is_active)
    make_post(user, Role.OFFICIAL, department=department)
    directly = DirectlyEntered(lambda: Department.objects.values("pk"))

    with django_assert_num_queries(1):
        found = directly(user)

    assert found == (ids(department) if is_active else None)


@pytest.mark.parametrize("entered", [(), *powerset(range(4))])
@pytest.mark.parametrize("reporting", list(powerset(range(4))))
def test_who_enters_directly_enters_by_the_whole_rule_too(chain, entered, reporting):
    """Where the short question gives an answer; else the whole rule is asked."""
    user = make_user()
    for number in entered:
        make_post(user, Role.OFFICIAL, department=chain[number])
    asked = ids(*(chain[number] for number in reporting))
    directly = DirectlyEntered(lambda: among(asked))

    found = directly(user)

    whole = entered_among(user, among(asked))
    assert found is None or found == whole
    alive = {2, 3}
    assert (found is not None) == (set(reporting) <= set(entered) & alive)


# Signers


def test_a_signer_signs_for_what_his_department_succeeded(chain):
    first, second, third, other = chain
    make_post(make_user(), Role.SIGNER, department=second)

    ids = [each.pk for each in (first, second, third, other)]
    found = [[len(people) for people in signers_of([pk]).values()] for pk in ids]

    assert found == [[1], [1], [0], [0]]
    assert list(signers_of([third.pk, first.pk])) == [third.pk, first.pk]


@pytest.mark.parametrize("fields", NOT_HELD)
def test_who_is_no_signer_today_is_not_waited_for(fields):
    department = make_department()
    make_post(make_user(), Role.SIGNER, department=department, **fields)
    make_post(make_user("li"), Role.OFFICIAL, department=department)

    assert signers_of([department.pk]) == {department.pk: frozenset()}


def test_an_account_that_is_closed_signs_nothing():
    department = make_department()
    signer, former = make_user("signer"), make_user("former", is_active=False)
    make_post(signer, Role.SIGNER, department=department)
    make_post(former, Role.SIGNER, department=department)

    assert signers_of([department.pk]) == {department.pk: {signer.pk}}


# What it costs


@pytest.mark.parametrize("number", [1, 5])
def test_the_cost_does_not_grow_with_posts(number, django_assert_num_queries):
    user = make_user()
    for nth in range(number):
        department = make_department(name_zh=f"省第{nth}厅")
        make_post(user, Role.OFFICIAL, department=department)
        make_post(user, Role.SIGNER, department=department)

    # Posts, and who was succeeded by the departments entered and signed for.
    with django_assert_num_queries(3):
        assert len(held_by(user).entered) == number
