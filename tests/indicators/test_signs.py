"""What each rule asks about, with the arithmetic worked by hand."""

from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.enums import QuestionRule
from indicators.signs.bunched import bunched
from indicators.signs.chance import at_least, median
from indicators.signs.helpful_breaks import helpful_breaks
from indicators.signs.jumps import jumps
from indicators.signs.late_edits import late_edit, late_edits
from indicators.signs.repeated import repeated_series, repeated_years
from indicators.signs.rows import Edit, Figure, Level, Measured

SERIES = "990000.pass-rate.all"


def figure(year, value, *, series=SERIES, is_break=False):
    exact = Decimal(value)
    return Figure(series, year, exact, -exact.as_tuple().exponent, series, is_break)


def figures(*values, first=2011, breaks=()):
    return [
        figure(first + since, value, is_break=first + since in breaks)
        for since, value in enumerate(values)
        if value is not None
    ]


def level(value="98", *, direction=1, is_strict=False, years=range(2011, 2021)):
    return Level("plan-2011-001", Decimal(value), 0, direction, is_strict, 2011, years)


def measured(number, value, **fields):
    return [
        Measured(figure(2020, value, series=f"s{at}-{value}"), level(**fields), True)
        for at in range(number)
    ]


def test_at_least_is_the_sum_over_all_sequences():
    """A slow second way: every sequence of six trials by itself."""
    chance = Fraction(3, 5)
    for count in range(7):
        slow = sum(
            chance ** sum(row) * (1 - chance) ** (6 - sum(row))
            for row in product([0, 1], repeat=6)
            if sum(row) >= count
        )

        assert at_least(count, 6, chance=chance) == slow


@given(st.lists(st.decimals("-1000", "1000", places=2), min_size=1, max_size=9))
def test_median_has_as_many_on_either_side(values):
    middle = median(values)

    assert sum(each < middle for each in values) <= len(values) / 2
    assert sum(each > middle for each in values) <= len(values) / 2


def test_bunched_eleven_that_just_meet_and_none_that_misses():
    """0.6^11 = 177147/48828125 = 0.36 %, less than 0.5 %."""
    sign = bunched(measured(11, "98.2"))

    assert sign.rule == QuestionRule.BUNCHED
    assert (sign.facts["met"], sign.facts["missed"]) == ("11", "0")
    assert sign.facts["probability"] == "177147/48828125"


def test_bunched_ten_are_too_few():
    """0.6^10 = 0.605 %."""
    assert bunched(measured(10, "98.2")) is None


def test_bunched_with_some_that_miss_it_takes_more():
    """P(X ≥ 18), X ~ Bin(20, 0.6) = 0.36 %; of 17 it is 1.6 %."""
    seventeen = [*measured(17, "98.2"), *measured(3, "97.8")]
    eighteen = [*measured(18, "98.2"), *measured(2, "97.8")]
    expected = sum(
        comb(20, each) * Fraction(3, 5) ** each * Fraction(2, 5) ** (20 - each)
        for each in (18, 19, 20)
    )

    assert bunched(seventeen) is None
    assert bunched(eighteen).facts["probability"] == str(expected)


@pytest.mark.parametrize(
    ("value", "fields", "is_counted"),
    [
        pytest.param("98.0", {}, True, id="on-the-level"),
        pytest.param("98.4", {}, True, id="inside"),
        pytest.param("98.5", {}, False, id="band-ends"),
        pytest.param("98.0", {"is_strict": True}, False, id="strict-level-is-missed"),
        pytest.param("98.5", {"is_strict": True}, True, id="strict-band-is-shifted"),
        pytest.param("97.8", {"direction": -1}, True, id="less-is-better"),
        pytest.param("98.2", {"direction": -1}, False, id="less-is-better-missed"),
        pytest.param("98", {}, True, id="whole-number-on-the-level"),
        pytest.param("99", {}, False, id="whole-number-beyond"),
    ],
)
def test_bunched_the_band_is_half_a_point_and_at_least_one_unit_of_the_last_digit(
    value, fields, is_counted
):
    assert (bunched(measured(11, value, **fields)) is not None) is is_counted


def test_bunched_a_count_has_a_band_of_one_per_cent_of_its_target():
    near = [
        Measured(figure(2020, "1009", series=f"s{at}"), level("1000"), False) for at in range(11)
    ]
    far = [
        Measured(figure(2020, "1010", series=f"s{at}"), level("1000"), False) for at in range(11)
    ]

    assert bunched(near) is not None
    assert bunched(far) is None


