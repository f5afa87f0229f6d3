"""What narrows a table to some of its rows: by area, domain and document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from indicators.models import TargetReading
from targets_site.places.models import Area

Filter = Callable[[Any], Q]
Filters = Mapping[str, Filter]


@dataclass(frozen=True)
class AreaChosen:
    """One area by its code; with all areas below it where `below`."""

    code: str
    below: bool = False


def in_area(lookup: str) -> Filter:
    """lookup: from a row to its area."""

    def chosen(area: AreaChosen) -> Q:
        if not area.below:
            return Q(**{f"{lookup}__code": area.code})
        # Province, prefecture, county: nothing lies deeper than two below.
        parts = Q(code=area.code) | Q(parent__code=area.code) | Q(parent__parent__code=area.code)
        return Q(**{f"{lookup}__in": Area.objects.filter(parts).order_by().values("pk")})

    return chosen


def of_target(target: str = "") -> Filters:
    """target: the lookup from a row to its target, ending in `__`; empty where the row is one."""
    return {
        "area": in_area(f"{target}area"),
        "domain": lambda code: Q(**{f"{target}domain__code": code}),
        "document": lambda slug: Q(**{f"{target}document__slug": slug}),
    }


def of_series(series: str) -> Filters:
    """Figures have neither domain nor document: those are meant that a target in force of the
    domain or document is measured with.

    series: the lookup from a row to its series.
    """

    def measured(**target: str) -> Q:
        readings = TargetReading.objects.filter(
            superseded_at__isnull=True, target__superseded_at__isnull=True, **target
        )
        return Q(**{f"{series}__in": readings.order_by().values("series")})

    return {
        "area": in_area(f"{series}__area"),
        "domain": lambda code: measured(target__domain__code=code),
        "document": lambda slug: measured(target__document__slug=slug),
    }
