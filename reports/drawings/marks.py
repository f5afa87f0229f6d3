"""The lines and markers of a drawing: target, milestones, path and the observed figures."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reports.chart_parts.choices import colour_of, level_starts_at, size_of, symbol_of, with_gaps
from reports.chart_parts.frame import Frame
from reports.chart_parts.marks import ACCENT, INK, MUTED, PAPER
from reports.drawings.grounds import way
from reports.figure_rows import ChartPoint


def levels(frame: Frame) -> SafeString:
    """The target, what it was at first, the milestones and the path."""
    rows = frame.rows
    lines: list[tuple[str, float, float, Decimal, str, float]] = []
    if rows.other_level:
        lines.append(
            ("trend__other-level", frame.left, frame.right, rows.other_level.value, MUTED, 1)
        )
    if rows.level:
        left = frame.x(level_starts_at(rows))
        lines.append(("trend__level", left, frame.right, rows.level.value, INK, 1.5))
    for mark in rows.milestones:
        place = rows.place(mark.year)
        ends = frame.x(place - 0.35), frame.x(place + 0.35)
        lines.append(("trend__milestone", *ends, mark.value, INK, 1))
    drawn = [
        (name, left, right, frame.y(value), frame.y(value), colour, width)
        for name, left, right, value, colour, width in lines
    ]
    level_lines = format_html_join(
        "",
        '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="{}"/>',
        drawn,
    )
    return format_html("{}{}", level_lines, _path(frame))


def _path(frame: Frame) -> SafeString:
    knots = [(frame.x_of(year), frame.y(value)) for year, value in frame.rows.path]
    if not knots:
        return SafeString("")
    return format_html(
        '<polyline class="trend__path" points="{}" fill="none" stroke="{}" stroke-width="1.5"'
        ' stroke-dasharray="6 5"/>',
        way(knots), MUTED,
    )  # fmt: skip


def figures(frame: Frame) -> SafeString:
    """The observed line, interrupted at gaps and breaks, and a marker for each figure."""
    lines = format_html_join(
        "",
        '<polyline class="trend__line" points="{}" fill="none" stroke="{}" stroke-width="2.5"'
        ' stroke-linejoin="round"/>',
        [(way(stretch), ACCENT) for stretch in _stretches(frame) if len(stretch) > 1],
    )
    markers = format_html_join("", "{}", [(_marker(frame, point),) for point in frame.rows.points])
    return format_html("{}{}", lines, markers)


def _stretches(frame: Frame) -> Iterable[list[tuple[float, float]]]:
    stretch: list[tuple[float, float]] = []
    for year, point in with_gaps(frame.rows):
        if point is None:
            yield stretch
            stretch = []
        else:
            stretch.append((frame.x_of(year), frame.y(point.value)))
    yield stretch


def _marker(frame: Frame, point: ChartPoint) -> SafeString:
    x, y = frame.x_of(point.year), frame.y(point.value)
    colour = colour_of(point)
    said = " · ".join(part for part in (str(point.year), point.shown, point.note) if part)
    return format_html(
        '<g class="trend__figure" data-year="{}" data-symbol="{}" fill="{}" stroke="{}"'
        ' stroke-width="2"><title>{}</title>{}</g>',
        point.year, symbol_of(point), PAPER if point.is_hollow else colour, colour, said,
        _shape(symbol_of(point), x, y, size_of(point) / 2),
    )  # fmt: skip


def _shape(symbol: str, x: float, y: float, half: float) -> SafeString:
    if symbol.startswith("circle"):
        return format_html('<circle cx="{}" cy="{}" r="{}"/>', x, y, half)
    if symbol.startswith("square"):
        left, top = round(x - half, 1), round(y - half, 1)
        return format_html(
            '<rect x="{}" y="{}" width="{}" height="{}"/>', left, top, 2 * half, 2 * half
        )
    tip = -half if symbol.startswith("triangle-up") else half
    corners = [(x, y + tip), (x - half, y - tip), (x + half, y - tip)]
    return format_html(
        '<polygon points="{}"/>', way([(round(a, 1), round(b, 1)) for a, b in corners])
    )
