"""The forecast in the chart: a band and a dashed line, nothing that looks like a figure."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from reports import charts
from reports.chart_parts.choices import value_range
from reports.chart_parts.frame import Frame
from reports.chart_parts.words import placed_labels
from reports.figure_rows import ChartForecast, ChartLevel, ChartPoint, TargetFigureRows
from reports.queries.targets.chart_table import chart_table


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def forecast(year, value, low, high, shown):
    return ChartForecast(year, Decimal(value), Decimal(low), Decimal(high), shown)


ROWS = TargetFigureRows(
    points=[ChartPoint(2021 + at, Decimal(96 + at), f"{96 + at}%") for at in range(2)],
    unit="%",
    level=ChartLevel(Decimal(98), "≥ 98 %, 2024", 2021, 2024),
    fan=[
        forecast(2023, "98.1", "97.25", "98.95", "98.1% (97.2%–99.0%)"),
        forecast(2024, "99.1", "98", "100", "99.1% (98.0%–100.0%)"),
    ],
)


def test_line_is_dashed_without_markers_and_apart_from_the_figures():
    figure = charts.build_target_figure(ROWS)
    observed, line = figure.data

    assert observed.x == ("2021", "2022")
    assert (line.name, line.mode, line.line.dash) == ("Forecast", "lines", "6px,5px")
    assert (line.x, line.y) == (("2023", "2024"), (98.1, 99.1))


def test_line_is_read_out_as_a_forecast():
    line = charts.build_target_figure(ROWS).data[1]

    assert line.hovertemplate == "%{x} · %{customdata}<br>Forecast<extra></extra>"
    assert line.customdata == ("98.1% (97.2%–99.0%)", "99.1% (98.0%–100.0%)")


def test_a_single_year_is_a_dash_in_a_band_of_its_own():
    figure = charts.build_target_figure(replace(ROWS, fan=ROWS.fan[:1]))

    assert (figure.data[1].mode, figure.data[1].marker.symbol) == ("markers", "line-ew-open")
    tint, _edges = (shape for shape in figure.layout.shapes if shape.type == "path")
    assert tint.path == "M1.7,98.95L2.3,98.95L2.3,97.25L1.7,97.25Z"


def test_band_runs_along_the_ends_of_the_interval():
    shapes = charts.build_target_figure(ROWS).layout.shapes
    tint, edges = (shape for shape in shapes if shape.type == "path")

    assert tint.path == "M2,98.95L3,100.0L3,98.0L2,97.25Z"
    assert (tint.layer, tint.line.width) == ("below", 0)
    assert edges.path == "M2,98.95L3,100.0M2,97.25L3,98.0"
    assert edges.fillcolor is None


@pytest.mark.parametrize(
    ("level", "is_above"),
    [pytest.param("98.9", True, id="above"), pytest.param("99.5", False, id="below")],
)
def test_the_words_stand_beside_the_band_away_from_the_level(level, is_above):
    rows = replace(ROWS, level=ChartLevel(Decimal(level), "level", 2021, 2024))
    frame = Frame(rows, 800, 400)

    labels = {label.lines[0]: label.box for label in placed_labels(frame)}

    words = labels["Forecast"]
    upper, lower = frame.y(Decimal(100)), frame.y(Decimal("97.25"))
    assert (words.bottom <= upper) if is_above else (words.top >= lower)
    assert labels["level"].left < frame.x_of(2021)


def test_the_words_never_stand_under_the_axis():
    rows = replace(
        ROWS,
        points=[ChartPoint(2021, Decimal(5), "5%"), ChartPoint(2022, Decimal(3), "3%")],
        level=ChartLevel(Decimal(2), "level", 2021, 2024),
        fan=[forecast(2023, "2", "1.5", "2.5", ""), forecast(2024, "1", "0.1", "1.9", "")],
        y_limits=(Decimal(0), Decimal(100)),
    )
    frame = Frame(rows, 800, 400)

    words = next(each.box for each in placed_labels(frame) if each.lines[0] == "Forecast")

    assert words.bottom <= frame.y(Decimal("2.5"))


def test_axis_has_room_for_the_whole_interval():
    low, high = value_range(ROWS)

    assert low < 96
    assert high > 100


def test_table_keeps_forecasts_in_a_column_of_their_own():
    found = {row.year: (row.observed, row.forecast) for row in chart_table(ROWS).rows}

    assert found == {
        2021: ("96%", ""),
        2022: ("97%", ""),
        2023: ("", "98.1% (97.2%–99.0%)"),
        2024: ("", "99.1% (98.0%–100.0%)"),
    }


def test_without_a_forecast_nothing_of_it_is_drawn():
    figure = charts.build_target_figure(replace(ROWS, fan=()))

    assert len(figure.data) == 1
    assert not [shape for shape in figure.layout.shapes if shape.type == "path"]
    assert "Forecast<br>(80% interval)" not in [each.text for each in figure.layout.annotations]
