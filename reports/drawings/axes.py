"""The axes of a drawing: hair lines and labels of values, years under their ticks."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reports.chart_parts.frame import Frame
from reports.chart_parts.marks import HAIRLINE, INK
from reports.chart_parts.words import shown_years


def axes(frame: Frame) -> SafeString:
    return format_html(
        '{}<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}"/>{}',
        _values(frame), frame.left, frame.right, frame.bottom, frame.bottom, INK,
        _years(frame),
    )  # fmt: skip


def _values(frame: Frame) -> SafeString:
    ticks = [
        (frame.left, frame.right, frame.y(value), frame.y(value), HAIRLINE,
         frame.left - 6, frame.y(value) + 4.5, INK, text)
        for value, text in frame.ticks
    ]  # fmt: skip
    return format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}"/>'
        '<text x="{}" y="{}" text-anchor="end" fill="{}">{}</text>',
        ticks,
    )


def _years(frame: Frame) -> SafeString:
    ticks = [
        (frame.x_of(year), frame.x_of(year), frame.bottom, frame.bottom + 5, HAIRLINE,
         frame.x_of(year), frame.bottom + 18, INK, year)
        for year in shown_years(frame)
    ]  # fmt: skip
    return format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}"/>'
        '<text class="trend__year" x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>',
        ticks,
    )
