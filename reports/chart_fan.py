"""The forecast in a chart: a light band with a dashed line in it, never drawn as if observed."""

from collections.abc import Sequence
from decimal import Decimal

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from reports.chart_marks import ACCENT, label
from reports.figure_rows import TargetFigureRows

BAND = "rgba(31,78,140,0.12)"
BAND_EDGE = "rgba(31,78,140,0.45)"


def fan_line(rows: TargetFigureRows) -> go.Scatter:
    """The line of the forecast, without markers; it begins in the year of the last figure."""
    hovered = "%{x} · %{customdata}<br>" + _("Projected") + "<extra></extra>"
    return go.Scatter(
        name=_("Projected"),
        x=[str(each.year) for each in rows.fan],
        y=[float(each.value) for each in rows.fan],
        customdata=[each.shown for each in rows.fan],
        hovertemplate=[hovered if each.shown else "" for each in rows.fan],
        hoverinfo=["all" if each.shown else "skip" for each in rows.fan],
        mode="lines",
        line={"color": ACCENT, "width": 1.5, "dash": "6px,5px"},
    )


def fan_band(rows: TargetFigureRows) -> list[dict[str, object]]:
    """The interval of every year as a tint behind the figures, and its two edges."""
    upper = [(rows.place(each.year), each.high) for each in rows.fan]
    lower = [(rows.place(each.year), each.low) for each in rows.fan]
    tint = _path([*upper, *reversed(lower)]) + "Z"
    return [
        _shape(tint, fillcolor=BAND, line={"width": 0}),
        _shape(_path(upper) + _path(lower), line={"color": BAND_EDGE, "width": 1}),
    ]


def _path(places: Sequence[tuple[int, Decimal]]) -> str:
    return "M" + "L".join(f"{x},{float(y)}" for x, y in places)


def _shape(path: str, **look: object) -> dict[str, object]:
    return {"type": "path", "layer": "below", "path": path, **look}


def fan_label(rows: TargetFigureRows, *, goes_above: bool) -> dict[str, object]:
    """推算, at the upper or the lower edge of the band."""
    middle = rows.fan[len(rows.fan) // 2]
    edge = middle.high if goes_above else middle.low
    return {
        **label(_("Projected"), x=rows.place(middle.year), y=float(edge)),
        # Beside the edge, not over it.
        "bgcolor": "rgba(0,0,0,0)",
        "yanchor": "bottom" if goes_above else "top",
        "yshift": 6 if goes_above else -6,
        "font": {"color": ACCENT, "size": 12},
    }
