"""The ranked dot plot as SVG from the server: first paint, narrow screens, print, no JavaScript.

Places along the values are percentages, so that the drawing fills the width there is while its
text keeps its size.
"""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from reports.drawings.shared_scales import Level, SharedScale, stated_with_bound
from reports.ranked_rows import RankedPoint, RankedRows
from targets_site.figures import plain
from targets_site.pictures import NOTHING

ROW_HEIGHT, HEAD, FOOT = 26, 24, 6
# Percentages of the width: the ends of each line, and within them those of the scale, so that a
# value fits before the first dot and a target's label after the last.
LINE_START, LINE_END = 26, 77
LEFT, RIGHT = 39.0, 74.0
LONGEST_NAME = 16
TRIANGLES = {"at_least": "-4,-4.5 5,0 -4,4.5", "at_most": "4,-4.5 -5,0 4,4.5"}


def ranked_drawing(rows: RankedRows) -> SafeString:
    """One line an area, the first on top: its figure as a dot with its value, its target as an
    upright tick with its label at the right edge. Hollow: not firm. A triangle points to the side
    on which the true value may lie."""
    height = height_of(rows)
    return format_html(
        '<svg class="ranked" role="img" aria-label="{}" width="100%" height="{}" data-low="{}"'
        ' data-high="{}">{}{}</svg>',
        spoken(rows), height, plain(rows.scale.low), plain(rows.scale.high),
        _axis(rows.scale, height),
        format_html_join(
            "", "{}", [(_line(point, at, rows),) for at, point in enumerate(rows.points)]
        ),
    )  # fmt: skip


def height_of(rows: RankedRows) -> int:
    """In pixels."""
    return HEAD + ROW_HEIGHT * len(rows.points) + FOOT


def spoken(rows: RankedRows) -> str:
    """Every area with its figure and target."""
    return "; ".join(_said(point) for point in rows.points)


def _said(point: RankedPoint) -> str:
    words = f"{point.name}: {stated_with_bound(point)}"
    if point.target is None:
        return words
    return f"{words}, {gettext('target %(target)s') % {'target': point.target.said}}"


def percent(value: float, scale: SharedScale) -> float:
    """Of the width, at which a value stands."""
    low, high = float(scale.low), float(scale.high)
    return round(LEFT + (value - low) / (high - low) * (RIGHT - LEFT), 2)


def _axis(scale: SharedScale, height: int) -> SafeString:
    ends = [scale.low, (scale.low + scale.high) / 2, scale.high]
    places = [(percent(float(end), scale), plain(end)) for end in ends]
    return format_html(
        "{}{}",
        format_html_join(
            "", '<line class="ranked__grid" x1="{}%" x2="{}%" y1="{}" y2="{}"/>',
            [(at, at, HEAD - 4, height) for at, _end in places],
        ),
        format_html_join(
            "", '<text class="multiple__end" x="{}%" y="12" text-anchor="middle">{}</text>', places
        ),
    )  # fmt: skip


def _line(point: RankedPoint, at: int, rows: RankedRows) -> SafeString:
    y = HEAD + ROW_HEIGHT * at + ROW_HEIGHT // 2
    x = percent(float(point.value), rows.scale)
    return format_html(
        '<g class="ranked__line"><text class="ranked__name" x="0" y="{}">{}</text>'
        '<line class="ranked__grid" x1="{}%" x2="{}%" y1="{}" y2="{}"/>{}{}{}</g>',
        y + 4, _short(point.name), LINE_START, LINE_END, y, y,
        _target(point.target, y, rows.scale), _mark(point, x, y),
        _value(point, x, y, is_left=rows.is_labelled_left(point)),
    )  # fmt: skip


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _target(level: Level | None, y: int, scale: SharedScale) -> SafeString:
    if level is None:
        return NOTHING
    at = percent(float(level.value), scale)
    return format_html(
        '<line class="ranked__target" data-value="{}" x1="{}%" x2="{}%" y1="{}" y2="{}"/>'
        '<text class="ranked__goal" x="100%" y="{}" text-anchor="end">{}</text>',
        plain(level.value), at, at, y - 9, y + 9, y + 4, level.said,
    )  # fmt: skip


def _mark(point: RankedPoint, x: float, y: int) -> SafeString:
    """A polygon knows no percentages: it stands in a small picture of its own that does."""
    css_class = "multiple__mark is-hollow" if point.is_hollow else "multiple__mark"
    data = format_html('class="{}" data-value="{}"', css_class, plain(point.value))
    if point.bound in TRIANGLES:
        return format_html(
            '<svg class="ranked__bound" x="{}%" y="{}"><polygon {} points="{}"/></svg>',
            x, y, data, TRIANGLES[point.bound],
        )  # fmt: skip
    return format_html('<circle {} cx="{}%" cy="{}" r="4.5"/>', data, x, y)


def _value(point: RankedPoint, x: float, y: int, *, is_left: bool) -> SafeString:
    return format_html(
        '<text class="multiple__value" x="{}%" dx="{}" y="{}" text-anchor="{}">{}</text>',
        x, -9 if is_left else 9, y + 4, "end" if is_left else "start",
        stated_with_bound(point),
    )  # fmt: skip
