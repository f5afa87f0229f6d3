"""The ranked dot plot as a Plotly figure."""

from collections.abc import Iterable

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from reports.chart_parts.kept import kept_drawing
from reports.chart_parts.marks import ACCENT, FONT, HAIRLINE, INK, MUTED
from reports.drawings.ranked import FOOT, HEAD, height_of
from reports.drawings.shared_scales import stated_with_bound
from reports.ranked_rows import RankedPoint, RankedRows

_SYMBOLS = {"at_least": "triangle-right", "at_most": "triangle-left"}


def ranked_json(rows: RankedRows) -> str:
    """The figure as JSON text, cached by what it shows and the language of its labels."""
    return kept_drawing("ranked-figure/1", rows, lambda: str(build_ranked_figure(rows).to_json()))


def build_ranked_figure(rows: RankedRows) -> go.Figure:
    """One line an area, the first on top: its figure as a dot, its target as an upright tick.

    Traces, in this order: `figures` (one entry an area) and `targets` (one for each area that has
    one). The places on the upright axis are those in the order, from 0. Values are floats in the
    unit of the scale.
    """
    count = len(rows.points)
    figure = go.Figure([_figures(rows), _targets(rows)])
    return figure.update_layout(
        template=None,
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        showlegend=False,
        hovermode="closest",
        dragmode=False,
        # Of the server's drawing, so that nothing below moves when this takes its place.
        height=height_of(rows),
        margin={"l": 16, "r": 104, "t": HEAD, "b": FOOT},
        annotations=[*_goals(rows)],
        xaxis=_value_axis(rows),
        yaxis={
            "tickmode": "array",
            "tickvals": list(range(count)),
            "ticktext": [point.name for point in rows.points],
            "range": [count - 0.5, -0.5],
            "gridcolor": HAIRLINE,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
        },
    )


def _figures(rows: RankedRows) -> go.Scatter:
    return go.Scatter(
        name=_("Observed"),
        x=[float(point.value) for point in rows.points],
        y=list(range(len(rows.points))),
        customdata=[[point.name, stated_with_bound(point)] for point in rows.points],
        hovertemplate="%{customdata[0]} · %{customdata[1]}<extra></extra>",
        mode="markers+text",
        marker={
            "size": 11,
            "symbol": [_symbol(point) for point in rows.points],
            "color": ACCENT,
            "line": {"color": ACCENT, "width": 2},
        },
        text=[stated_with_bound(point) for point in rows.points],
        textposition=[
            "middle left" if rows.is_labelled_left(point) else "middle right"
            for point in rows.points
        ],
        textfont={"color": ACCENT, "size": 13},
        cliponaxis=False,
    )


def _targets(rows: RankedRows) -> go.Scatter:
    ticks = [(at, point.target) for at, point in enumerate(rows.points) if point.target]
    return go.Scatter(
        name=_("Target"),
        x=[float(level.value) for _at, level in ticks],
        y=[at for at, _level in ticks],
        customdata=[[rows.points[at].name, level.said]
                    for at, level in ticks],
        hovertemplate="%{customdata[0]} · %{customdata[1]}<extra></extra>",
        mode="markers",
        marker={"symbol": "line-ns-open", "size": 18, "color": INK, "line": {"width": 2}},
        cliponaxis=False,
    )  # fmt: skip


def _goals(rows: RankedRows) -> Iterable[dict[str, object]]:
    """Each target's label at the right edge of its line."""
    for at, point in enumerate(rows.points):
        if point.target:
            yield {
                "text": point.target.said,
                "x": 1,
                "y": at,
                "showarrow": False,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 8,
                "font": {"color": MUTED, "size": 12},
            }


def _value_axis(rows: RankedRows) -> dict[str, object]:
    low, high = float(rows.scale.low), float(rows.scale.high)
    room = (high - low) * 0.08
    return {
        "range": [low - room, high + room],
        "side": "top",
        "nticks": 6,
        "gridcolor": HAIRLINE,
        "zeroline": False,
        "fixedrange": True,
        "ticksuffix": "%" if rows.scale.unit == "%" else "",
        "separatethousands": False,
        "exponentformat": "none",
        "tickfont": {"color": MUTED, "size": 12},
    }


def _symbol(point: RankedPoint) -> str:
    """An arrow to the side on which the true value may lie; hollow if not firm."""
    shape = _SYMBOLS.get(point.bound, "circle")
    return f"{shape}-open" if point.is_hollow else shape
