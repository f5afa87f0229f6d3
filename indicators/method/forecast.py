"""Where the last segment leads if it goes on as it did: a straight line with its interval.

No verdict looks at it. Source: METHOD.md, "Forecast".
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache

from indicators.method.reading import BOUNDS
from indicators.method.rows import ObservationRow

FEWEST_FIGURES = 4
COVERED = 0.8
_PLACES = 4
_WIDE = Context(prec=60)


@dataclass(frozen=True)
class ForecastYear:
    """One year: the line and the ends of its 80 % prediction interval, in the unit of the
    figures, within the unit's range, rounded half-even to 4 places."""

    year: int
    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Forecast:
    """years: as they were asked for. rests_on: the years of the figures behind it, oldest first."""

    years: tuple[ForecastYear, ...]
    rests_on: tuple[int, ...]


@dataclass(frozen=True)
class _Line:
    """y = middle + slope · (x − centre) through n points; exact.

    spread: Σ(x − centre)². rest: Σ of the squared distances from the line.
    """

    n: int
    centre: Fraction
    middle: Fraction
    slope: Fraction
    spread: Fraction
    rest: Fraction

    def at(self, year: int) -> Fraction:
        return self.middle + self.slope * (year - self.centre)

    def variance_at(self, year: int) -> Fraction:
        """Of a further figure about the line: s²·(1 + 1/n + (x − x̄)²/Sxx), s² = rest/(n − 2)."""
        share = 1 + Fraction(1, self.n) + (year - self.centre) ** 2 / self.spread
        return self.rest / (self.n - 2) * share


def forecast(
    observations: Iterable[ObservationRow],
    *,
    years: Sequence[int],
    smallest: Decimal | None = None,
    largest: Decimal | None = None,
) -> Forecast | None:
    """Least squares through the last segment, with an 80 % prediction interval for each year.

    observations: the rows of one series up to the as-of year, any order. Only exact and about
    figures from the latest break on are points of the line: a bounded one is an interval. Of a
    flow they are the counts of single years. smallest, largest: what the figures can be.

    None with fewer than 4 such figures.
    """
    figures = _points(observations)
    if len(figures) < FEWEST_FIGURES:
        return None
    line = _fit(figures)
    quantile = Decimal(t_quantile(len(figures) - 2))
    limits = smallest, largest
    return Forecast(
        years=tuple(_project(line, year, quantile=quantile, limits=limits) for year in years),
        rests_on=tuple(year for year, _value in figures),
    )


def outlook(of_year: ForecastYear, judge: Callable[[Decimal], str]) -> str:
    """What `judge` (met, short or open) says of both ends of the interval; open where they differ.

    It judges the rounded figures that are shown, so that the words never gainsay them.
    """
    ends = {judge(of_year.low), judge(of_year.high)}
    return ends.pop() if len(ends) == 1 else "open"


def _points(observations: Iterable[ObservationRow]) -> list[tuple[int, Decimal]]:
    rows = sorted((row for row in observations if row.value is not None), key=lambda row: row.year)
    first = max((row.year for row in rows if "B" in row.obs_status), default=0)
    return [
        (row.year, row.value)
        for row in rows
        if row.value is not None and row.year >= first and row.bound not in BOUNDS
    ]


def _fit(figures: Sequence[tuple[int, Decimal]]) -> _Line:
    n = len(figures)
    points = [(Fraction(year), Fraction(value)) for year, value in figures]
    centre, middle = _sum(x for x, _y in points) / n, _sum(y for _x, y in points) / n
    spread = _sum((x - centre) ** 2 for x, _y in points)
    slope = _sum((x - centre) * (y - middle) for x, y in points) / spread
    rest = _sum((y - middle - slope * (x - centre)) ** 2 for x, y in points)
    return _Line(n, centre, middle, slope, spread, rest)


def _sum(terms: Iterable[Fraction]) -> Fraction:
    return sum(terms, Fraction())


def _project(
    line: _Line, year: int, *, quantile: Decimal, limits: tuple[Decimal | None, Decimal | None]
) -> ForecastYear:
    value = _exact(line.at(year))
    margin = _WIDE.multiply(quantile, _WIDE.sqrt(_exact(line.variance_at(year))))
    shown = (
        _within(_rounded(each), limits)
        for each in (value, _WIDE.subtract(value, margin), _WIDE.add(value, margin))
    )
    return ForecastYear(year, *shown)


def _exact(value: Fraction) -> Decimal:
    """To 60 digits."""
    return _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))


def _within(value: Decimal, limits: tuple[Decimal | None, Decimal | None]) -> Decimal:
    smallest, largest = limits
    if smallest is not None and value < smallest:
        return smallest
    return largest if largest is not None and value > largest else value


def _rounded(value: Decimal) -> Decimal:
    """Half-even to 4 places, without trailing zeros."""
    return value.quantize(Decimal(1).scaleb(-_PLACES), context=_WIDE).normalize(_WIDE)


@lru_cache(maxsize=256)
def t_quantile(freedom: int) -> float:
    """t of Student's distribution that a value stays within, either way, in 80 % of all cases.

    freedom: degrees of freedom, 1 or more. Exact to the last digits of a float: the share within
    t is a finite sum in θ = atan(t/√freedom) and grows with θ, so halving finds it.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
    """
    low, high = 0.0, math.pi / 2
    for _step in range(60):
        middle = (low + high) / 2
        if _share_within(middle, freedom) < COVERED:
            low = middle
        else:
            high = middle
    return math.sqrt(freedom) * math.tan(low)


def _share_within(theta: float, freedom: int) -> float:
    """A(t | freedom), the share of cases between −t and t."""
    squared = math.cos(theta) ** 2
    if freedom % 2 == 0:
        term = total = 1.0
        for k in range(1, freedom // 2):
            term *= squared * (2 * k - 1) / (2 * k)
            total += term
        return math.sin(theta) * total
    term = total = math.cos(theta) if freedom > 1 else 0.0
    for k in range(1, (freedom - 1) // 2):
        term *= squared * (2 * k) / (2 * k + 1)
        total += term
    return 2 / math.pi * (theta + math.sin(theta) * total)
