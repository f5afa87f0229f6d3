from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from reports.drawings.multiples import (
    Level,
    Multiple,
    SharedScale,
    shared_scale,
    small_multiple,
)
from reports.queries.rows import YearFigure


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def figure(year, value, **fields):
    fields = {"bound": "exact", "is_break": False, "is_hollow": False, **fields}
    return YearFigure(year, Decimal(value), value, grade="official", **fields)


def goal(value="98", year=2020):
    return Level(Decimal(value), f"≥ {value}", year)


def scale_of(*multiples, unit="%"):
    return shared_scale(multiples, unit=unit)


def drawn(multiple, scale=None):
    """The picture as XML."""
    return ElementTree.fromstring(small_multiple(multiple, scale=scale or scale_of(multiple)))


def of_class(picture, name):
    return [each for each in picture.iter() if name in each.get("class", "").split()]


def texts(picture, name):
    return [each.text or "" for each in of_class(picture, name)]


@pytest.mark.parametrize(
    ("values", "unit", "low", "high"),
    [
        pytest.param(["96.5", "97.3"], "%", "96.5", "97.5", id="rates-far-from-zero"),
        pytest.param(["93", "99.8"], "%", "92", "100", id="a-rate-ends-at-100"),
        pytest.param(["12", "47"], "%", "0", "50", id="rates-near-zero"),
        pytest.param(["1.7", "1.9"], "%", "0", "2", id="small-rates"),
        pytest.param(["96.5", "97.3"], "个", "0", "100", id="counts-from-zero"),
        pytest.param(["-3", "5.5"], "%", "-4", "6", id="both-sides-of-zero"),
        pytest.param(["-8", "-6"], "%", "-8", "0", id="all-below-zero"),
        pytest.param(["106.2"], "index", "106", "107", id="one-figure"),
        pytest.param(["100"], "%", "99.5", "100", id="the-largest-rate-alone"),
        pytest.param(["0"], "个", "0", "1", id="zero-alone"),
        pytest.param(["123456"], "个", "0", "150000", id="large-counts"),
    ],
)
def test_ends_of_the_axis_are_round_and_around_every_value(values, unit, low, high):
    multiple = Multiple([figure(2012 + at, value) for at, value in enumerate(values)])

    scale = scale_of(multiple, unit=unit)

    assert (scale.low, scale.high) == (Decimal(low), Decimal(high))
    assert scale.starts_above_zero == (Decimal(low) > 0)


def test_scale_takes_in_every_figure_target_and_milestone_of_the_group():
    scale = scale_of(
        Multiple([figure(2012, "96.5")], goal("98")),
        Multiple([figure(2013, "97")], goal("99.5", 2015), [goal("91", 2011)]),
        Multiple([]),
    )

    assert scale == SharedScale("%", 2011, 2020, Decimal(90), Decimal(100), label_length=6)


def test_a_group_without_anything_has_no_scale():
    assert scale_of(Multiple([]), Multiple([], Level(Decimal(98), "≥ 98"))) is None


def test_multiples_of_a_group_say_the_same_scale():
    first = Multiple([figure(2012, "96.5")], goal())
    second = Multiple([figure(2018, "71")])
    scale = scale_of(first, second)

    said = [
        [drawn(each, scale).get(f"data-{name}")
         for name in ("low", "high", "first-year", "last-year")]
        for each in (first, second)
    ]  # fmt: skip

    assert said == [["70", "100", "2012", "2020"]] * 2


def test_the_same_value_stands_at_the_same_height_in_each():
    first = Multiple([figure(2012, "96.5"), figure(2013, "80")])
    second = Multiple([figure(2012, "96.5"), figure(2013, "60")])
    scale = scale_of(first, second)

    heights = [of_class(drawn(each, scale), "multiple__mark")[0].get("cy")
               for each in (first, second)]  # fmt: skip

    assert heights[0] == heights[1]


def test_each_figure_has_one_mark_with_its_value():
    picture = drawn(Multiple([figure(2012, "96.50"), figure(2013, "97"), figure(2015, "96")]))

    marks = [(each.get("data-year"), each.get("data-value"))
             for each in of_class(picture, "multiple__mark")]  # fmt: skip

    assert marks == [("2012", "96.5"), ("2013", "97"), ("2015", "96")]


def test_marks_stand_where_their_values_say():
    """The slow way: between the two labels of an axis, each mark at its share of the way."""
    values = {2012: "61", 2013: "74.5", 2016: "100", 2020: "88.25"}
    picture = drawn(Multiple([figure(year, value) for year, value in values.items()]))
    low_label, high_label, first_label, last_label = of_class(picture, "multiple__end")

    for mark in of_class(picture, "multiple__mark"):
        year, value = int(mark.get("data-year")), Decimal(mark.get("data-value"))
        up = float((value - 60) / (100 - 60))
        along = (year - 2012) / (2020 - 2012)
        foot, top = float(low_label.get("y")) - 4, float(high_label.get("y")) - 4
        left, right = float(first_label.get("x")), float(last_label.get("x"))
        assert float(mark.get("cy")) == pytest.approx(foot + up * (top - foot), abs=0.1)
        assert float(mark.get("cx")) == pytest.approx(left + along * (right - left), abs=0.1)


