"""The SVG of the big chart against the Plotly figure of the same rows, and on its own."""

import json
import re
from decimal import Decimal
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from reports.chart_parts.choices import value_range, value_ticks, year_ticks
from reports.chart_parts.frame import WIDTHS, Frame, height_for
from reports.chart_parts.words import placed_labels
from reports.charts import build_target_figure
from reports.drawings.trend import trend_drawing
from reports.figure_rows import (
    ChartForecast,
    ChartLevel,
    ChartMark,
    ChartPoint,
    HoldBand,
    TargetFigureRows,
)

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True, scope="module")
def _in_english():
    with translation.override("en"):
        yield


def point(year, value, **fields):
    return ChartPoint(year, Decimal(value), f"{value}%", **fields)


def hold_rows(**fields):
    shown = {
        "points": [point(2015, "97.4"), point(2017, "96.80", is_breach=True), point(2018, "97")],
        "unit": "%",
        "level": ChartLevel(Decimal(97), "≥ 97%, 2020", 2015, 2020),
        "band": HoldBand(Decimal(97), 2015, 2020),
        "y_limits": (Decimal(0), Decimal(100)),
        **fields,
    }
    return TargetFigureRows(**shown)


def drawn(rows, **options):
    return ElementTree.fromstring(trend_drawing(rows, standalone=True, **options))


def of_class(svg, name):
    return [each for each in svg.iter() if each.get("class") == name]


def texts(svg):
    return [each.text for each in svg.iter(f"{SVG}text")]


figures = st.decimals(min_value=0, max_value=100, places=2)
LEVEL = st.builds(
    lambda value, to_year: ChartLevel(value, f"≥ {value}%, {to_year}", 2011, to_year),
    figures,
    st.integers(2015, 2022),
)


@st.composite
def any_rows(draw):
    years = sorted(draw(st.sets(st.integers(2009, 2020), min_size=1, max_size=12)))
    points = [
        point(
            year,
            str(draw(figures)),
            bound=draw(st.sampled_from(["exact", "about", "at_least", "at_most"])),
            is_hollow=draw(st.booleans()),
            is_breach=draw(st.booleans()),
        )
        for year in years
    ]
    level = draw(st.none() | LEVEL)
    first = years[-1] + 1
    middle = draw(figures)
    fan = [
        ChartForecast(first + at, middle, max(middle - at - 1, Decimal(0)), middle + at + 1, "")
        for at in range(draw(st.integers(0, 4)))
    ]
    return TargetFigureRows(
        points=points,
        unit="%",
        level=level,
        other_level=draw(st.none() | LEVEL) if level else None,
        path=[(years[0], points[0].value), (level.to_year + 3, level.value)] if level else [],
        milestones=[ChartMark(2015, draw(figures), "≥ 97%, 2015")] if draw(st.booleans()) else [],
        band=HoldBand(level.value, 2013, level.to_year) if level and draw(st.booleans()) else None,
        breaks=draw(st.lists(st.sampled_from(years), max_size=1)),
        fan=fan,
        y_limits=draw(st.sampled_from([(Decimal(0), Decimal(100)), (None, None)])),
        starts_at_zero=draw(st.booleans()),
    )


def places_in_svg(svg):
    """Centre of each marker by its year, in pixels."""
    return {int(each.get("data-year")): _centre(each[1]) for each in of_class(svg, "trend__figure")}


def _centre(shape):
    if shape.tag == f"{SVG}circle":
        return float(shape.get("cx")), float(shape.get("cy"))
    if shape.tag == f"{SVG}rect":
        half = float(shape.get("width")) / 2
        return float(shape.get("x")) + half, float(shape.get("y")) + half
    corners = [tuple(map(float, one.split(","))) for one in shape.get("points").split()]
    return corners[0][0], (corners[0][1] + corners[1][1]) / 2


def places_in_plotly(figure):
    """The same, worked out from its ranges and margins."""
    layout, observed = figure.layout, figure.data[0]
    (left, right), (low, high) = layout.xaxis.range, layout.yaxis.range
    width = layout.width - layout.margin.l - layout.margin.r
    height = layout.height - layout.margin.t - layout.margin.b
    places = layout.xaxis.categoryarray
    return {
        int(year): (
            layout.margin.l + width * (places.index(year) - left) / (right - left),
            layout.margin.t + height * (high - value) / (high - low),
        )
        for year, value in zip(observed.x, observed.y, strict=True)
        if value is not None
    }


@given(any_rows())
def test_both_drawings_show_the_same_figures_at_the_same_places(rows):
    svg, figure = drawn(rows), build_target_figure(rows)

    ours, theirs = places_in_svg(svg), places_in_plotly(figure)
    assert ours.keys() == theirs.keys() == {each.year for each in rows.points}
    for year, place in ours.items():
        assert place == pytest.approx(theirs[year], abs=0.11)
    symbols = {
        int(year): symbol
        for year, symbol, value in zip(
            figure.data[0].x, figure.data[0].marker.symbol, figure.data[0].y, strict=True
        )
        if value is not None
    }
    assert symbols == {
        int(each.get("data-year")): each.get("data-symbol")
        for each in of_class(svg, "trend__figure")
    }


@given(any_rows())
def test_both_drawings_have_the_same_words_ticks_and_lines(rows):
    svg, figure = drawn(rows), build_target_figure(rows)
    layout = figure.layout

    words = [line for each in layout.annotations for line in each.text.split("<br>")]
    ticks = [*(layout.yaxis.ticktext or ()), *layout.xaxis.tickvals]
    assert sorted(texts(svg)) == sorted([*words, *ticks])
    flat = [each for each in layout.shapes if each.type == "line" and each.y0 == each.y1]
    names = ("trend__other-level", "trend__level", "trend__milestone")
    assert len(flat) == sum(len(of_class(svg, name)) for name in names)
    traces = len(of_class(svg, "trend__path")) + len(of_class(svg, "trend__fan"))
    assert len(figure.data) == 1 + traces


