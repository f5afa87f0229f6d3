"""Figures drawn from plain rows: the query decides the rows, this file the look (VISUAL.md)."""

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal

import plotly.graph_objects as go
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.chart_fan import fan_band, fan_label, fan_line
from reports.chart_marks import (
    ACCENT,
    GREEN_TINT,
    HAIRLINE,
    INK,
    MUTED,
    RED,
    RED_TINT,
    label,
    line,
    rectangle,
)
from reports.figure_rows import ChartPoint, TargetFigureRows
from targets_site.cached import cached_text

FONT = (
    '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", '
    "system-ui, sans-serif"
)
# Up to so many figures each carries its value; beyond, only the last and the breached ones.
LABELLED_FIGURES = 8
CHART_CACHE_SECONDS = 24 * 60 * 60


def chart_json(rows: TargetFigureRows) -> str:
    """The figure as JSON text, cached by what it shows and the language of its labels.

    Building takes 3–5 ms, reading it back some 0.1 ms.
    """
    shown = f"target-figure/3/{get_language()}/{rows!r}"
    key = "chart-" + hashlib.sha256(shown.encode()).hexdigest()
    return cached_text(
        key, lambda: str(build_target_figure(rows).to_json()), seconds=CHART_CACHE_SECONDS
    )


def build_target_figure(rows: TargetFigureRows) -> go.Figure:
    """Observed figures against the target's level, path, milestones, hold band and forecast.

    Traces, in this order: `observed` (one entry a year, None for a year without a figure, which
    is drawn as a gap; one more None before a break) and, where they exist, `path` and `fan_line`.
    Years are category strings. Values are floats in `rows.unit`.
    """
    figure = go.Figure(_observed(rows))
    if rows.path:
        figure.add_trace(_path(rows))
    if rows.fan:
        figure.add_trace(fan_line(rows))
    figure.update_layout(
        template=None,
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        showlegend=False,
        hovermode="closest",
        dragmode=False,
        height=400,
        margin={"l": 52, "r": 16, "t": 28, "b": 56},
        xaxis=_year_axis(rows),
        yaxis=_value_axis(rows),
        shapes=[*_bands(rows), *_level_lines(rows), *_break_lines(rows)],
        annotations=[*_labels(rows)],
    )
    return figure


def _observed(rows: TargetFigureRows) -> go.Scatter:
    drawn = list(_with_gaps(rows))
    points = [point for _year, point in drawn]
    return go.Scatter(
        name=_("Observed"),
        x=[str(year) for year, _point in drawn],
        y=[float(point.value) if point else None for point in points],
        customdata=[[point.shown, point.note] if point else ["", ""] for point in points],
        hovertemplate="%{x} · %{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        mode="lines+markers+text",
        connectgaps=False,
        line={"color": ACCENT, "width": 2.5},
        marker={
            "size": [13 if point and point.bound != "exact" else 9 for point in points],
            "symbol": [_symbol(point) for point in points],
            "color": [_colour(point) for point in points],
            "line": {"color": [_colour(point) for point in points], "width": 2},
            "opacity": 1,
        },
        text=_value_labels(rows, points),
        textposition=[_label_place(at, points) for at in range(len(points))],
        textfont={"color": [_colour(point) for point in points], "size": 13},
        cliponaxis=False,
    )


def _with_gaps(rows: TargetFigureRows) -> Iterable[tuple[int, ChartPoint | None]]:
    """Each year between the first and last figure; a break also interrupts the line."""
    by_year = {point.year: point for point in rows.points}
    if not by_year:
        return
    for year in range(min(by_year), max(by_year) + 1):
        if year in rows.breaks and year - 1 in by_year:
            yield year, None
        yield year, by_year.get(year)


def _symbol(point: ChartPoint | None) -> str:
    """Shape before colour: an arrow for a bound, a square for a breach, hollow if not firm."""
    if point is None:
        return "circle"
    shape = {"at_least": "triangle-up", "at_most": "triangle-down"}.get(
        point.bound, "square" if point.is_breach else "circle"
    )
    return f"{shape}-open" if point.is_hollow else shape


