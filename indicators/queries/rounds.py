"""Which rounds are open, for whom."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from indicators.models import Cell, Round, returned_by_reviewer
from targets_site.accounts.access import held_by
from targets_site.accounts.models import User
from targets_site.built_once import BuiltOnce, Given
from targets_site.places.models import Department


def asks(round_id: int, *, area_id: int, year: int) -> bool:
    """Whether there is such a round, of the area and for the year."""
    return bool(ASKING.rows(round=round_id, area=area_id, year=year))


def _asking() -> "QuerySet[Round, Any]":
    given = {name: Given(name, models.IntegerField()) for name in ("round", "area", "year")}
    rounds = Round.objects.of_year(given["year"])
    return rounds.filter(pk=given["round"], area=given["area"]).order_by().values_list("pk")


ASKING = BuiltOnce(_asking)


def _open_for_all() -> "QuerySet[Round, Any]":
    rounds = Round.objects.of_year(Given("year", models.IntegerField()))
    of_area = rounds.filter(area=Given("area", models.IntegerField()))
    return of_area.open_at(Given("now", models.DateTimeField())).order_by().values_list("pk")


OPEN_FOR_ALL = BuiltOnce(_open_for_all)


def open_rounds(
    *, area_id: int, departments: Collection[int], moment: datetime.datetime | None = None
) -> QuerySet[Round]:
    """Rounds of the area in which the departments may enter now: between opening and closing, or
    by an exception that has not ended."""
    now = moment or timezone.now()
    excepted = Q(exceptions__department__in=departments, exceptions__until__gt=now)
    return Round.objects.filter(
        Q(closes_at__gt=now) | excepted, area=area_id, opens_at__lte=now
    ).distinct()


def is_open(cell: Cell, *, departments: Collection[int]) -> bool:
    """Whether the cell's year is asked for now.

    What a reviewer returned stays open until it is mended and decided on: he asked for it. What
    the department's own signer returned does not, also where the official had sent it in time:
    the department has not handed it in, and could else put off the closing by itself. It asks for
    an exception.
    """
    now = timezone.now()
    # The plain case first: nearly every save comes while a round is open for everybody.
    if OPEN_FOR_ALL.rows(year=cell.year, area=cell.area.pk, now=now):
        return True
    asking = Round.objects.of_year(cell.year).filter(area=cell.area.pk)
    excepted = Q(exceptions__department__in=departments, exceptions__until__gt=now)
    if asking.filter(excepted, opens_at__lte=now).exists():
        return True
    after = cell.in_force.number if cell.in_force_id and cell.in_force else 0
    return bool(cell.versions.filter(returned_by_reviewer(), number__gt=after).exists())


def open_rounds_of(user: User) -> list[Round]:
    """The rounds in which the person's departments may enter now, the next due first."""
    entered = held_by(user).entered
    areas = Department.objects.filter(pk__in=entered).values_list("area_id", flat=True)
    now = timezone.now()
    excepted = Q(exceptions__department__in=entered, exceptions__until__gt=now)
    rounds = Round.objects.filter(
        Q(closes_at__gt=now) | excepted, area__in=set(areas), opens_at__lte=now
    ).distinct()
    return list(
        rounds.select_related("area").prefetch_related("year_rows").order_by("due_at", "pk")
    )
