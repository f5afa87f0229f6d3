"""Small pictures drawn on the server as inline SVG; colours and strokes come from site.css.

Each carries its figures as text for a reader who does not see it.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from targets_site.figures import plain

WIDTH, HEIGHT, LABEL_WIDTH, MARGIN = 136, 36, 44, 5
BULLET_WIDTH, BULLET_HEIGHT = 200, 28
# Half the length of a break's stroke, and how far it stays from the dot at the least.
STROKE, CLEAR = 8, 4
NOTHING = mark_safe("")


class Point(Protocol):
    """A yearly figure: None where there is none. May have is_break, is_hollow (a reprint, an
    estimate or a provisional figure), stated (as printed: 63.10) and sign (of its bound)."""

    @property
    def year(self) -> int: ...

    @property
    def value(self) -> Decimal | None: ...


class Scale:
    """A straight mapping of lowest … highest onto start … end."""

    def __init__(self, values: Iterable[float], *, start: float, end: float) -> None:
        span = list(values)
        self.lowest, self.start, self.end = min(span), start, end
        self.length = max(span) - self.lowest

    def __call__(self, value: float) -> float:
        if self.length == 0:
            return round((self.start + self.end) / 2, 1)
        share = (value - self.lowest) / self.length
        return round(self.start + share * (self.end - self.start), 1)


def sparkline(
    points: Sequence[Point],
    *,
    target: Decimal | None = None,
    start: int | None = None,
    end: int | None = None,
    unit: str = "",
) -> SafeString:
    """Dots at years with figures, gaps as gaps, the target as a hair line, a break as a stroke.

    points: oldest first. target: the level in the points' unit, None where there is none.
    start, end: first and last year of the axis, so that pictures in a column line up.
    Without any figure an em dash.
    """
    known = [point for point in points if point.value is not None]
    if not known:
        return mark_safe('<span class="missing">—</span>')
    years = [point.year for point in known] + [year for year in (start, end) if year]
    values = [float(point.value) for point in known if point.value is not None]
    levels = values if target is None else [*values, float(target)]
    x = Scale(years, start=MARGIN, end=WIDTH - LABEL_WIDTH)
    y = Scale(levels, start=HEIGHT - MARGIN, end=MARGIN)
    return format_html(
        '<svg class="sparkline" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}"'
        ' height="{}">{}{}{}{}{}</svg>',
        _spoken(known, target, unit), WIDTH, HEIGHT, WIDTH, HEIGHT,
        _hair_line(target, y), _breaks(known, x, y), _line(known, x, y), _dots(known, x, y),
        _last_label(known[-1], x, y),
    )  # fmt: skip


def _spoken(points: Sequence[Point], target: Decimal | None, unit: str) -> str:
    said = "; ".join(f"{point.year}: {_with_sign(point)}" for point in points)
    if unit and unit != "index":
        said = f"{said} ({unit})"
    if target is None:
        return said
    return gettext("%(figures)s; target %(target)s") % {"figures": said, "target": plain(target)}


def _hair_line(target: Decimal | None, y: Scale) -> SafeString:
    if target is None:
        return NOTHING
    level = y(float(target))
    return format_html(
        '<line class="sparkline__target" x1="0" x2="{}" y1="{}" y2="{}"/>',
        WIDTH - LABEL_WIDTH + MARGIN, level, level,
    )  # fmt: skip


def _breaks(points: Sequence[Point], x: Scale, y: Scale) -> SafeString:
    """A short stroke between the year before and the first of the new scope, clear of its dot."""
    strokes = [
        (_before(point.year, x), max(_height(point, y) - STROKE, 1),
         min(_height(point, y) + STROKE, HEIGHT - 1))
        for point in points
        if getattr(point, "is_break", False)
    ]  # fmt: skip
    return format_html_join(
        "",
        '<line class="sparkline__break" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>',
        strokes,
    )


def _before(year: int, x: Scale) -> float:
    return round(min((x(year - 1) + x(year)) / 2, x(year) - CLEAR), 1)


def _line(points: Sequence[Point], x: Scale, y: Scale) -> SafeString:
    """Strokes between neighbouring years only; none over a gap or a break."""
    strokes = [
        (x(one.year), _height(one, y), x(next_one.year), _height(next_one, y))
        for one, next_one in pairwise(points)
        if next_one.year == one.year + 1 and not getattr(next_one, "is_break", False)
    ]
    return format_html_join(
        "", '<line class="sparkline__line" x1="{}" y1="{}" x2="{}" y2="{}"/>', strokes
    )


def _dots(points: Sequence[Point], x: Scale, y: Scale) -> SafeString:
    dots = [
        (" is-hollow" if getattr(point, "is_hollow", False) else "", x(point.year),
         _height(point, y))
        for point in points
    ]  # fmt: skip
    return format_html_join("", '<circle class="sparkline__dot{}" cx="{}" cy="{}" r="2.5"/>', dots)


def _height(point: Point, y: Scale) -> float:
    return y(float(point.value or 0))


def _last_label(point: Point, x: Scale, y: Scale) -> SafeString:
    baseline = min(max(_height(point, y) + 4, 12), HEIGHT - 2)
    return format_html(
        '<text class="sparkline__label" x="{}" y="{}">{}</text>',
        x(point.year) + 6, baseline, _printed(point),
    )  # fmt: skip


def _printed(point: Point) -> str:
    return getattr(point, "stated", "") or plain(point.value)


def _with_sign(point: Point) -> str:
    return f"{getattr(point, 'sign', '')} {_printed(point)}".strip()


def bullet(
    value: Decimal | None,
    target: Decimal | None,
    *,
    milestone: Decimal | None = None,
    unit: str = "",
) -> SafeString:
    """The bar is the figure, a 2 px tick the target, a thin one the milestone, the tint the way
    left. Rates and indexes near their target start above 0, and the scale says where.

    An em dash without both a figure and a target.
    """
    if value is None or target is None:
        return mark_safe('<span class="missing">—</span>')
    levels = [level for level in (value, target, milestone) if level is not None]
    floor, top = _bullet_ends(levels, unit)
    x = Scale([float(floor), float(top)], start=0, end=BULLET_WIDTH)
    bar, tick = x(float(value)), x(float(target))
    return format_html(
        '<svg class="bullet" role="img" aria-label="{}" viewBox="-2 0 {} {}" width="{}"'
        ' height="{}"><rect class="bullet__way" x="{}" y="3" width="{}" height="10"/>'
        '<rect class="bullet__bar" x="0" y="3" width="{}" height="10"/>{}{}{}</svg>',
        _bullet_spoken(value, target, floor, unit), BULLET_WIDTH + 4, BULLET_HEIGHT,
        BULLET_WIDTH + 4, BULLET_HEIGHT, min(bar, tick), abs(tick - bar), bar,
        _tick(milestone, x, "bullet__milestone"), _tick(target, x, "bullet__target"),
        _bullet_ends_text(floor, top),
    )  # fmt: skip


def _bullet_ends(levels: Sequence[Decimal], unit: str) -> tuple[Decimal, Decimal]:
    """First and last level of the scale."""
    lowest, highest = min(levels), max(levels)
    if unit in {"%", "index"} and lowest > 50:
        floor = max(Decimal(0), (lowest - 2 * max(highest - lowest, Decimal(2))) // 5 * 5)
        return floor, Decimal(100) if unit == "%" and highest <= 100 else highest
    return min(Decimal(0), lowest), highest * Decimal("1.1") if highest > 0 else Decimal(1)


def _bullet_spoken(value: Decimal, target: Decimal, floor: Decimal, unit: str) -> str:
    said = gettext("%(value)s against a target of %(target)s") % {
        "value": plain(value), "target": plain(target),
    }  # fmt: skip
    if floor:
        return gettext("%(figures)s; the scale starts at %(floor)s") % {
            "figures": said, "floor": plain(floor),
        }  # fmt: skip
    return said


def _tick(level: Decimal | None, x: Scale, css_class: str) -> SafeString:
    if level is None:
        return NOTHING
    at = x(float(level))
    return format_html('<line class="{}" x1="{}" x2="{}" y1="0" y2="16"/>', css_class, at, at)


def _bullet_ends_text(floor: Decimal, top: Decimal) -> SafeString:
    return format_html(
        '<text class="bullet__end" x="0" y="26">{}</text>'
        '<text class="bullet__end" x="{}" y="26" text-anchor="end">{}</text>',
        plain(floor), BULLET_WIDTH, plain(top.quantize(Decimal(1)) if top > 20 else top),
    )  # fmt: skip
