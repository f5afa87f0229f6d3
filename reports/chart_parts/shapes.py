"""The tints and lines of the Plotly figure that are no data: band, breaches, levels, breaks."""

from decimal import Decimal

from reports.chart_parts.choices import level_starts_at
from reports.chart_parts.fan import fan_band
from reports.chart_parts.frame import Frame
from reports.chart_parts.marks import GREEN_TINT, INK, MUTED, RED_TINT, line, rectangle
from reports.figure_rows import TargetFigureRows


def shapes(frame: Frame) -> list[dict[str, object]]:
    rows = frame.rows
    return [*_bands(frame), *fan_band(rows), *_level_lines(rows), *_break_lines(frame)]


def _bands(frame: Frame) -> list[dict[str, object]]:
    """The side on which the figures should stay, and each year that left it."""
    rows = frame.rows
    low, high = frame.range
    found: list[dict[str, object]] = []
    if rows.band:
        found.append(
            rectangle(
                rows.place(rows.band.from_year) - 0.5,
                rows.place(rows.band.to_year) + 0.5,
                float(rows.band.value),
                float(low if rows.band.less_is_better else high),
                GREEN_TINT,
            )
        )
    for point in rows.points:
        if point.is_breach:
            place = rows.place(point.year)
            found.append(rectangle(place - 0.5, place + 0.5, float(low), float(high), RED_TINT))
    return found


def _level_lines(rows: TargetFigureRows) -> list[dict[str, object]]:
    """The target from edge to edge, what it was at first as a thin line, and each milestone as
    a thin mark at its year."""
    right = len(rows.years) - 0.4
    found = []
    if rows.other_level:
        found.append(_level((-0.6, right), rows.other_level.value, MUTED, 1))
    if rows.level:
        found.append(_level((level_starts_at(rows), right), rows.level.value, INK, 1.5))
    for mark in rows.milestones:
        place = rows.place(mark.year)
        found.append(_level((place - 0.35, place + 0.35), mark.value, INK, 1))
    return found


def _level(
    ends: tuple[float, float], value: Decimal, colour: str, width: float
) -> dict[str, object]:
    return line(ends, (value, value), colour, width)


def _break_lines(frame: Frame) -> list[dict[str, object]]:
    """On the axes of the tints: Plotly puts what is drawn on others under them."""
    low, high = frame.range
    return [
        {
            "type": "line",
            "layer": "below",
            "x0": frame.rows.place(year) - 0.5,
            "x1": frame.rows.place(year) - 0.5,
            "y0": float(low),
            "y1": float(high),
            "line": {"color": MUTED, "width": 1, "dash": "dot"},
        }
        for year in frame.rows.breaks
    ]
