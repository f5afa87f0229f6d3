"""The big chart of a target as one SVG: first paint, print, PDF and Word, and without JavaScript.

Colours and strokes are presentation attributes, so that the drawing looks the same with and
without site.css. It shares every decision with Plotly's figure (reports/charts.py).
"""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.chart_parts.frame import TEXT, Frame, height_for
from reports.chart_parts.marks import FONT, PAPER
from reports.chart_parts.words import axis_note, placed_labels
from reports.drawings.axes import axes
from reports.drawings.grounds import grounds
from reports.drawings.marks import figures, levels
from reports.figure_rows import TargetFigureRows

_NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'


def trend_drawing(
    rows: TargetFigureRows,
    *,
    width: int = 800,
    height: int | None = None,
    standalone: bool = False,
    label: str = "",
) -> SafeString:
    """Observed line with its markers, path, target, milestones, hold band, forecast and breaks.

    width, height: in pixels; without a height one that suits the number of figures. standalone:
    brings its namespace, ground and font with it, to stand in a file of its own; in a page it
    takes the page's font. label: what it says to a reader who does not see it; without one, its
    figures. Each figure is a `<g class="trend__figure">` with its year. Empty without any year.
    """
    if not rows.years:
        return mark_safe("")
    frame = Frame(rows, width, height or height_for(rows, width))
    # Without quotes, which not every reader of SVG files takes off in an attribute.
    family = format_html(' font-family="{}"', FONT.replace('"', "")) if standalone else ""
    return format_html(
        '<svg class="trend" {} role="img" aria-label="{}" width="{}" height="{}"'
        ' viewBox="0 0 {} {}" font-size="{}"{}>{}{}{}{}{}{}</svg>',
        mark_safe(_NAMESPACE if standalone else ""), label or spoken(rows),
        width, frame.height, width, frame.height, TEXT, family,
        _paper(frame), grounds(frame), axes(frame), levels(frame), figures(frame),
        _words(frame),
    )  # fmt: skip


def spoken(rows: TargetFigureRows) -> str:
    """The figures and the target in words: 2013: 96.2%; 2014: 97%; target ≥ 98%, 2020."""
    said = [f"{point.year}: {point.shown}" for point in rows.points]
    if rows.level:
        said.append(_("target %(level)s") % {"level": rows.level.label})
    return pgettext("between figures", "; ").join(said)


def _paper(frame: Frame) -> SafeString:
    return format_html('<rect width="{}" height="{}" fill="{}"/>', frame.width, frame.height, PAPER)


def _words(frame: Frame) -> SafeString:
    """Each label over a veil, so that it stays readable over a line."""
    note = axis_note(frame)
    labels = [*placed_labels(frame), *([note] if note else [])]
    veils = [
        (one.box.left - 1, one.box.top, _length(one.box.left, one.box.right) + 2,
         _length(one.box.top, one.box.bottom), PAPER)
        for one in labels
    ]  # fmt: skip
    lines = [
        (at, one.x, one.baseline(at), one.anchor, one.size, one.weight, one.colour, line)
        for one in labels
        for at, line in enumerate(one.lines)
    ]
    return format_html(
        '<g class="trend__labels">{}{}</g>',
        format_html_join(
            "",
            '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" fill-opacity="0.8"/>',
            veils,
        ),
        _text(lines),
    )


def _text(lines: Sequence[tuple[object, ...]]) -> SafeString:
    """data-line: which line of its label it is, from 0."""
    return format_html_join(
        "",
        '<text data-line="{}" x="{}" y="{}" text-anchor="{}" font-size="{}" font-weight="{}"'
        ' fill="{}">{}</text>',
        lines,
    )


def _length(start: float, end: float) -> float:
    return round(end - start, 1)
