"""Which rounds are open, for whom."""

import datetime
from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils import timezone

from indicators.enums import State
from indicators.models import Cell, Round
from targets_site.accounts.access import held_by
from targets_site.accounts.models import User
from targets_site.places.models import Department


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
    """Whether the cell's year is asked for now. What a reviewer returned stays open until it is
    mended and decided on: he asked for it."""
    now = timezone.now()
    asking = Round.objects.of_year(cell.year).filter(area=cell.area.pk)
    # The plain case first: nearly every save comes while a round is open for everybody.
    if asking.open_at(now).exists():
        return True
    excepted = Q(exceptions__department__in=departments, exceptions__until__gt=now)
    if asking.filter(excepted, opens_at__lte=now).exists():
        return True
    after = cell.in_force.number if cell.in_force_id and cell.in_force else 0
    return bool(cell.versions.filter(state=State.RETURNED, number__gt=after).exists())


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