def _colour(point: ChartPoint | None) -> str:
    return RED if point and point.is_breach else ACCENT


def _value_labels(rows: TargetFigureRows, points: Sequence[ChartPoint | None]) -> list[str]:
    every = len(rows.points) <= LABELLED_FIGURES
    last = rows.points[-1] if rows.points else None
    return [
        point.shown if point and (every or point is last or point.is_breach) else ""
        for point in points
    ]


def _label_place(at: int, points: Sequence[ChartPoint | None]) -> str:
    """On the side of a figure that the line to those beside it leaves free."""
    point = points[at]
    beside = [
        each.value for each in (*points[max(at - 1, 0) : at], *points[at + 1 : at + 2]) if each
    ]
    if point is None or not beside or point.value >= sum(beside) / len(beside):
        return "top center"
    return "bottom center"


def _path(rows: TargetFigureRows) -> go.Scatter:
    return go.Scatter(
        name=_("Path"),
        x=[str(year) for year, _value in rows.path],
        y=[float(value) for _year, value in rows.path],
        mode="lines",
        line={"color": MUTED, "width": 1.5, "dash": "dash"},
        hoverinfo="skip",
    )


def _year_axis(rows: TargetFigureRows) -> dict[str, object]:
    years = [str(year) for year in rows.years]
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": years,
        "range": [-0.6, len(years) - 0.4],
        "tickmode": "array",
        # No more labels than a narrow screen can hold, and always the last one.
        "tickvals": years[(len(years) - 1) % _stride(years) :: _stride(years)],
        "tickangle": 0,
        "fixedrange": True,
        "showgrid": False,
        "linecolor": INK,
        "ticks": "outside",
        "tickcolor": HAIRLINE,
    }