def test_bunched_a_series_counts_once_with_its_nearest_target():
    same = [
        Measured(figure(2020, "98.2", series="one"), level(value), True)
        for value in ["98", "98.1", "98.3"] * 4
    ]

    assert bunched(same) is None


def test_repeated_years_three_years_to_the_second_decimal():
    """Other changes 1.10, 1.20, 0.90, 0.80: median 1.00. q = 0.27 × 0.01 / 1 = 0.0027; six
    changes, two repetitions: 5 places × 0.0027² = 0.0036 %."""
    run = figures("90.10", "91.20", "92.40", "93.30", "93.30", "93.30", "94.10")
    (sign,) = repeated_years(run)

    assert (sign.first_year, sign.year) == (2014, 2016)
    assert sign.facts["usual_change"] == "1.00"
    assert sign.facts["once"] == str(Fraction(27, 10_000))
    assert sign.facts["probability"] == str(5 * Fraction(27, 10_000) ** 2)


def test_repeated_years_a_series_that_hardly_moves_may_repeat_itself():
    """q = 0.27 × 0.1 / 0.1: 4 places × 0.27² = 29 %."""
    assert repeated_years(figures("90.1", "90.2", "90.3", "90.3", "90.3", "90.2")) == []


def test_repeated_years_of_a_series_that_never_moved_six_years_are_asked_about():
    """Nothing else is known: q = 0.27; 0.27^4 = 0.53 %, 0.27^5 = 0.14 %."""
    assert repeated_years(figures(*["62.1"] * 5)) == []
    assert len(repeated_years(figures(*["62.1"] * 6))) == 1


@pytest.mark.parametrize("value", ["100.00", "0.00", "95.00", "99.99"])
def test_repeated_years_ends_of_the_scale_and_whole_numbers_are_left_out(value):
    run = figures("90.10", "91.20", "92.40", value, value, value)
    ends = [Decimal(0), Decimal("99.99"), Decimal(100)]

    assert repeated_years(run, ends=ends) == []


def test_repeated_years_figures_without_decimals_are_left_out():
    assert repeated_years(figures("20", "40", "61", "83", "83", "83", "83")) == []


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(figures("90.10", "91.20", "92.40", "93.30", "93.30"), id="two"),
        pytest.param(figures("90.10", "91.20", "92.40", "93.30", None, "93.30", "93.30"), id="gap"),
        pytest.param(
            figures("90.10", "91.20", "92.40", "93.30", "93.30", "93.30", breaks=[2015]),
            id="break",
        ),
    ],
)
def test_repeated_years_what_is_no_run_of_three(run):
    assert repeated_years(run) == []


def test_repeated_series_the_same_figure_in_three_series():
    """Three within a point of each other, 201 values: 3 × (1/201)² = 0.0074 %."""
    same = [figure(2020, "93.37", series=name) for name in "abc"]
    (sign,) = repeated_series(same)

    assert sign.facts["near"] == "3"
    assert sign.facts["probability"] == str(3 * Fraction(1, 201) ** 2)


def test_repeated_series_two_are_chance():
    assert repeated_series([figure(2020, "93.37", series=name) for name in "ab"]) == []


def test_repeated_series_where_many_lie_close_by_one_decimal_repeats_itself():
    crowd = [figure(2020, f"93.{at}", series=f"s{at}") for at in range(10)]
    same = [figure(2020, "93.3", series=name) for name in "ab"]

    assert repeated_series([*crowd, *same]) == []


def test_repeated_series_scopes_of_one_measure_count_once():
    same = [Figure(name, 2020, Decimal("93.37"), 2, "pass-rate") for name in "abc"]

    assert repeated_series(same) == []


# Changes 1.0, 1.2, 0.8, 1.1, 0.9: usual 1.0, distances 0, 0.2, 0.2, 0.1, 0.1: median 0.1.
STEADY = ("90.0", "91.0", "92.2", "93.0", "94.1", "95.0")


