"""What of an indicator can be looked at: levels of areas, and years with figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from indicators.models import Indicator, Series
from reports.queries.scopes import Scope
from targets_site.places.models import AreaLevel


@dataclass(frozen=True)
class Offer:
    """counts: by level, highest first, the number of figures by year, oldest first; a level whose
    series have no figure is there without a year."""

    counts: Mapping[AreaLevel, Mapping[int, int]]

    @property
    def levels(self) -> list[AreaLevel]:
        return list(self.counts)

    def level_named(self, name: str) -> AreaLevel | None:
        """The one of that name, else the highest; None without any series."""
        return next((each for each in self.levels if each == name), next(iter(self.levels), None))

    def reaches_below(self, level: AreaLevel | None) -> bool:
        """Whether areas below those of the level have series too."""
        return bool(self.levels) and level != self.levels[-1]

    def years(self, level: AreaLevel | None) -> list[int]:
        """Oldest first, those with a figure only."""
        return list(self.counts[level]) if level else []

    def opening_year(self, level: AreaLevel | None) -> int | None:
        """The latest year in which most areas have figures: more than half as many as in the
        best year. None without any figure."""
        counts = self.counts[level] if level else {}
        most = max(counts.values(), default=0)
        return max((year for year, count in counts.items() if 2 * count > most), default=None)


def offer_of(indicator: Indicator, scope: Scope) -> Offer:
    """Of all areas, or of those below one. One query."""
    series = Series.objects.filter(indicator=indicator)
    if scope.area is not None:
        series = series.filter(area__in=scope.areas()).exclude(area=scope.area)
    found = (
        series.order_by("observations__year").values_list("area__level", "observations__year")
        .annotate(known=Count("pk", filter=Q(observations__in_force__value__isnull=False)))
    )  # fmt: skip
    return Offer(_by_level(list(found)))


def _by_level(
    found: Sequence[tuple[str, int | None, int]],
) -> dict[AreaLevel, dict[int, int]]:
    there = {level for level, _year, _count in found}
    return {
        each: {
            year: count for level, year, count in found if level == each and year and count
        }
        for each in AreaLevel
        if each in there
    }  # fmt: skip