def _stride(years: Sequence[str]) -> int:
    return max(1, -(-len(years) // 8))


def _value_axis(rows: TargetFigureRows) -> dict[str, object]:
    low, high = value_range(rows)
    return {
        "range": [float(low), float(high)],
        "fixedrange": True,
        "gridcolor": HAIRLINE,
        "gridwidth": 1,
        "zeroline": False,
        "nticks": 6,
        "ticksuffix": "%" if rows.unit == "%" else "",
        "separatethousands": False,
        "automargin": True,
    }


def value_range(rows: TargetFigureRows) -> tuple[Decimal, Decimal]:
    """Lowest and highest value of the axis: from zero for counts, else what is drawn with some
    room around it, and never far outside what is possible."""
    drawn = [point.value for point in rows.points] + [value for _year, value in rows.path]
    drawn += [mark.value for mark in rows.milestones]
    drawn += [rows.level.value] if rows.level else []
    drawn += [end for each in rows.fan for end in (each.low, each.high)]
    low, high = (min(drawn), max(drawn)) if drawn else (Decimal(0), Decimal(1))
    room = max((high - low) * Decimal("0.22"), abs(high) * Decimal("0.005"), Decimal("0.1"))
    smallest, largest = rows.y_limits
    bottom = Decimal(0) if rows.starts_at_zero and low >= 0 else low - room
    top = high + room
    if smallest is not None:
        bottom = max(bottom, smallest)
    if largest is not None:
        # A marker on the limit stays whole, and its value readable above it.
        top = min(top, largest + room / 2)
    return bottom, top


def _bands(rows: TargetFigureRows) -> list[dict[str, object]]:
    shapes: list[dict[str, object]] = []
    if rows.band:
        low, high = value_range(rows)
        shapes.append(
            rectangle(
                rows.place(rows.band.from_year) - 0.5,
                rows.place(rows.band.to_year) + 0.5,
                float(rows.band.value),
                float(low if rows.band.less_is_better else high),
                GREEN_TINT,
            )
        )
    for point in rows.points:
        if point.is_breach:
            place = rows.place(point.year)
            low, high = value_range(rows)
            shapes.append(rectangle(place - 0.5, place + 0.5, float(low), float(high), RED_TINT))
    if rows.fan:
        shapes += fan_band(rows)
    return shapes


def _level_lines(rows: TargetFigureRows) -> list[dict[str, object]]:
    """The target from edge to edge, and each milestone as a thin mark at its year."""
    lines = []
    if rows.level:
        left = -0.6 if not rows.band else rows.place(rows.level.from_year) - 0.5
        right = len(rows.years) - 0.4
        lines.append(line((left, right), (rows.level.value, rows.level.value), INK, 1.5))
    for mark in rows.milestones:
        place = rows.place(mark.year)
        lines.append(line((place - 0.35, place + 0.35), (mark.value, mark.value), INK, 1))
    return lines


def _break_lines(rows: TargetFigureRows) -> list[dict[str, object]]:
    return [
        {
            "type": "line",
            "layer": "below",
            "yref": "paper",
            "x0": rows.place(year) - 0.5,
            "x1": rows.place(year) - 0.5,
            "y0": 0,
            "y1": 1,
            "line": {"color": MUTED, "width": 1, "dash": "dot"},
        }
        for year in rows.breaks
    ]


def _labels(rows: TargetFigureRows) -> Iterable[dict[str, object]]:
    """Words at the line that they name; no legend to look up."""
    if rows.level:
        yield {
            # At the end where no forecast is.
            **label(rows.level.label, x=0 if rows.fan else 1, y=float(rows.level.value)),
            "xref": "paper",
            "xanchor": "left" if rows.fan else "right",
            # On the side where it covers no figure.
            "yanchor": "bottom" if _label_goes_above(rows) else "top",
            "font": {"color": INK, "size": 13, "weight": 600},
        }
    for mark in rows.milestones:
        yield {
            **label(mark.label, x=rows.place(mark.year), y=float(mark.value)),
            "yanchor": "top",
            "font": {"color": MUTED, "size": 12},
        }
    if len(rows.path) > 1:
        yield _path_label(rows)
    if rows.fan:
        yield fan_label(rows, value_range=value_range(rows))
    for year in rows.breaks:
        yield {
            **label(_("Break"), x=rows.place(year) - 0.5, y=1),
            "yref": "paper",
            "yanchor": "bottom",
            "font": {"color": MUTED, "size": 12},
        }
    if value_range(rows)[0] > 0:
        yield {
            **label(_("The axis does not start at 0"), x=0, y=0),
            "xref": "paper",
            "yref": "paper",
            "xanchor": "left",
            "yanchor": "top",
            # Under the years, where nothing is drawn.
            "yshift": -26,
            "font": {"color": MUTED, "size": 12},
        }


def _label_goes_above(rows: TargetFigureRows) -> bool:
    """Whether the label belongs above the level: what is drawn near its end stands below it, or
    nothing is and no hold band fills that side."""
    years = set(rows.years[:3] if rows.fan else rows.years[-3:])
    near_the_end = [point.value for point in rows.points if point.year in years]
    level = rows.level.value if rows.level else Decimal(0)
    if not near_the_end:
        return rows.band is None or rows.band.less_is_better
    above = sum(value >= level for value in near_the_end)
    return above * 2 <= len(near_the_end)


def _path_label(rows: TargetFigureRows) -> dict[str, object]:
    (first_year, first), (next_year, following) = rows.path[0], rows.path[1]
    # Halfway, and further on where the figures would be under it.
    share = Decimal("0.75" if rows.fan else "0.5")
    return {
        **label(
            _("Path"),
            x=rows.place(first_year) + float(share * (next_year - first_year)),
            y=float(first + share * (following - first)),
        ),
        "yanchor": "middle",
        "font": {"color": MUTED, "size": 12},
    }