def test_jumps_a_change_more_than_24_times_the_scatter_away():
    """|3.5 − 1.0| = 2.5 > 24 × 0.1 = 2.4."""
    (sign,) = jumps(figures(*STEADY, "98.5"), in_points=True)

    assert (sign.first_year, sign.year) == (2016, 2017)
    assert sign.facts["usual_change"] == "1.0"
    assert sign.facts["scatter"] == "0.1"
    assert (sign.facts["away"], sign.facts["limit"]) == ("2.5", "2.4")


def test_jumps_exactly_the_limit_is_usual():
    assert jumps(figures(*STEADY, "98.4"), in_points=True) == []


def test_jumps_falls_are_asked_about_too():
    assert len(jumps(figures(*STEADY, "93.5"), in_points=True)) == 1


def test_jumps_five_earlier_changes_are_needed():
    assert jumps(figures(*STEADY[1:], "99.9"), in_points=True) == []


def test_jumps_a_series_that_never_moved_scatters_by_its_last_digit():
    """Scatter 0.1: asked beyond 2.4."""
    same = ["90.0"] * 6

    assert jumps(figures(*same, "92.4"), in_points=True) == []
    assert len(jumps(figures(*same, "92.5"), in_points=True)) == 1


def test_jumps_a_break_begins_anew():
    assert jumps(figures(*STEADY, "99.9", breaks=[2017]), in_points=True) == []
    assert jumps(figures(*STEADY, "99.9", breaks=[2016]), in_points=True) == []


def test_jumps_counts_are_compared_by_shares():
    """Doubling every year is usual; the same growth in numbers would not be."""
    doubling = [str(100 * 2**at) for at in range(9)]

    assert jumps(figures(*doubling), in_points=False) == []
    assert len(jumps(figures(*doubling[:-1], "90000"), in_points=False)) == 1


def test_jumps_a_missing_year_leaves_out_its_change():
    assert jumps(figures(*STEADY, None, "99.9"), in_points=True) == []


def test_helpful_breaks_short_before_and_met_by_the_break():
    """96.0 + 0.5 = 96.5 is short of 98 by 1.5."""
    found = helpful_breaks(figures("95.0", "95.5", "96.0", "98.1", breaks=[2014]), level=level())

    assert [sign.facts["continued"] for sign in found] == ["96.5"]
    assert [sign.facts["gap"] for sign in found] == ["1.5"]


@pytest.mark.parametrize(
    ("values", "breaks", "years"),
    [
        pytest.param(("95.0", "95.5", "96.0", "98.1"), [], range(2011, 2021), id="no-break"),
        pytest.param(("95.0", "96.2", "97.4", "98.1"), [2014], range(2011, 2021), id="on-its-way"),
        pytest.param(("97.0", "97.5", "98.0", "98.1"), [2014], range(2011, 2021), id="met-before"),
        pytest.param(("95.0", "95.5", "96.0", "97.9"), [2014], range(2011, 2021), id="still-short"),
        pytest.param(
            ("95.0", "95.5", "96.0", "98.1"), [2014], range(2011, 2014), id="after-its-year"
        ),
    ],
)
def test_helpful_breaks_what_is_not_asked_about(values, breaks, years):
    found = helpful_breaks(figures(*values, breaks=breaks), level=level(years=years))

    assert found == []


def edit(old, new, *, days=1, series=SERIES):
    before, after = (figure(2020, value, series=series) for value in (old, new))
    return Edit(before, after, level(), days)


def test_late_edits_from_short_to_met_after_the_deadline():
    sign = late_edit(edit("97.2", "98.0", days=12))

    assert sign.facts["days"] == "12"
    assert (sign.facts["old"], sign.facts["new"]) == ("97.2", "98.0")


@pytest.mark.parametrize(
    ("old", "new", "days"),
    [("97.2", "98.0", 0), ("97.2", "97.9", 1), ("98.1", "98.6", 1), ("98.1", "97.2", 1)],
)
def test_late_edits_in_time_or_without_a_step_over_the_level(old, new, days):
    assert late_edit(edit(old, new, days=days)) is None


def test_late_edits_eight_of_eight_to_the_better():
    """(1/2)^8 = 0.39 %; seven of seven is 0.78 %; eight of nine 1.95 %."""
    better = [edit("97.2", "97.3", series=f"s{at}") for at in range(8)]
    worse = edit("97.3", "97.2", series="w")

    assert late_edits(better).facts["probability"] == "1/256"
    assert late_edits(better[:7]) is None
    assert late_edits([*better, worse]) is None