def test_ends_of_both_axes_and_the_last_value_are_labelled():
    picture = drawn(Multiple([figure(2012, "96.50"), figure(2013, "97.10")]))

    assert texts(picture, "multiple__end") == ["96.5", "97.5", "2012", "2013"]
    assert texts(picture, "multiple__value") == ["97.10"]


def test_a_gap_and_a_break_interrupt_the_line():
    points = [
        figure(2011, "95"), figure(2012, "96"), figure(2014, "97"),
        figure(2015, "92", is_break=True), figure(2016, "93"),
    ]  # fmt: skip

    picture = drawn(Multiple(points))

    x = {mark.get("data-year"): mark.get("cx") for mark in of_class(picture, "multiple__mark")}
    strokes = [(each.get("x1"), each.get("x2")) for each in of_class(picture, "multiple__line")]
    assert strokes == [(x["2011"], x["2012"]), (x["2015"], x["2016"])]
    (upright,) = of_class(picture, "multiple__break")
    assert upright.get("data-year") == "2015"
    assert float(x["2014"]) < float(upright.get("x1")) < float(x["2015"])


def test_hollow_figures_and_bounds_have_marks_of_their_own():
    points = [
        figure(2011, "95"), figure(2012, "96", is_hollow=True),
        figure(2013, "97", bound="at_least"),
        figure(2014, "98", bound="at_most", is_hollow=True), figure(2015, "99", bound="about"),
    ]  # fmt: skip

    marks = of_class(drawn(Multiple(points)), "multiple__mark")

    assert [(each.tag, "is-hollow" in each.get("class")) for each in marks] == [
        ("circle", False), ("circle", True), ("polygon", False), ("polygon", True),
        ("circle", False),
    ]  # fmt: skip
    upper, lower = ([float(pair.split(",")[1]) for pair in each.get("points").split()]
                    for each in marks[2:4])  # fmt: skip
    assert upper[2] < min(upper[:2])
    assert lower[2] > max(lower[:2])


def test_target_is_a_line_with_its_label_and_year():
    picture = drawn(Multiple([figure(2012, "96.50")], goal("98")))

    (level,) = of_class(picture, "multiple__target")
    assert (level.get("data-value"), level.get("y1")) == ("98", level.get("y2"))
    assert texts(picture, "multiple__level") == ["≥ 98"]
    assert texts(picture, "multiple__end") == ["96.5", "98", "2012", "2020", "2020"]


def test_milestones_are_ticks_at_their_years():
    picture = drawn(
        Multiple([figure(2012, "96")], goal("98"), [goal("97", 2015), Level(Decimal(96), "≥ 96")])
    )

    (tick,) = of_class(picture, "multiple__milestone")
    (mark,) = of_class(picture, "multiple__mark")
    assert (tick.get("data-value"), tick[0].text) == ("97", "≥ 97, 2015")
    assert float(tick.get("x1")) > float(mark.get("cx"))


def test_without_a_figure_the_target_stands_alone():
    multiple = Multiple([], goal("98"))

    picture = drawn(multiple)

    assert of_class(picture, "multiple__mark") == []
    assert "no figure" in texts(picture, "multiple__end")
    assert picture.get("aria-label") == "no figure; target ≥ 98, 2020; axis from 97.5 to 98.5"


def test_all_figures_can_be_heard():
    points = [figure(2012, "96.50"), figure(2013, "97", bound="at_least")]

    picture = drawn(Multiple(points, goal("98")))

    assert picture.get("role") == "img"
    assert picture.get("aria-label") == (
        "2012: 96.50; 2013: ≥ 97; target ≥ 98, 2020; axis from 96.5 to 98"
    )


def test_an_axis_that_leaves_zero_out_has_a_dashed_foot():
    feet = [
        of_class(drawn(Multiple([figure(2012, value)])), "is-above-zero") != []
        for value in ("96.50", "0.3")
    ]

    assert feet == [True, False]


@pytest.mark.parametrize("before", ["90", "99"])
def test_the_last_value_is_not_struck_through_by_the_target(before):
    picture = drawn(Multiple([figure(2012, before), figure(2013, "97.5")], goal("98.5")))

    (value,) = of_class(picture, "multiple__value")
    (level,) = of_class(picture, "multiple__target")
    foot = float(value.get("y"))
    assert not foot - 10 < float(level.get("y1")) < foot


def test_labels_are_escaped():
    multiple = Multiple([figure(2012, "96")], Level(Decimal(98), "<b>", 2020))

    assert "<b>" not in small_multiple(multiple, scale=scale_of(multiple))


def test_the_last_value_keeps_clear_of_the_targets_label():
    """At the end of the years it stands over or under its figure, before that beside it."""
    early = drawn(Multiple([figure(2012, "90"), figure(2013, "91")], goal("98")))
    late = drawn(Multiple([figure(2012, "90"), figure(2020, "97.75")], goal("98")))

    (beside,), (under,) = (of_class(each, "multiple__value") for each in (early, late))
    (label,) = of_class(late, "multiple__level")
    mark = of_class(early, "multiple__mark")[-1]
    assert float(beside.get("x")) > float(mark.get("cx")) + 3
    assert float(under.get("x")) + 5 * 6.4 / 2 < float(label.get("x"))