@given(any_rows(), st.sampled_from(WIDTHS))
def test_no_word_covers_another_or_leaves_the_picture(rows, width):
    frame = Frame(rows, width, height_for(rows, width))

    boxes = [label.box for label in placed_labels(frame)]

    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
    assert all(box.left >= 0 and box.right <= width and box.top >= 0 for box in boxes)
    assert all(box.bottom < frame.bottom for box in boxes)


@given(any_rows())
def test_values_of_the_axis_are_round_few_and_possible(rows):
    low, high = value_range(rows)

    ticks = [value for value, _text in value_ticks(rows)]

    assert 2 <= len(ticks) <= 6
    steps = {after - before for before, after in pairwise(ticks)}
    assert len(steps) == 1
    assert low <= ticks[0]
    assert ticks[-1] <= high
    assert rows.y_limits[1] is None or ticks[-1] <= 100


def test_a_year_without_a_figure_interrupts_the_line():
    svg = drawn(hold_rows())

    lines = [each.get("points") for each in of_class(svg, "trend__line")]
    frame = Frame(hold_rows(), 800, 400)
    years = [(frame.x_of(2017), frame.y(Decimal("96.8"))), (frame.x_of(2018), frame.y(Decimal(97)))]
    assert lines == [" ".join(f"{x},{y}" for x, y in years)]


def test_a_break_interrupts_the_line_and_is_named():
    svg = drawn(hold_rows(breaks=[2018]))

    assert of_class(svg, "trend__line") == []
    assert len(of_class(svg, "trend__break")) == 1
    assert "Break" in texts(svg)


def test_a_breached_year_is_a_square_in_a_tinted_column():
    svg = drawn(hold_rows())

    assert [each.get("data-symbol") for each in of_class(svg, "trend__figure")] == [
        "circle", "square", "circle",
    ]  # fmt: skip
    assert len(of_class(svg, "trend__breach")) == len(of_class(svg, "trend__band")) == 1


def test_long_words_of_a_level_are_broken_up_where_there_is_no_room():
    other = ChartLevel(
        Decimal(95), "original, another measure: ≥ 95%, 2020", 2013, 2020,
        lines=("original, another measure", "≥ 95%, 2020"),
    )  # fmt: skip
    rows = hold_rows(other_level=other)

    assert other.label in texts(drawn(rows, width=800))
    assert {*other.lines} <= {*texts(drawn(rows, width=288))}


def test_a_figure_keeps_its_digits_and_says_what_it_is():
    rows = hold_rows(points=[point(2015, "63.10", is_hollow=True, note="reprint, to be checked")])

    figure = of_class(drawn(rows), "trend__figure")[0]

    assert figure[0].text == "2015 · 63.10% · reprint, to be checked"
    assert figure.get("fill") == "#ffffff"


def test_what_a_reader_without_eyes_hears():
    assert drawn(hold_rows()).get("aria-label") == (
        "2015: 97.4%; 2017: 96.80%; 2018: 97%; target ≥ 97%, 2020"
    )
    assert drawn(hold_rows(), label="The finding").get("aria-label") == "The finding"


def test_the_axis_says_that_it_does_not_start_at_zero():
    assert "The axis does not start at 0" in texts(drawn(hold_rows()))
    from_zero = hold_rows(starts_at_zero=True)
    assert "The axis does not start at 0" not in texts(drawn(from_zero))


def test_a_drawing_that_stands_alone_brings_what_it_needs():
    alone, in_a_page = trend_drawing(hold_rows(), standalone=True), trend_drawing(hold_rows())

    for brought in ("Noto Sans CJK SC", 'xmlns="http://www.w3.org/2000/svg"'):
        assert brought in alone
        assert brought not in in_a_page
    assert re.search(r"<style|style=", alone + in_a_page) is None


def test_a_label_is_text_and_never_markup():
    rows = hold_rows(points=[ChartPoint(2015, Decimal(97), "<b>97</b>", note='" onload="x')])

    assert "&lt;b&gt;97&lt;/b&gt;" in trend_drawing(rows)
    assert of_class(drawn(rows), "trend__figure")[0][0].text.endswith('" onload="x')


def test_one_figure_takes_a_lower_picture():
    assert drawn(hold_rows(points=[point(2015, "97")])).get("height") == "280"
    assert drawn(hold_rows()).get("height") == "400"
    assert drawn(hold_rows(), width=288).get("height") == "300"
    assert drawn(hold_rows(), height=350).get("height") == "350"


def test_without_any_year_there_is_no_drawing():
    assert trend_drawing(TargetFigureRows(points=[], unit="%")) == ""


def test_the_last_year_always_has_its_label():
    for length in range(1, 30):
        years = list(range(2000, 2000 + length))
        assert year_ticks(years, most=8)[-1] == years[-1]
        assert len(year_ticks(years, most=8)) <= 8


def test_plotly_takes_the_size_of_the_widest_drawing():
    layout = json.loads(build_target_figure(hold_rows()).to_json())["layout"]

    assert (layout["width"], layout["height"]) == (800, 400)
    assert layout["margin"]["autoexpand"] is False


@pytest.mark.parametrize("width", WIDTHS)
def test_plotly_knows_the_words_of_each_width(width):
    place = build_target_figure(hold_rows()).layout.meta["places"][width]

    words = [line for each in place["annotations"] for line in each["text"].split("<br>")]
    svg = drawn(hold_rows(), width=width)
    assert len(words) >= 4
    assert set(words) <= set(texts(svg))
    assert (place["width"], str(place["height"])) == (width, svg.get("height"))
