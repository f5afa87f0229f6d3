"""Which pages open without login, and which posts a person holds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils import timezone

from targets_site.accounts.models import Post, Role, User
from targets_site.built_once import BuiltOnce, Given
from targets_site.places.models import Department

View = Callable[..., HttpResponseBase]


class NotAllowed(Exception):
    """The person holds no post for this, or did the earlier step himself."""


def reading_page(view: View) -> View:
    """Mark a view that OPEN_READING shows without login."""
    view.is_reading_page = True  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True)
class Held:
    """What a person's posts of today concern: ids of departments and areas.

    entered, signed: with the departments that they succeeded, since documents name some that no
    longer exist.
    """

    entered: frozenset[int] = frozenset()
    signed: frozenset[int] = frozenset()
    reviewed: frozenset[int] = frozenset()
    audited: frozenset[int] = frozenset()
    stewarded: frozenset[int] = frozenset()

    @property
    def departments(self) -> frozenset[int]:
        """Departments whose unpublished work the person sees."""
        return self.entered | self.signed


def held_by(user: User) -> Held:
    """Nothing where the account is disabled: work that was asked for before is done later."""
    held_today = Post.objects.of_user(user).today().filter(user__is_active=True)
    posts = list(held_today.values_list("role", "department_id", "area_id"))

    def departments(role: Role) -> frozenset[int]:
        return with_predecessors({pk for held, pk, _area in posts if held == role and pk})

    def areas(role: Role) -> frozenset[int]:
        return frozenset(area for held, _pk, area in posts if held == role)

    return Held(
        entered=departments(Role.OFFICIAL),
        signed=departments(Role.SIGNER),
        reviewed=areas(Role.REVIEWER),
        audited=areas(Role.AUDITOR),
        stewarded=areas(Role.STEWARD),
    )


def entered_among(user: User, departments: Iterable[int]) -> frozenset[int]:
    """Those of the departments for which the person enters today, with what took their place;
    empty where there is none."""
    entered = held_by(user).entered
    return entered & with_successors(entered & frozenset(departments))


class DirectlyEntered:
    """Asks whether a person with an account in use enters today for all of some departments by
    posts of his own, and none of them was succeeded: nearly always so, and then enough.

    departments: ids, as a query with `Given` values.
    """

    def __init__(self, departments: "Callable[[], QuerySet[Any, int]]") -> None:
        self.departments = departments
        self.query = BuiltOnce(self._asked)

    def __call__(self, user: User, **given: Any) -> frozenset[int] | None:
        """Ids of the departments; None where only the whole rule tells (`entered_among`)."""
        rows = self.query.rows(user=user.pk, day=timezone.localdate(), **given)
        is_plain = all(is_own and successor is None for _pk, successor, is_own in rows)
        return frozenset(pk for pk, _successor, _is_own in rows) if rows and is_plain else None

    def _asked(self) -> "QuerySet[Department, Any]":
        own = Post.objects.on(Given("day", models.DateField())).filter(
            user=Given("user", models.IntegerField()),
            user__is_active=True,
            role=Role.OFFICIAL,
            department=models.OuterRef("pk"),
        )
        return (
            Department.objects.filter(pk__in=self.departments())
            .order_by()
            .values_list("pk", "successor_id", models.Exists(own))
        )


def with_predecessors(departments: Iterable[int]) -> frozenset[int]:
    """The departments and all that they succeeded."""
    found = newest = frozenset(departments)
    while newest:
        before = Department.objects.filter(successor__in=newest).values_list("pk", flat=True)
        newest = frozenset(before) - found
        found |= newest
    return found


def with_successors(departments: Iterable[int]) -> frozenset[int]:
    """The departments and all that took their place."""
    found = newest = frozenset(departments)
    while newest:
        after = Department.objects.filter(pk__in=newest, successor__isnull=False)
        newest = frozenset(after.values_list("successor_id", flat=True)) - found
        found |= newest
    return found


def signers_of(departments: Iterable[int]) -> dict[int, frozenset[int]]:
    """By department, in the order given, ids of those who sign today for it or for what took its
    place; empty where nobody does."""
    posts = Post.objects.today().filter(role=Role.SIGNER, user__is_active=True)
    return {
        pk: frozenset(
            posts.filter(department__in=with_successors([pk])).values_list("user_id", flat=True)
        )
        for pk in departments
    }
