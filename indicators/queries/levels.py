"""What targets ask of the series that measure them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from indicators.enums import Nature
from indicators.models import TargetReading
from indicators.queries.sign_figures import as_stated
from indicators.signs.rows import Level
from plans.enums import Comparator, Kind

ONE_SIDED = (Comparator.GE, Comparator.GT, Comparator.LE, Comparator.LT)


def levels_by_series(areas: Collection[int]) -> Mapping[int, list[Level]]:
    """By series id, of the targets in force with a level to reach or to hold and a target year.

    Left out are sums of yearly counts, whose single years are measured against nothing. One query.
    """
    found_rows = (
        TargetReading.objects.in_force()
        .filter(
            series__area__in=areas, target__superseded_at__isnull=True,
            target__kind__in=[Kind.REACH, Kind.HOLD], target__comparator__in=ONE_SIDED,
            target__target_year__isnull=False,
        )
        .exclude(series__indicator__nature=Nature.FLOW)
        .order_by("series", "target__code")
        .values_list(
            "series", "target__code", "target__document", "target__kind", "target__comparator",
            "target__value", "target__stated_decimals", "target__target_year",
            "target__document__start_year", "hold_from",
        )
    )  # fmt: skip
    # Rows without objects: a nation has 600,000 of them.
    by_series: dict[int, list[_Row]] = defaultdict(list)
    for pk, *columns in found_rows:
        by_series[pk].append(_Row._make(columns))
    found: dict[int, list[Level]] = defaultdict(list)
    for pk, some in by_series.items():
        found[pk] = [_level(row, some) for row in some]
    return found


class _Row(NamedTuple):
    """A target with its reading."""

    code: str
    document: int
    kind: str
    comparator: str
    value: Decimal
    decimals: int
    target_year: int
    start_year: int
    hold_from: int | None


def _level(row: _Row, beside: Iterable[_Row]) -> Level:
    first = _hold_from(row, beside) if row.kind == Kind.HOLD else row.target_year
    return Level(
        target=row.code,
        value=as_stated(row.value, row.decimals),
        decimals=row.decimals,
        direction=-1 if row.comparator in {Comparator.LE, Comparator.LT} else 1,
        is_strict=row.comparator in {Comparator.GT, Comparator.LT},
        start_year=row.start_year,
        years=range(first, row.target_year + 1),
    )


def _hold_from(row: _Row, beside: Iterable[_Row]) -> int:
    """As given, else the year after the latest milestone of the document, else its first year."""
    if row.hold_from is not None:
        return row.hold_from
    earlier = [
        each.target_year
        for each in beside
        if each.document == row.document and each.target_year < row.target_year
    ]
    return max(earlier) + 1 if earlier else row.start_year
