"""The ranked dot plot, drawn by the server and by Plotly from the same rows."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.utils.translation import override

from reports.charts_ranked import build_ranked_figure, ranked_json
from reports.drawings.multiples import Level, SharedScale
from reports.drawings.ranked import ranked_drawing
from reports.ranked_rows import RankedPoint, RankedRows, places_of

SCALE = SharedScale("%", 2020, 2020, Decimal(90), Decimal(100))


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def point(name, value, target=None, place=1, **fields):
    fields = {"bound": "exact", "is_hollow": False, **fields}
    level = Level(Decimal(target), f"≥ {target}", 2020) if target else None
    return RankedPoint(place, name, Decimal(value), value, target=level, **fields)


ROWS = RankedRows(
    [
        point("Hainan", "98.40", "98"),
        point("Jiangxi", "97", "98", is_hollow=True),
        point("Anhui", "95.5", bound="at_least"),
        point("Shanxi", "92.13", "99", bound="at_most", is_hollow=True),
    ],
    2020,
    SCALE,
)


def drawn(rows=ROWS):
    return ElementTree.fromstring(ranked_drawing(rows))


def of_class(picture, name):
    return [each for each in picture.iter() if name in each.get("class", "").split()]


def texts(picture, name):
    return [each.text for each in of_class(picture, name)]


@pytest.mark.parametrize(
    ("values", "places"),
    [
        pytest.param([], [], id="none"),
        pytest.param(["3", "2", "1"], [1, 2, 3], id="all-different"),
        pytest.param(["3", "2", "2.0", "1"], [1, 2, 2, 4], id="two-alike"),
        pytest.param(["3", "3", "3"], [1, 1, 1], id="all-alike"),
    ],
)
def test_places(values, places):
    assert places_of([(Decimal(value), "exact") for value in values]) == places


def test_a_bound_ties_with_no_exact_figure():
    assert places_of([(Decimal(3), "at_least"), (Decimal(3), "exact")]) == [1, 2]


def test_each_area_has_one_mark_its_value_and_its_target():
    picture = drawn()

    assert texts(picture, "ranked__name") == ["Hainan", "Jiangxi", "Anhui", "Shanxi"]
    assert [mark.get("data-value") for mark in of_class(picture, "multiple__mark")] == [
        "98.4", "97", "95.5", "92.13",
    ]  # fmt: skip
    assert texts(picture, "multiple__value") == ["98.40", "97", "≥ 95.5", "≤ 92.13"]
    assert [tick.get("data-value") for tick in of_class(picture, "ranked__target")] == [
        "98", "98", "99",
    ]  # fmt: skip
    assert texts(picture, "ranked__goal") == ["≥ 98, 2020", "≥ 98, 2020", "≥ 99, 2020"]


def test_marks_and_ticks_stand_where_their_values_say():
    """The slow way: between the two ends of the axis, each at its share of the way."""
    picture = drawn()
    low, _middle, high = of_class(picture, "multiple__end")
    left, right = (float(end.get("x").rstrip("%")) for end in (low, high))

    circles = [each for each in of_class(picture, "multiple__mark") if each.tag == "circle"]
    places = [(each.get("cx"), each.get("data-value")) for each in circles]
    places += [(each.get("x1"), each.get("data-value"))
               for each in of_class(picture, "ranked__target")]  # fmt: skip
    assert len(places) == 5
    for at, value in places:
        share = float((Decimal(value) - 90) / 10)
        assert float(at.rstrip("%")) == pytest.approx(left + share * (right - left), abs=0.01)


def test_hollow_and_bounded_figures_have_marks_of_their_own():
    marks = of_class(drawn(), "multiple__mark")

    assert [(each.tag, "is-hollow" in each.get("class")) for each in marks] == [
        ("circle", False), ("circle", True), ("polygon", False), ("polygon", True),
    ]  # fmt: skip


def test_a_value_stands_before_its_figure_where_the_target_follows_close():
    sides = [ROWS.is_labelled_left(each) for each in ROWS.points]

    assert sides == [False, True, False, False]


def test_drawing_can_be_heard():
    assert drawn().get("aria-label") == (
        "Hainan: 98.40, target ≥ 98, 2020; Jiangxi: 97, target ≥ 98, 2020; Anhui: ≥ 95.5; "
        "Shanxi: ≤ 92.13, target ≥ 99, 2020"
    )


def test_a_long_name_is_cut_in_the_drawing_and_whole_for_a_reader_who_hears_it():
    name = "Xinjiang Uygur Autonomous Region"
    picture = drawn(RankedRows([point(name, "95")], 2020, SCALE))

    assert texts(picture, "ranked__name") == ["Xinjiang Uygur …"]
    assert picture.get("aria-label").startswith(name)


def test_plotly_draws_the_same_rows():
    figures, targets = build_ranked_figure(ROWS).data

    assert list(figures.x) == [98.4, 97.0, 95.5, 92.13]
    assert list(figures.y) == [0, 1, 2, 3]
    assert list(figures.text) == ["98.40", "97", "≥ 95.5", "≤ 92.13"]
    assert list(figures.marker.symbol) == [
        "circle", "circle-open", "triangle-right", "triangle-left-open",
    ]  # fmt: skip
    assert list(zip(targets.x, targets.y, strict=True)) == [(98.0, 0), (98.0, 1), (99.0, 3)]


def test_plotly_names_the_areas_from_the_top_and_each_target_at_the_edge():
    layout = build_ranked_figure(ROWS).layout

    assert list(layout.yaxis.ticktext) == ["Hainan", "Jiangxi", "Anhui", "Shanxi"]
    assert layout.yaxis.range[0] > layout.yaxis.range[1]
    assert [(each.text, each.y) for each in layout.annotations] == [
        ("≥ 98, 2020", 0), ("≥ 98, 2020", 1), ("≥ 99, 2020", 3),
    ]  # fmt: skip


def test_plotly_takes_the_room_of_the_drawing():
    layout = build_ranked_figure(ROWS).layout

    assert str(layout.height) == drawn().get("height") == "134"


def test_json_is_built_once_for_what_it_shows(monkeypatch):
    cache.clear()
    built = []
    monkeypatch.setattr(
        "reports.charts_ranked.build_ranked_figure",
        lambda rows: built.append(rows) or build_ranked_figure(rows),
    )
    other = RankedRows(ROWS.points[:2], 2020, SCALE)

    texts = [ranked_json(rows) for rows in (ROWS, ROWS, other)]

    assert built == [ROWS, other]
    assert texts[0] == texts[1] != texts[2]
