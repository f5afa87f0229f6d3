"""The forecast in the Plotly figure: a light band with a dashed line in it, never drawn as if
observed."""

from collections.abc import Sequence
from decimal import Decimal

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from reports.chart_parts.choices import fan_ends
from reports.chart_parts.marks import ACCENT
from reports.figure_rows import TargetFigureRows

BAND = "rgba(31,78,140,0.12)"
BAND_EDGE = "rgba(31,78,140,0.45)"


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
    """The interval of every year as a tint behind the figures, and its two edges; nothing
    without a forecast."""
    ends = fan_ends(rows)
    if not ends:
        return []
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
