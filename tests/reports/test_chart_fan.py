"""The forecast in the chart: a band and a dashed line, nothing that looks like a figure."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from reports import charts
from reports.figure_rows import ChartLevel, ChartPoint, ChartProjection, TargetFigureRows
from reports.queries.targets.chart_table import chart_table


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def projected(year, value, low, high, shown=""):
    return ChartProjection(year, Decimal(value), Decimal(low), Decimal(high), shown)


ROWS = TargetFigureRows(
    points=[ChartPoint(2021 + at, Decimal(96 + at), f"{96 + at}%") for at in range(2)],
    unit="%",
    level=ChartLevel(Decimal(98), "≥ 98 %, 2024", 2021, 2024),
    fan=[
        projected(2022, "97.1", "96.5", "97.7"),
        projected(2023, "98.1", "97.25", "98.95", "98.1% (97.2%–99.0%)"),
        projected(2024, "99.1", "98", "100", "99.1% (98.0%–100%)"),
    ],
)


def test_line_is_dashed_without_markers_and_apart_from_the_figures():
    figure = charts.build_target_figure(ROWS)
    observed, line = figure.data

    assert observed.x == ("2021", "2022")
    assert (line.name, line.mode, line.line.dash) == ("Projected", "lines", "6px,5px")
    assert (line.x, line.y) == (("2022", "2023", "2024"), (97.1, 98.1, 99.1))


def test_line_is_read_out_as_projected_after_the_last_figure_only():
    line = charts.build_target_figure(ROWS).data[1]

    assert line.hoverinfo == ("skip", "all", "all")
    assert line.hovertemplate[0] == ""
    assert line.hovertemplate[1] == "%{x} · %{customdata}<br>Projected<extra></extra>"
    assert line.customdata[1] == "98.1% (97.2%–99.0%)"


def test_band_runs_along_the_ends_of_the_interval():
    shapes = charts.build_target_figure(ROWS).layout.shapes
    tint, edges = (shape for shape in shapes if shape.type == "path")

    assert tint.path == "M1,97.7L2,98.95L3,100.0L3,98.0L2,97.25L1,96.5Z"
    assert (tint.layer, tint.line.width) == ("below", 0)
    assert edges.path == "M1,97.7L2,98.95L3,100.0M1,96.5L2,97.25L3,98.0"
    assert edges.fillcolor is None


@pytest.mark.parametrize(
    ("level", "above", "edge"),
    [pytest.param("96.9", True, 98.95, id="above"), pytest.param("99.5", False, 97.25, id="below")],
)
def test_the_words_stand_on_the_other_side_than_those_of_the_level(level, above, edge):
    rows = replace(ROWS, level=ChartLevel(Decimal(level), "level", 2021, 2024))

    labels = {each.text: each for each in charts.build_target_figure(rows).layout.annotations}

    assert labels["level"].yanchor == ("top" if above else "bottom")
    assert labels["Projected"].yanchor == ("bottom" if above else "top")
    assert (labels["Projected"].x, labels["Projected"].y) == (2, edge)


def test_axis_has_room_for_the_whole_interval():
    low, high = charts.value_range(ROWS)

    assert low < 96
    assert high > 100


def test_table_keeps_projections_in_a_column_of_their_own():
    found = {row.year: (row.observed, row.projected) for row in chart_table(ROWS)}

    assert found == {
        2021: ("96%", ""),
        2022: ("97%", ""),
        2023: ("", "98.1% (97.2%–99.0%)"),
        2024: ("", "99.1% (98.0%–100%)"),
    }


def test_without_a_forecast_nothing_of_it_is_drawn():
    figure = charts.build_target_figure(replace(ROWS, fan=()))

    assert len(figure.data) == 1
    assert not [shape for shape in figure.layout.shapes if shape.type == "path"]
    assert "Projected" not in [each.text for each in figure.layout.annotations]
