"""Small multiples: the same small chart for each series, all on one shared scale.

Inline SVG of 200 × 110; colours and strokes come from site.css (`.multiple`). Each carries its
figures as text, and as data attributes the scale and the figures it was drawn from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from reports.drawings.shared_scales import (
    DrawnFigure,
    Level,
    Multiple,
    SharedScale,
    shared_scale,
    stated_with_bound,
)
from targets_site.figures import plain
from targets_site.pictures import NOTHING, Scale

__all__ = ["DrawnFigure", "Level", "Multiple", "SharedScale", "shared_scale", "small_multiple"]

WIDTH, HEIGHT = 200, 110
TOP, BOTTOM = 18, 90
# Of a digit in the labels, a little generous.
CHARACTER = 6.4
# Where a triangle of the same weight as a dot points.
TRIANGLES = {"at_least": "-4,3 4,3 0,-5", "at_most": "-4,-3 4,-3 0,5"}


@dataclass(frozen=True)
class Frame:
    """Where the years and values of a scale stand in the picture."""

    left: float
    right: float
    x: Scale
    y: Scale

    def at(self, point: DrawnFigure) -> tuple[float, float]:
        return self.x(point.year), self.y(float(point.value))


def small_multiple(multiple: Multiple, *, scale: SharedScale) -> SafeString:
    """Dots and line of the yearly figures, the target as a line with its label.

    Hollow: a reprint, an estimate or a provisional figure. A triangle points up for "at least",
    down for "at most". A gap stays a gap; a dotted upright stands before a break. On the axes
    stand the ends of the shared scale, at the last figure its value. Without a figure the picture
    says so and shows the target alone.
    """
    frame = _frame(scale)
    return format_html(
        '<svg class="multiple" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}"'
        ' height="{}" data-low="{}" data-high="{}" data-first-year="{}" data-last-year="{}">'
        "{}{}{}{}{}{}{}{}</svg>",
        spoken(multiple, scale=scale), WIDTH, HEIGHT, WIDTH, HEIGHT,
        plain(scale.low), plain(scale.high), scale.first_year, scale.last_year,
        _axes(scale, frame), _breaks(multiple.points, frame), _target(multiple.target, frame),
        _milestones(multiple.milestones, frame), _line(multiple.points, frame),
        _marks(multiple.points, frame), _last_value(multiple, frame),
        NOTHING if multiple.points else _no_figure(frame),
    )  # fmt: skip


def _frame(scale: SharedScale) -> Frame:
    longest = max(len(plain(scale.low)), len(plain(scale.high)))
    left = round(max(longest * CHARACTER + 6, 20), 1)
    right = round(WIDTH - max(scale.label_length * CHARACTER + 6, 16), 1)
    return Frame(
        left,
        right,
        x=Scale([scale.first_year, scale.last_year], start=left + 8, end=right - 6),
        y=Scale([float(scale.low), float(scale.high)], start=BOTTOM - 4, end=TOP),
    )


def spoken(multiple: Multiple, *, scale: SharedScale) -> str:
    """Every figure, the target and the ends of the axis as one line of text."""
    said = [f"{point.year}: {stated_with_bound(point)}" for point in multiple.points]
    parts = ["; ".join(said) or gettext("no figure")]
    if multiple.target:
        parts.append(gettext("target %(target)s") % {"target": multiple.target.said})
    ends = {"low": plain(scale.low), "high": plain(scale.high)}
    parts.append(gettext("axis from %(low)s to %(high)s") % ends)
    return "; ".join(parts)


def _axes(scale: SharedScale, frame: Frame) -> SafeString:
    """The foot is dashed where it is not 0."""
    return format_html(
        '<line class="multiple__foot{}" x1="{}" x2="{}" y1="{}" y2="{}"/>{}{}{}',
        " is-above-zero" if scale.starts_above_zero else "",
        frame.left, frame.right, BOTTOM, BOTTOM,
        _zero(scale, frame), _value_ends(scale, frame), _year_ends(scale, frame),
    )  # fmt: skip


def _zero(scale: SharedScale, frame: Frame) -> SafeString:
    if not scale.low < 0 < scale.high:
        return NOTHING
    at = frame.y(0)
    return format_html(
        '<line class="multiple__foot" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        frame.left, frame.right, at, at,
    )  # fmt: skip


def _value_ends(scale: SharedScale, frame: Frame) -> SafeString:
    ends = [
        (round(frame.left - 4, 1), round(frame.y(float(end)) + 4, 1), plain(end))
        for end in (scale.low, scale.high)
    ]
    return format_html_join(
        "", '<text class="multiple__end" x="{}" y="{}" text-anchor="end">{}</text>', ends
    )


def _year_ends(scale: SharedScale, frame: Frame) -> SafeString:
    years = dict.fromkeys((scale.first_year, scale.last_year))
    return format_html_join(
        "",
        '<text class="multiple__end" x="{}" y="{}" text-anchor="middle">{}</text>',
        [(frame.x(year), BOTTOM + 15, year) for year in years],
    )


def _breaks(points: Sequence[DrawnFigure], frame: Frame) -> SafeString:
    """Halfway to the year before; at the figure itself where it is the first year of all."""
    places = [
        (point.year, round(max((frame.x(point.year) + frame.x(point.year - 1)) / 2, frame.left), 1))
        for point in points
        if point.is_break
    ]
    return format_html_join(
        "",
        '<line class="multiple__break" data-year="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        [(year, at, at, TOP - 6, BOTTOM) for year, at in places],
    )


def _target(target: Level | None, frame: Frame) -> SafeString:
    """The level from edge to edge; its label stands at the right end, the year under it."""
    if target is None:
        return NOTHING
    at = frame.y(float(target.value))
    beside = round(frame.right + 3, 1)
    return format_html(
        '<line class="multiple__target" data-value="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="multiple__level" x="{}" y="{}">{}</text>'
        '<text class="multiple__end" x="{}" y="{}">{}</text>',
        plain(target.value), frame.left, frame.right, at, at,
        beside, round(at + 4, 1), target.label,
        beside, round(at + 17 if at < BOTTOM - 20 else at - 9, 1), target.year or "",
    )  # fmt: skip


def _milestones(milestones: Iterable[Level], frame: Frame) -> SafeString:
    ticks = [
        (plain(level.value), round(frame.x(level.year) - 6, 1), round(frame.x(level.year) + 6, 1),
         at, at, level.said)
        for level in milestones
        if level.year
        for at in [frame.y(float(level.value))]
    ]  # fmt: skip
    return format_html_join(
        "",
        '<line class="multiple__milestone" data-value="{}" x1="{}" x2="{}" y1="{}" y2="{}">'
        "<title>{}</title></line>",
        ticks,
    )


def _line(points: Sequence[DrawnFigure], frame: Frame) -> SafeString:
    """Strokes between neighbouring years only; none over a gap or a break."""
    strokes = [
        (*frame.at(one), *frame.at(following))
        for one, following in pairwise(points)
        if following.year == one.year + 1 and not following.is_break
    ]
    return format_html_join(
        "", '<line class="multiple__line" x1="{}" y1="{}" x2="{}" y2="{}"/>', strokes
    )


def _marks(points: Sequence[DrawnFigure], frame: Frame) -> SafeString:
    return format_html_join("", "{}", [(figure_mark(each, *frame.at(each)),) for each in points])


def figure_mark(point: DrawnFigure, x: float, y: float) -> SafeString:
    """A dot, or a triangle that points where the true value may lie; hollow if not firm."""
    css_class = "multiple__mark is-hollow" if point.is_hollow else "multiple__mark"
    data = format_html(
        'class="{}" data-year="{}" data-value="{}" data-bound="{}"',
        css_class, point.year, plain(point.value), point.bound,
    )  # fmt: skip
    title = f"{point.year}: {stated_with_bound(point)}"
    if point.bound in TRIANGLES:
        return format_html(
            '<polygon {} points="{}" transform="translate({} {})"><title>{}</title></polygon>',
            data, TRIANGLES[point.bound], x, y, title,
        )  # fmt: skip
    return format_html(
        '<circle {} cx="{}" cy="{}" r="3"><title>{}</title></circle>', data, x, y, title
    )


def _last_value(multiple: Multiple, frame: Frame) -> SafeString:
    if not multiple.points:
        return NOTHING
    label = stated_with_bound(multiple.points[-1])
    x, y, anchor = _place_of_value(multiple, frame, length=len(label) * CHARACTER)
    return format_html(
        '<text class="multiple__value" x="{}" y="{}" text-anchor="{}">{}</text>',
        round(x, 1), round(y, 1), anchor, label,
    )  # fmt: skip


def _place_of_value(multiple: Multiple, frame: Frame, *, length: float) -> tuple[float, float, str]:
    """Beside the last figure, where the target's line does not strike the label through: to the
    right of it, else on the side of it that the line from the year before leaves free."""
    x, y = frame.at(multiple.points[-1])
    falls = len(multiple.points) > 1 and multiple.points[-2].value > multiple.points[-1].value
    left, right = frame.left + length / 2, frame.right - length / 2
    beside = (x + 7, y + 4, "start")
    above = (min(max(x, left), right - 2), y - 7, "middle")
    below = (min(max(x, left), right - 2), y + 16, "middle")
    places = [below, above] if falls else [above, below]
    if x + 7 + length <= frame.right:
        places.insert(0, beside)
    return next((each for each in places if _is_free(each[1], multiple, frame)), above)


def _is_free(foot: float, multiple: Multiple, frame: Frame) -> bool:
    """Whether a label that stands on this height is inside the picture and off the target."""
    level = frame.y(float(multiple.target.value)) if multiple.target else None
    is_inside = foot - 10 >= 0 and foot < BOTTOM
    return is_inside and (level is None or not foot - 11 < level < foot + 4)


def _no_figure(frame: Frame) -> SafeString:
    return format_html(
        '<text class="multiple__end" x="{}" y="{}" text-anchor="middle">{}</text>',
        round((frame.left + frame.right) / 2, 1), BOTTOM - 8, gettext("no figure"),
    )  # fmt: skip
