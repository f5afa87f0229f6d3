"""The words of the big chart and the places where each may stand; the first ones matter most."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.chart_parts.choices import colour_of, size_of, starts_above_zero, year_ticks
from reports.chart_parts.frame import SMALL_TEXT, Frame, text_width
from reports.chart_parts.labels import Label, PlacedLabel, fixed_label, place_labels
from reports.chart_parts.marks import ACCENT, MUTED
from reports.figure_rows import ChartLevel, ChartMark, ChartPoint, TargetFigureRows

# Up to so many figures each may carry its value; beyond, only the last and the breached ones.
LABELLED_FIGURES = 8
# Between a line and the words beside it.
_AWAY = 3
# Of a year under the axis, with the space beside it.
_YEAR_WIDTH = 46
# Share of the width over which the words of a level are broken up.
_LONGEST = 0.5


def placed_labels(frame: Frame) -> list[PlacedLabel]:
    """Every label that finds room, without one over another."""
    return place_labels(frame, _labels(frame))


def axis_note(frame: Frame) -> PlacedLabel | None:
    """Under the years, where nothing else stands; None where the axis starts at 0."""
    if not starts_above_zero(frame.rows):
        return None
    x, y = frame.left, frame.bottom + 30
    return fixed_label(
        Label([_("The axis does not start at 0")], [(x, y, "br")], MUTED, SMALL_TEXT)
    )


def shown_years(frame: Frame) -> list[int]:
    """The years with a label under the axis: as many as find room side by side."""
    most = max(1, (frame.right - frame.left) // _YEAR_WIDTH)
    return year_ticks(frame.rows.years, most=most)


def _labels(frame: Frame) -> Iterable[Label]:
    rows = frame.rows
    if rows.level:
        yield _level_label(frame, rows.level)
    firm, others = _valued(rows)
    yield from (_value_label(frame, point, must=True) for point in firm)
    yield from (_break_label(frame, year) for year in rows.breaks)
    if rows.fan:
        yield _fan_label(frame)
    if rows.other_level:
        yield _other_level_label(frame, rows.other_level)
    yield from (_milestone_label(frame, mark) for mark in rows.milestones)
    yield from (_value_label(frame, point) for point in others)
    if len(rows.path) > 1:
        yield _path_label(frame)


def _valued(rows: TargetFigureRows) -> tuple[list[ChartPoint], list[ChartPoint]]:
    """The figures that carry their value: those that have to, and those that do where there is
    room."""
    firm = [each for each in rows.points if each.is_breach or each is rows.points[-1]]
    if len(rows.points) > LABELLED_FIGURES:
        return firm, []
    return firm, [each for each in rows.points if each not in firm]


def _value_label(frame: Frame, point: ChartPoint, *, must: bool = False) -> Label:
    """Above the figure or below it, on the side that the line to those beside it leaves free."""
    x, y, away = frame.x_of(point.year), frame.y(point.value), size_of(point) / 2 + _AWAY
    above, below = (x, y - away, "tm"), (x, y + away, "bm")
    sides = [above, below] if _is_a_peak(frame.rows, point) else [below, above]
    beside = [(x + away, y, "mr"), (x - away, y, "ml")]
    corners = [
        (
            x + shift * away,
            y + sign * away,
            f"{'t' if sign < 0 else 'b'}{'r' if shift > 0 else 'l'}",
        )
        for sign in (-1, 1)
        for shift in (1, -1)
    ]
    further = [(x, y + sign * (away + 16), "tm" if sign < 0 else "bm") for sign in (-1, 1)]
    return Label(
        [point.shown], [*sides, *corners, *beside, *further], colour=colour_of(point), must=must
    )


def _is_a_peak(rows: TargetFigureRows, point: ChartPoint) -> bool:
    """Whether the figures of the years beside it, if any, lie lower on the whole."""
    beside = [each.value for each in rows.points if abs(each.year - point.year) == 1]
    return not beside or point.value >= sum(beside) / len(beside)


def _level_label(frame: Frame, level: ChartLevel) -> Label:
    """At the right end of its line, at the left one where the forecast is; on the side where no
    figure is."""
    return Label(
        [level.label],
        _along(frame, level, from_left=bool(frame.rows.fan), above=_label_goes_above(frame.rows)),
        weight=600,
        must=True,
    )


def _other_level_label(frame: Frame, level: ChartLevel) -> Label:
    is_higher = frame.rows.level is None or level.value >= frame.rows.level.value
    anchors = _along(frame, level, from_left=bool(frame.rows.fan), above=is_higher)
    is_long = text_width(level.label, SMALL_TEXT) > _LONGEST * (frame.right - frame.left)
    lines = level.lines if is_long and level.lines else [level.label]
    return Label(lines, anchors, colour=MUTED, size=SMALL_TEXT, must=True)


def _along(
    frame: Frame, level: ChartLevel, *, from_left: bool, above: bool
) -> list[tuple[float, float, str]]:
    y = frame.y(level.value)
    ends = [(frame.right - 2, "l"), (frame.left + 3, "r"), ((frame.left + frame.right) / 2, "m")]
    if from_left:
        ends = [ends[1], ends[0], ends[2]]
    sides = [(y - _AWAY, "t"), (y + _AWAY, "b")]
    if not above:
        sides.reverse()
    return [(x, at, f"{side}{end}") for x, end in ends for at, side in sides]


def _label_goes_above(rows: TargetFigureRows) -> bool:
    """Whether the label belongs above the level: what is drawn near its end stands below it, or
    nothing is and no hold band fills that side."""
    years = set(rows.years[:3] if rows.fan else rows.years[-3:])
    near_the_end = [point.value for point in rows.points if point.year in years]
    level = rows.level.value if rows.level else Decimal(0)
    if not near_the_end:
        return rows.band is None or rows.band.less_is_better
    above = sum(value >= level for value in near_the_end)
    return above * 2 <= len(near_the_end)


def _milestone_label(frame: Frame, mark: ChartMark) -> Label:
    place, y = frame.rows.place(mark.year), frame.y(mark.value)
    x, left, right = frame.x(place), frame.x(place - 0.35), frame.x(place + 0.35)
    under, over = y + _AWAY, y - _AWAY
    anchors = [
        (x, under, "bm"), (x, over, "tm"), (right + _AWAY, y, "mr"), (left - _AWAY, y, "ml"),
        (left, under, "br"), (right, under, "bl"), (left, over, "tr"), (right, over, "tl"),
        (x, under + 14, "bm"), (x, over - 14, "tm"),
    ]  # fmt: skip
    return Label([mark.label], anchors, colour=MUTED, size=SMALL_TEXT)


def _break_label(frame: Frame, year: int) -> Label:
    """At the upper end of its line, over the drawing."""
    x, y = frame.x(frame.rows.place(year) - 0.5), frame.top - 2
    anchors = [(x, y, "tm"), (x, y, "tr"), (x, y, "tl")]
    return Label([_("Break")], anchors, colour=MUTED, size=SMALL_TEXT, must=True)


def _fan_label(frame: Frame) -> Label:
    """趋势测算（80%预测区间）, beside the band where it ends: on the side away from the level. In
    two lines, or they would reach under the figures on a narrow screen."""
    rows = frame.rows
    above = frame.y(max(each.high for each in rows.fan)) - 6
    below = frame.y(min(each.low for each in rows.fan)) + 6
    is_beyond = rows.level is not None and rows.fan[-1].value >= rows.level.value
    order = [(above, "t"), (below, "b")] if is_beyond else [(below, "b"), (above, "t")]
    anchors = [
        (x, y, f"{side}{end}")
        for x, end in ((frame.right - 2, "l"), (frame.x_of(rows.fan[0].year), "l"))
        for y, side in order
    ]
    lines = [_("Forecast"), _("(80% interval)")]
    return Label(lines, anchors, colour=ACCENT, size=SMALL_TEXT, must=True)


def _path_label(frame: Frame) -> Label:
    """Beside the line, about halfway of its first stretch."""
    (first_year, first), (next_year, following) = frame.rows.path[:2]
    x, y = frame.x_of(first_year), frame.y(first)
    dx, dy = frame.x_of(next_year) - x, frame.y(following) - y
    # On a rising line words fit to the right below it and to the left above it.
    sides = ("br", "tl") if dy < 0 else ("tr", "bl")
    anchors = [
        (x + share * dx, y + share * dy, side)
        for share in (0.5, 0.75, 0.25, 0.9)
        for side in (*sides, "bm", "tm")
    ]
    return Label([_("Path")], anchors, colour=MUTED, size=SMALL_TEXT)
