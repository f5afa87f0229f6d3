"""The forecast in a chart: a light band with a dashed line in it, never drawn as if observed."""

from collections.abc import Sequence
from decimal import Decimal

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from reports.chart_marks import ACCENT, label
from reports.figure_rows import TargetFigureRows

BAND = "rgba(31,78,140,0.12)"
BAND_EDGE = "rgba(31,78,140,0.45)"


# A single year has no length: the band is so wide on either side of it.
HALF_A_YEAR_ALONE = 0.3
# Of the height of the chart.
ROOM_FOR_WORDS = Decimal("0.17")


def fan_line(rows: TargetFigureRows) -> go.Scatter:
    """The line of the forecast, without markers; a single year is a dash."""
    is_alone = len(rows.fan) == 1
    return go.Scatter(
        name=_("Forecast"),
        x=[str(each.year) for each in rows.fan],
        y=[float(each.value) for each in rows.fan],
        customdata=[each.shown for each in rows.fan],
        hovertemplate="%{x} · %{customdata}<br>" + _("Forecast") + "<extra></extra>",
        mode="markers" if is_alone else "lines",
        marker={"symbol": "line-ew-open", "size": 16, "color": ACCENT},
        line={"color": ACCENT, "width": 1.5, "dash": "6px,5px"},
    )


def fan_band(rows: TargetFigureRows) -> list[dict[str, object]]:
    """The interval of every year as a tint behind the figures, and its two edges."""
    wider = HALF_A_YEAR_ALONE if len(rows.fan) == 1 else 0
    ends = [
        (rows.place(each.year) + shift, each)
        for each in rows.fan
        for shift in ([-wider, wider] if wider else [0])
    ]
    upper = [(place, each.high) for place, each in ends]
    lower = [(place, each.low) for place, each in ends]
    tint = _path([*upper, *reversed(lower)]) + "Z"
    return [
        _shape(tint, fillcolor=BAND, line={"width": 0}),
        _shape(_path(upper) + _path(lower), line={"color": BAND_EDGE, "width": 1}),
    ]


def _path(places: Sequence[tuple[float, Decimal]]) -> str:
    return "M" + "L".join(f"{x},{float(y)}" for x, y in places)


def _shape(path: str, **look: object) -> dict[str, object]:
    return {"type": "path", "layer": "below", "path": path, **look}


def fan_label(rows: TargetFigureRows, *, value_range: tuple[Decimal, Decimal]) -> dict[str, object]:
    """趋势测算（80%预测区间）, beside the band where it ends: on the side away from the level,
    unless the words would lie over the years under the axis."""
    lowest, highest = min(each.low for each in rows.fan), max(each.high for each in rows.fan)
    bottom, top = value_range
    is_beyond = rows.level is not None and rows.fan[-1].value >= rows.level.value
    goes_above = is_beyond or (lowest - bottom) / (top - bottom) < ROOM_FOR_WORDS
    edge = highest if goes_above else lowest
    words = "<br>".join([_("Forecast"), _("(80% interval)")])
    return {
        # In two lines, or they would reach under the figures on a narrow screen.
        **label(words, x=1, y=float(edge)),
        "xref": "paper",
        "xanchor": "right",
        "align": "right",
        # Beside the edge, not over it.
        "bgcolor": "rgba(0,0,0,0)",
        "yanchor": "bottom" if goes_above else "top",
        "yshift": 6 if goes_above else -6,
        "font": {"color": ACCENT, "size": 12},
    }
