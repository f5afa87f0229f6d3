"""What small multiples show, and the one scale that those of a group share."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Protocol

from django.utils.translation import gettext

# Rates are read by their distance from a level, so their axis may start above 0; counts by size.
RATES = frozenset({"%", "index"})
SMALL_RATE = Decimal(10)
BOUND_SIGNS = {"at_least": "≥ ", "at_most": "≤ ", "about": "≈ "}


class Stated(Protocol):
    """A figure as it was printed."""

    @property
    def stated(self) -> str: ...

    @property
    def bound(self) -> str: ...


def stated_with_bound(figure: Stated) -> str:
    """As printed, with the sign of its bound: ≥ 96.50."""
    return BOUND_SIGNS.get(figure.bound, "") + figure.stated


class DrawnFigure(Stated, Protocol):
    """A yearly figure with a value; `reports.queries.rows.YearFigure` is one."""

    @property
    def year(self) -> int: ...

    @property
    def value(self) -> Decimal: ...

    @property
    def is_break(self) -> bool: ...

    @property
    def is_hollow(self) -> bool: ...


@dataclass(frozen=True)
class Level:
    """A level that a target or milestone promises, in the unit of the figures.

    label: as it is printed at its line, such as "≥ 98". year: None for one without a year.
    """

    value: Decimal
    label: str
    year: int | None = None

    @property
    def said(self) -> str:
        """With its year."""
        if self.year is None:
            return self.label
        return gettext("%(level)s, %(year)s") % {"level": self.label, "year": self.year}


@dataclass(frozen=True)
class Multiple:
    """What one small multiple shows. points: oldest first, at most one a year."""

    points: Sequence[DrawnFigure]
    target: Level | None = None
    milestones: Sequence[Level] = ()

    @property
    def levels(self) -> list[Level]:
        return [*self.milestones, *([self.target] if self.target else [])]


@dataclass(frozen=True)
class SharedScale:
    """The same years and the same values for each multiple of a group, all in one unit.

    label_length: characters of the longest label of a target, which all leave the same room for.
    """

    unit: str
    first_year: int
    last_year: int
    low: Decimal
    high: Decimal
    label_length: int = 0

    @property
    def starts_above_zero(self) -> bool:
        """Whether the axis leaves 0 out, which the reader must be told."""
        return self.low > 0


def shared_scale(multiples: Iterable[Multiple], *, unit: str) -> SharedScale | None:
    """From the first to the last year, and round ends around every figure and level.

    None where no multiple has a figure or a level with a year.
    """
    group = list(multiples)
    values = [value for each in group for value in _values(each)]
    years = [year for each in group for year in _years(each)]
    if not values or not years:
        return None
    low, high = _ends(min(values), max(values), unit)
    return SharedScale(
        unit=unit,
        first_year=min(years),
        last_year=max(years),
        low=low,
        high=high,
        label_length=max((len(each.target.label) for each in group if each.target), default=0),
    )


def _values(multiple: Multiple) -> Iterator[Decimal]:
    yield from (point.value for point in multiple.points)
    yield from (level.value for level in multiple.levels)


def _years(multiple: Multiple) -> Iterator[int]:
    yield from (point.year for point in multiple.points)
    yield from (level.year for level in multiple.levels if level.year)


def _ends(lowest: Decimal, highest: Decimal, unit: str) -> tuple[Decimal, Decimal]:
    """Round values below and above, with 0 among them unless rates lie far from it."""
    if unit not in RATES or lowest <= max(highest / 2, SMALL_RATE):
        lowest, highest = min(lowest, Decimal(0)), max(highest, Decimal(0))
    span = max(highest - lowest, abs(highest) / 50) or Decimal(3)
    step = _step(span)
    low = (lowest / step).to_integral_value(ROUND_FLOOR) * step
    high = (highest / step).to_integral_value(ROUND_CEILING) * step
    if low == high:
        low, high = low - (step if low else 0), high + step
    if unit == "%" and highest <= 100:
        high = min(high, Decimal(100))
    return low, high


def _step(span: Decimal) -> Decimal:
    """A half, one or two of the span's leading decimal place, so that two to five fit into it."""
    place = Decimal(1).scaleb(span.adjusted())
    leading = span / place
    if leading <= 2:
        return place / 2
    return place if leading <= 5 else 2 * place
