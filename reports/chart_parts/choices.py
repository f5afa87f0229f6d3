"""What the big chart shows and how, for both of its drawings: Plotly's and the server's SVG."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal

from reports.chart_parts.marks import ACCENT, RED
from reports.figure_rows import ChartForecast, ChartPoint, TargetFigureRows
from targets_site.figures import decimals_of, plain

# A single year of a forecast has no length: its band is so wide on either side of it.
HALF_A_YEAR_ALONE = 0.3
MOST_VALUE_TICKS = 6
_NICE = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


def with_gaps(rows: TargetFigureRows) -> Iterable[tuple[int, ChartPoint | None]]:
    """Each year between the first and last figure; a break also interrupts the line."""
    by_year = {point.year: point for point in rows.points}
    if not by_year:
        return
    for year in range(min(by_year), max(by_year) + 1):
        if year in rows.breaks and year - 1 in by_year:
            yield year, None
        yield year, by_year.get(year)


def symbol_of(point: ChartPoint | None) -> str:
    """Shape before colour: an arrow for a bound, a square for a breach, hollow if not firm."""
    if point is None:
        return "circle"
    shape = {"at_least": "triangle-up", "at_most": "triangle-down"}.get(
        point.bound, "square" if point.is_breach else "circle"
    )
    return f"{shape}-open" if point.is_hollow else shape


def size_of(point: ChartPoint | None) -> int:
    """Height of the marker in pixels."""
    return 13 if point and point.bound in {"at_least", "at_most"} else 9


def colour_of(point: ChartPoint | None) -> str:
    return RED if point and point.is_breach else ACCENT


def value_range(rows: TargetFigureRows) -> tuple[Decimal, Decimal]:
    """Lowest and highest value of the axis: from zero for counts, else what is drawn with some
    room around it, and never far outside what is possible."""
    drawn = _drawn_values(rows)
    low, high = (min(drawn), max(drawn)) if drawn else (Decimal(0), Decimal(1))
    room = max((high - low) * Decimal("0.22"), abs(high) * Decimal("0.005"), Decimal("0.1"))
    smallest, largest = rows.y_limits
    bottom = Decimal(0) if rows.starts_at_zero and low >= 0 else low - room
    # A count of none still has a scale to stand on.
    top = Decimal(1) if rows.starts_at_zero and low == high == 0 else high + room
    if smallest is not None:
        bottom = max(bottom, min(smallest, low))
    if largest is not None:
        # A marker on the limit stays whole, and its value readable above it.
        top = min(top, max(largest, high) + room / 2)
    return bottom, top


def _drawn_values(rows: TargetFigureRows) -> list[Decimal]:
    drawn = [point.value for point in rows.points] + [value for _year, value in rows.path]
    drawn += [mark.value for mark in rows.milestones]
    drawn += [level.value for level in (rows.level, rows.other_level) if level]
    return drawn + [end for each in rows.fan for end in (each.low, each.high)]


def value_ticks(rows: TargetFigureRows) -> list[tuple[Decimal, str]]:
    """At most six round values of the axis, each with its label; none that cannot be reached."""
    low, high = value_range(rows)
    largest = rows.y_limits[1]
    step = _nice_step((high - low) / (MOST_VALUE_TICKS - 1))
    if rows.starts_at_zero and all(v == v.to_integral_value() for v in _drawn_values(rows)):
        step = max(step, Decimal(1))
    first = (low / step).to_integral_value(ROUND_CEILING) * step
    ticks = [first + step * at for at in range(MOST_VALUE_TICKS)]
    decimals = decimals_of(step.normalize())
    sign = "%" if rows.unit == "%" else ""
    return [
        (tick, f"{plain(tick, decimals=decimals)}{sign}")
        for tick in ticks
        if tick <= high and (largest is None or tick <= largest)
    ]


def _nice_step(least: Decimal) -> Decimal:
    """The smallest of 1, 2, 5 times a power of ten that is not smaller."""
    power = Decimal(1).scaleb(least.adjusted())
    return next(nice * power for nice in _NICE if nice * power >= least)


def year_ticks(years: Sequence[int], *, most: int) -> list[int]:
    """At most so many years, evenly apart, and always the last one."""
    stride = max(1, -(-len(years) // most))
    return list(years[(len(years) - 1) % stride :: stride])


def fan_ends(rows: TargetFigureRows) -> list[tuple[float, ChartForecast]]:
    """The places on the axis of years between which the band of the forecast runs, oldest first;
    a single year has two."""
    wider = HALF_A_YEAR_ALONE if len(rows.fan) == 1 else 0
    shifts = [-wider, wider] if wider else [0]
    return [(rows.place(each.year) + shift, each) for each in rows.fan for shift in shifts]


def level_starts_at(rows: TargetFigureRows) -> float:
    """The left end of the target's line: of the axis, or of the years in which it is held."""
    if rows.level is None or rows.band is None:
        return -0.6
    return rows.place(rows.level.from_year) - 0.5


def starts_above_zero(rows: TargetFigureRows) -> bool:
    return value_range(rows)[0] > 0
