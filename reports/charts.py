"""The big chart as a Plotly figure, from the rows and choices that the server's SVG shares.

What it shows stands in chart_parts/choices.py, where things lie in frame.py and which words stand
where in words.py; here it is said in Plotly's words (VISUAL.md, "Big chart").
"""

from html import escape
from typing import Any

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from reports.chart_parts.choices import colour_of, size_of, symbol_of, with_gaps
from reports.chart_parts.fan import fan_line
from reports.chart_parts.frame import TEXT, WIDTHS, Frame, height_for
from reports.chart_parts.kept import kept_drawing
from reports.chart_parts.labels import PlacedLabel
from reports.chart_parts.marks import ACCENT, FONT, HAIRLINE, INK, MUTED, PAPER
from reports.chart_parts.shapes import shapes
from reports.chart_parts.words import axis_note, placed_labels, shown_years
from reports.figure_rows import TargetFigureRows

_ANY_LABEL = {
    "xref": "paper",
    "yref": "paper",
    "x": 0,
    "y": 1,
    "yanchor": "middle",
    "showarrow": False,
    "borderpad": 0,
    "bgcolor": "rgba(255,255,255,0.8)",
}


def chart_json(rows: TargetFigureRows) -> str:
    """The figure as JSON text, cached by what it shows and the language of its labels.

    Building takes 3–5 ms, reading it back some 0.1 ms.
    """
    return kept_drawing("figure-5", rows, lambda: str(build_target_figure(rows).to_json()))


def build_target_figure(rows: TargetFigureRows) -> go.Figure:
    """Observed figures against the target's level, path, milestones, hold band and forecast.

    Traces, in this order: `observed` (one entry a year, None for a year without a figure, which
    is drawn as a gap; one more None before a break) and, where they exist, `path` and `fan_line`.
    Years are category strings. Values are floats in `rows.unit`. Size, margins and the places of
    the words are those of the widest drawing; `meta.places` has those of each width, of which
    charts.js takes the one that is shown.
    """
    frames = [Frame(rows, width, height_for(rows, width)) for width in WIDTHS]
    frame = frames[-1]
    traces = [_observed(rows)]
    if rows.path:
        traces.append(_path(rows))
    if rows.fan:
        traces.append(fan_line(rows))
    # At once and not by updates, which take ten times as long.
    return go.Figure(
        traces,
        {
            "template": {"layout": {"annotationdefaults": _ANY_LABEL}},
            "meta": {"places": {each.width: _place(each) for each in frames}},
            "font": {"family": FONT, "size": TEXT, "color": INK},
            "paper_bgcolor": PAPER,
            "plot_bgcolor": PAPER,
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            **_place(frame),
            "xaxis": _year_axis(frame),
            "yaxis": _value_axis(frame),
            "shapes": shapes(frame),
        },
    )


def _place(frame: Frame) -> dict[str, Any]:
    """Size, margins and words of a drawing of this size, as a layout has them."""
    return {
        "width": frame.width,
        "height": frame.height,
        "margin": _margin(frame),
        "annotations": [_annotation(frame, label) for label in placed_labels(frame)] + _note(frame),
    }


def _margin(frame: Frame) -> dict[str, object]:
    return {
        "l": frame.left,
        "r": frame.width - frame.right,
        "t": frame.top,
        "b": frame.height - frame.bottom,
        "pad": 0,
        "autoexpand": False,
    }


def _observed(rows: TargetFigureRows) -> go.Scatter:
    drawn = list(with_gaps(rows))
    points = [point for _year, point in drawn]
    return go.Scatter(
        name=_("Observed"),
        x=[str(year) for year, _point in drawn],
        y=[float(point.value) if point else None for point in points],
        customdata=[[point.shown, point.note] if point else ["", ""] for point in points],
        hovertemplate="%{x} · %{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        mode="lines+markers",
        connectgaps=False,
        line={"color": ACCENT, "width": 2.5},
        marker={
            "size": [size_of(point) for point in points],
            "symbol": [symbol_of(point) for point in points],
            "color": [colour_of(point) for point in points],
            "line": {"color": [colour_of(point) for point in points], "width": 2},
            "opacity": 1,
        },
        cliponaxis=False,
    )


def _path(rows: TargetFigureRows) -> go.Scatter:
    return go.Scatter(
        name=_("Path"),
        x=[str(year) for year, _value in rows.path],
        y=[float(value) for _year, value in rows.path],
        mode="lines",
        line={"color": MUTED, "width": 1.5, "dash": "6px,5px"},
        hoverinfo="skip",
    )


def _year_axis(frame: Frame) -> dict[str, object]:
    years = [str(year) for year in frame.rows.years]
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": years,
        "range": [-0.6, len(years) - 0.4],
        "tickmode": "array",
        "tickvals": [str(year) for year in shown_years(frame)],
        "tickangle": 0,
        "fixedrange": True,
        "showgrid": False,
        "linecolor": INK,
        "ticks": "outside",
        "tickcolor": HAIRLINE,
    }


def _value_axis(frame: Frame) -> dict[str, object]:
    low, high = frame.range
    return {
        "range": [float(low), float(high)],
        "tickmode": "array",
        "tickvals": [float(value) for value, _text in frame.ticks],
        "ticktext": [text for _value, text in frame.ticks],
        "fixedrange": True,
        "gridcolor": HAIRLINE,
        "gridwidth": 1,
        "zeroline": False,
    }


def _annotation(frame: Frame, label: PlacedLabel) -> dict[str, object]:
    """The words at their place, counted in pixels from the upper left corner of the axes."""
    return {
        "text": "<br>".join(escape(line) for line in label.lines),
        "xanchor": {"start": "left", "middle": "center", "end": "right"}[label.anchor],
        "xshift": round(label.x - frame.left, 1),
        "yshift": round(frame.top - (label.box.top + label.box.bottom) / 2, 1),
        "align": "right" if label.anchor == "end" else "left",
        "font": {"color": label.colour, "size": label.size, "weight": label.weight},
    }


def _note(frame: Frame) -> list[dict[str, object]]:
    label = axis_note(frame)
    return [_annotation(frame, label)] if label else []
