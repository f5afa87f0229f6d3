"""How the areas below an area stand."""

from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery, Sum

from indicators.models.tallies import COUNTS
from reports.queries.areas.counted import tally_of_sums
from reports.queries.scopes import Scope
from reports.queries.tallies import Tally
from targets_site.places.models import Area

SHOWN = 20
_AREA = ("code", "name_zh", "name_en")


@dataclass(frozen=True)
class AreaBelow:
    """An area of the level below, with all that is below it."""

    area: Area
    tally: Tally


def below(scope: Scope, goal: int, as_of: int) -> list[AreaBelow]:
    """Those with targets of the goal year (0: without one), by code; the first SHOWN and one more
    where there are more. One query."""
    seen = Q(as_of=as_of) | Q(is_last=True, as_of__lt=as_of)
    found = (
        scope.tallies().filter(seen, goal_year=goal).exclude(area=scope.area)
        .values_list("child")
        .annotate(**{f"area_{name}": _of_area(name) for name in _AREA})
        .annotate(**{f"sum_{name}": Sum(name) for name in COUNTS})
        .order_by("area_code")[: SHOWN + 1]
    )  # fmt: skip
    return [_area_below(*row) for row in found]


def _of_area(name: str) -> Subquery:
    return Subquery(Area.objects.filter(pk=OuterRef("child")).values(name))


def _area_below(pk: int, code: str, name_zh: str, name_en: str, *sums: int) -> AreaBelow:
    area = Area(pk=pk, code=code, name_zh=name_zh, name_en=name_en)
    return AreaBelow(area, tally_of_sums(dict(zip(COUNTS, sums, strict=True))))
