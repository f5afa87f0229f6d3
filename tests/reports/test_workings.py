from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from reports.sentences import Level
from reports.workings import (
    Case,
    Figure,
    case_path,
    facts_of,
    judge,
    path_knots,
    running_sums,
    steps,
    threshold,
)

AT_LEAST_98 = Level("reach", "ge", Decimal(98), "98", unit="%")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def figure(year: int, value: str, **fields: object) -> Figure:
    return Figure(year, Decimal(value), value, **fields)


def make_case(status: str, **fields: object) -> Case:
    base = {
        "level": AT_LEAST_98,
        "direction": 1,
        "threshold": Decimal(98),
        "target_year": 2020,
        "start_year": 2011,
        "as_of": 2020,
        "unit": "%",
        "figures": (),
    }
    return Case(status=status, **{**base, **fields})


def sums(case: Case) -> list[str]:
    return [each for step in steps(case) for each in step.sums]


def test_path_knots_never_give_back_and_never_ask_for_more_than_the_target():
    knots = path_knots(
        (2010, Decimal(90)),
        [(2009, Decimal(1)), (2012, Decimal(88)), (2015, Decimal(99)), (2021, Decimal(97))],
        (2020, Decimal(98)),
        direction=1,
    )

    assert knots == [
        (2010, Decimal(90)),
        (2012, Decimal(90)),
        (2015, Decimal(98)),
        (2020, Decimal(98)),
    ]


def test_path_knots_of_a_target_that_falls():
    knots = path_knots((2010, Decimal(4)), [(2015, Decimal(5))], (2020, Decimal(2)), direction=-1)

    assert knots == [(2010, Decimal(4)), (2015, Decimal(4)), (2020, Decimal(2))]


@pytest.mark.parametrize(
    ("level", "given", "expected"),
    [
        (AT_LEAST_98, {}, "98"),
        (Level("reach", "about", Decimal(82), "82"), {}, "81.5"),
        (Level("reach", "about", Decimal("82.0"), "82.0"), {"stated_decimals": 1}, "81.95"),
        (Level("reach", "about", Decimal(82), "82"), {"tolerance": Decimal(2)}, "80"),
        (Level("relative", "ge", Decimal(15), "15"), {"baseline_value": Decimal(200)}, "230"),
        (Level("relative", "le", Decimal(15), "15"), {"baseline_value": Decimal(200)}, "170"),
        (Level("relative", "ge", Decimal(15), "15"), {}, None),
        (Level("monotone", "le", None, ""), {}, None),
    ],
)
def test_threshold_is_t_of_the_method(level, given, expected):
    defaults = {"stated_decimals": 0, "tolerance": None, "baseline_value": None}

    result = threshold(level, **{**defaults, **given})

    assert result == (None if expected is None else Decimal(expected))


def test_running_sums_are_at_least_after_a_missing_year():
    result = running_sums([figure(2010, "9"), figure(2011, "4"), figure(2013, "5")], 2011)

    assert [(each.year, each.value, each.bound) for each in result] == [
        (2011, Decimal(4), "exact"),
        (2013, Decimal(9), "at_least"),
    ]


@pytest.mark.parametrize(
    ("value", "bound", "expected"),
    [
        ("98", "exact", "met"),
        ("97.95", "exact", "short"),
        ("99", "at_least", "met"),
        ("97", "at_least", "open"),
        ("97", "at_most", "short"),
        ("99", "at_most", "open"),
    ],
)
def test_judge_reads_bounds_as_intervals(value, bound, expected):
    assert judge(make_case("missed"), Decimal(value), bound) == expected


def test_steps_show_the_arithmetic_of_a_missed_target():
    case = make_case(
        "missed",
        figures=[figure(2020, "97.95")],
        actual_year=2020,
        actual_value=Decimal("97.95"),
        gap=Decimal("0.05"),
    )

    assert sums(case) == ["T = 98", "gap = T − v = 98 − 97.95 = 0.05 > 0: short"]


def test_steps_show_the_path_and_the_share_of_the_way():
    case = make_case(
        "behind",
        as_of=2013,
        figures=[figure(2010, "90"), figure(2013, "92.4")],
        milestones=[(2015, Decimal(96))],
        actual_year=2013,
        actual_value=Decimal("92.4"),
        gap=Decimal("5.6"),
        baseline_year=2010,
        baseline_value=Decimal(90),
        expected=Decimal("93.6"),
        ratio=Decimal("0.6667"),
        required_pace=Decimal("0.8"),
        last_pace=Decimal("0.8"),
    )

    assert sums(case) == [
        "T = 98",
        "gap = T − v = 98 − 92.4 = 5.6 > 0: short",
        "b = 90 (2010)",
        "(2010, 90) → (2015, 96) → (2020, 98)",
        "e = path(2013) = 90 + (96 − 90) × 3/5 = 93.6",
        "R = (v − b) / (e − b) = (92.4 − 90) / (93.6 − 90) ≈ 0.6667",
        "needed a year = 5.6 / (2020 − 2013) = 0.8",
        "last step a year = 0.8",
    ]
    assert case_path(case) == [(2010, Decimal(90)), (2015, Decimal(96)), (2020, Decimal(98))]


