"""What of an indicator can be looked at: levels of areas, and years with figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from indicators.models import Indicator, Observation, Series
from reports.queries.scopes import Scope
from targets_site.places.models import AreaLevel


@dataclass(frozen=True)
class Offer:
    """levels: those with series, highest first; level: the one shown, None without any; counts:
    its number of figures by year, oldest first, only years with one."""

    levels: Sequence[AreaLevel]
    level: AreaLevel | None
    counts: Mapping[int, int]

    @property
    def reaches_below(self) -> bool:
        """Whether areas below those of the level have series too."""
        return bool(self.levels) and self.level != self.levels[-1]

    @property
    def opening_year(self) -> int | None:
        """The latest year in which most areas have figures: more than half as many as in the
        best year. None without any figure."""
        most = max(self.counts.values(), default=0)
        return max((year for year, count in self.counts.items() if 2 * count > most), default=None)


def series_of(scope: Scope) -> "QuerySet[Series]":
    """Of all areas, or of those below one."""
    if scope.area is None:
        return Series.objects.all()
    return Series.objects.filter(area__in=scope.areas()).exclude(area=scope.area)


def with_levels(scope: Scope) -> "QuerySet[Indicator, Any]":
    """Indicators with a field for each level, whether it has a series there: one query with the
    indicator itself."""
    series = series_of(scope).filter(indicator=OuterRef("pk"))
    return Indicator.objects.annotate(
        **{f"has_{level}": Exists(series.filter(area__level=level)) for level in AreaLevel}
    )


def offer_of(indicator: Indicator, scope: Scope, *, level: str) -> Offer:
    """The level of that name, else the highest one with a series. One query.

    indicator: of `with_levels`.
    """
    levels = [each for each in AreaLevel if getattr(indicator, f"has_{each}")]
    shown = next((each for each in levels if each == level), next(iter(levels), None))
    return Offer(levels, shown, _counts(indicator, scope, shown) if shown else {})


def _counts(indicator: Indicator, scope: Scope, level: AreaLevel) -> dict[int, int]:
    series = series_of(scope).filter(indicator=indicator, area__level=level)
    found = (
        Observation.objects.filter(series__in=series, in_force__value__isnull=False)
        .order_by("year").values_list("year").annotate(count=Count("pk"))
    )  # fmt: skip
    return dict(found)
