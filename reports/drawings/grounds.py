"""What lies behind the figures of a drawing: hold band, breached years, forecast, breaks."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reports.chart_parts.choices import fan_ends
from reports.chart_parts.frame import Frame
from reports.chart_parts.marks import ACCENT, GREEN_TINT, MUTED, RED_TINT

FAN_TINT, FAN_EDGE = "0.12", "0.45"


def grounds(frame: Frame) -> SafeString:
    return format_html(
        "{}{}{}{}", _hold_band(frame), _breached_years(frame), _fan(frame), _breaks(frame)
    )


def _hold_band(frame: Frame) -> SafeString:
    band = frame.rows.band
    if band is None:
        return SafeString("")
    left = frame.x(frame.rows.place(band.from_year) - 0.5)
    right = frame.x(frame.rows.place(band.to_year) + 0.5)
    level = frame.y(band.value)
    top, bottom = (level, frame.bottom) if band.less_is_better else (frame.top, level)
    return _rectangle("trend__band", left, right, top, bottom, GREEN_TINT)


def _breached_years(frame: Frame) -> SafeString:
    places = [frame.rows.place(point.year) for point in frame.rows.points if point.is_breach]
    return format_html_join(
        "",
        "{}",
        [
            (
                _rectangle(
                    "trend__breach", frame.x(place - 0.5), frame.x(place + 0.5),
                    frame.top, frame.bottom, RED_TINT,
                ),
            )
            for place in places
        ],
    )  # fmt: skip


def _rectangle(
    name: str, left: float, right: float, top: float, bottom: float, colour: str
) -> SafeString:
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
        name, left, top, round(right - left, 1), max(0, round(bottom - top, 1)), colour,
    )  # fmt: skip


def _fan(frame: Frame) -> SafeString:
    """The interval of every year as a tint with two edges, and a dashed line in it."""
    ends = fan_ends(frame.rows)
    if not ends:
        return SafeString("")
    upper = [(frame.x(place), frame.y(each.high)) for place, each in ends]
    lower = [(frame.x(place), frame.y(each.low)) for place, each in ends]
    middle = [(frame.x(place), frame.y(each.value)) for place, each in ends]
    return format_html(
        '<g class="trend__fan" fill="none" stroke="{}"><polygon points="{}" fill="{}"'
        ' fill-opacity="{}" stroke="none"/><polyline points="{}" stroke-opacity="{}"/>'
        '<polyline points="{}" stroke-opacity="{}"/><polyline points="{}" stroke-width="1.5"'
        ' stroke-dasharray="6 5"/></g>',
        ACCENT, way([*upper, *reversed(lower)]), ACCENT, FAN_TINT,
        way(upper), FAN_EDGE, way(lower), FAN_EDGE, way(middle),
    )  # fmt: skip


def _breaks(frame: Frame) -> SafeString:
    places = [frame.x(frame.rows.place(year) - 0.5) for year in frame.rows.breaks]
    return format_html_join(
        "",
        '<line class="trend__break" x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}"'
        ' stroke-dasharray="1.5 3"/>',
        [(x, x, frame.top, frame.bottom, MUTED) for x in places],
    )


def way(points: Sequence[tuple[float, float]]) -> str:
    """The points of a polyline or polygon."""
    return " ".join(f"{x},{y}" for x, y in points)