def test_steps_turn_round_where_less_is_better():
    case = make_case(
        "missed",
        level=Level("reach", "le", Decimal(2), "2", unit="%"),
        direction=-1,
        threshold=Decimal(2),
        figures=[figure(2020, "3")],
        actual_year=2020,
        actual_value=Decimal(3),
        gap=Decimal(1),
    )

    assert sums(case) == ["T = 2", "gap = v − T = 3 − 2 = 1 > 0: short"]


def test_steps_of_slipping_compare_drop_and_margin():
    case = make_case(
        "slipping",
        as_of=2015,
        figures=[figure(2014, "98.9"), figure(2015, "98.2")],
        actual_year=2015,
        actual_value=Decimal("98.2"),
        gap=Decimal("-0.2"),
    )

    assert sums(case)[-2:] == ["drop = 98.9 − 98.2 = 0.7", "margin = 0.2 < 0.7"]
    assert facts_of(case).drop == Decimal("0.7")


def test_steps_of_a_hold_count_the_years():
    case = make_case(
        "recovered",
        level=Level("hold", "ge", Decimal(97), "97", unit="%"),
        threshold=Decimal(97),
        as_of=2014,
        figures=[figure(2011, "97.4"), figure(2012, "96.8"), figure(2014, "97.5")],
        actual_year=2014,
        actual_value=Decimal("97.5"),
        gap=Decimal("-0.5"),
        missing_years=(2013,),
        breached_years=(2012,),
    )

    assert sums(case) == [
        "T = 97",
        "kept: 2011, 2014",
        "not kept: 2012",
        "without a figure: 2013",
        "2 of 4 years kept",
        "gap = T − v = 97 − 97.5 = −0.5 < 0: met",
    ]


def test_hold_starts_after_the_latest_milestone_unless_named():
    case = make_case("holding", level=replace(AT_LEAST_98, kind="hold"), as_of=2018)
    milestone = [(2015, Decimal(97))]

    assert case.hold_years == range(2011, 2019)
    assert replace(case, milestones=milestone).hold_years == range(2016, 2019)
    assert replace(case, milestones=milestone, hold_from=2013).hold_years == range(2013, 2019)


def test_steps_of_a_flow_show_the_sum_that_reached_the_target():
    case = make_case(
        "achieved",
        level=Level("reach", "ge", Decimal(100), "100", unit="项"),
        threshold=Decimal(100),
        start_year=2018,
        unit="项",
        nature="flow",
        figures=[figure(2018, "40"), figure(2019, "45"), figure(2020, "20")],
        actual_year=2020,
        actual_value=Decimal(105),
        gap=Decimal(-5),
    )

    assert sums(case) == ["T = 100", "v = S(2020) = 40 + 45 + 20 = 105", "v = 105 ≥ T = 100"]


def test_steps_of_monotone_name_each_pair():
    case = make_case(
        "breached",
        level=Level("monotone", "le", None, ""),
        direction=-1,
        threshold=None,
        as_of=2013,
        figures=[
            figure(2009, "9"),
            figure(2010, "5.2"),
            figure(2011, "5"),
            figure(2012, "5"),
            figure(2013, "5.1"),
        ],
        actual_year=2013,
        actual_value=Decimal("5.1"),
    )

    assert sums(case) == [
        "2010 5.2 → 2011 5: better",
        "2011 5 → 2012 5: the same",
        "2012 5 → 2013 5.1: worse",
    ]


def test_previous_figure_stays_within_the_last_segment_and_passes_over_bounds():
    figures = [
        figure(2011, "97"),
        figure(2012, "96", is_break=True),
        figure(2013, "99", bound="at_least"),
        figure(2014, "97"),
    ]
    case = make_case("behind", as_of=2014, figures=figures)

    assert case.figure_before(2014) == figures[1]
    assert case.figure_before(2012) is None


@pytest.mark.parametrize(
    ("actual", "expected", "said"),
    [
        pytest.param("78.4", "77.575", "about 77.6%", id="as the figure beside it"),
        pytest.param("78", "77.575", "about 77.6%", id="one digit more, for 78 would be reached"),
        pytest.param("77.6", "77.575", "about 77.58%", id="still below the figure"),
        pytest.param("77.58", "77.5803", "77.5803%", id="only the exact value stands above"),
        pytest.param("90", "93.6", "about 94%", id="rounded up"),
        pytest.param("92.4", "93.6", "93.6%", id="exact as it is"),
    ],
)
def test_what_the_path_asks_for_is_rounded_on_its_side_of_the_figure(actual, expected, said):
    case = make_case(
        "behind",
        figures=[figure(2014, actual)],
        actual_year=2014,
        actual_value=Decimal(actual),
        expected=Decimal(expected),
        ratio=Decimal("1.0584"),
    )

    assert facts_of(case).expected == said
    assert facts_of(case).words()["share"] == "105.84"
