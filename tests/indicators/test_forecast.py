"""METHOD.md, "Forecast": by hand, against printed tables, and against the slow second version."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.method import ObservationRow
from indicators.method.forecast import Forecast, ForecastYear, forecast, outlook, t_quantile
from tests.indicators import slow_forecast


def row(year, value, bound="exact", status="A"):
    return ObservationRow("s", year, None if value is None else Decimal(value), bound, status)


def rows(first_year, *values):
    return [row(first_year + at, value) for at, value in enumerate(values)]


def of_year(year, value, low, high):
    return ForecastYear(year, Decimal(value), Decimal(low), Decimal(high))


def test_a_line_and_its_interval_worked_by_hand():
    # x = 2011 … 2014, y = 96, 96.4, 96.5, 97.1: x̄ = 2012.5, ȳ = 96.5
    # Sxx = 2.25 + 0.25 + 0.25 + 2.25 = 5
    # Sxy = (−1.5)(−0.5) + (−0.5)(−0.1) + 0.5 · 0 + 1.5 · 0.6 = 1.7, slope 0.34
    # 2015: 96.5 + 0.34 · 2.5 = 97.35
    # distances from the line: 0.01, 0.07, −0.17, 0.09; squared 0.0001 + 0.0049 + 0.0289 + 0.0081
    # = 0.042; s² = 0.042 / 2 = 0.021
    # variance in 2015: 0.021 · (1 + 1/4 + 6.25/5) = 0.0525, its root 0.22913
    # t(2) = 0.8 · √2 / 0.6 = 1.88562; margin 0.43205
    found = forecast(rows(2011, "96", "96.4", "96.5", "97.1"), years=[2015])

    assert found == Forecast(
        years=(of_year(2015, "97.35", "96.918", "97.782"),), rests_on=(2011, 2012, 2013, 2014)
    )


def test_a_falling_line_and_a_gap_worked_by_hand():
    # x = 2011, 2012, 2014, 2015, y = 8, 7, 5, 5: x̄ = 2013, ȳ = 6.25, Sxx = 4 + 1 + 1 + 4 = 10
    # Sxy = −3.5 − 0.75 − 1.25 − 2.5 = −8, slope −0.8; 2020: 6.25 − 0.8 · 7 = 0.65
    # distances: 0.15, −0.05, −0.45, 0.35; squared 0.0225 + 0.0025 + 0.2025 + 0.1225 = 0.35
    # variance in 2020: 0.175 · (1 + 1/4 + 49/10) = 1.07625, its root 1.03743; margin 1.95619
    figures = [row(2011, "8"), row(2012, "7"), row(2014, "5"), row(2015, "5")]

    found = forecast(figures, years=[2020], smallest=Decimal(0))

    assert found.years == (of_year(2020, "0.65", "0", "2.6062"),)


def test_figures_on_one_line_leave_no_interval():
    found = forecast(rows(2011, "1", "2", "3", "4"), years=[2014, 2016])

    assert found.years == (of_year(2014, "4", "4", "4"), of_year(2016, "6", "6", "6"))


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param([], id="none"),
        pytest.param(rows(2011, "96", "97", "98"), id="three"),
        pytest.param([*rows(2011, "96", "97", "98"), row(2014, None)], id="one-without-a-value"),
        pytest.param([*rows(2011, "96", "97", "98"), row(2014, "98", "at_least")], id="at-least"),
        pytest.param([*rows(2011, "96", "97", "98"), row(2014, "98", "at_most")], id="at-most"),
        pytest.param([*rows(2011, "96", "97", "98"), row(2014, "98", status="B")], id="a-break"),
    ],
)
def test_fewer_than_four_figures_of_the_last_segment_say_nothing(figures):
    assert forecast(figures, years=[2020]) is None


def test_the_latest_break_starts_the_line():
    figures = [
        *rows(2008, "50", "90"),
        row(2010, "1", "at_least", "EB"),
        *rows(2011, "96", "96.4", "96.5", "97.1"),
    ]

    found = forecast(reversed(figures), years=[2015])

    assert found.rests_on == (2011, 2012, 2013, 2014)
    assert found.years == (of_year(2015, "97.35", "96.918", "97.782"),)


def test_about_estimated_and_provisional_figures_are_points_of_the_line():
    figures = [row(2011, "1", "about"), row(2012, "2", status="E"), row(2013, "3", status="P")]

    found = forecast([*figures, row(2014, "4")], years=[2015])

    assert found.rests_on == (2011, 2012, 2013, 2014)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, ("103.1", "98.9817", "107.2183")),
        ({"largest": Decimal(100)}, ("100", "98.9817", "100")),
        ({"largest": Decimal("104.5")}, ("103.1", "98.9817", "104.5")),
        ({"smallest": Decimal("102.123456")}, ("103.1", "102.123456", "107.2183")),
        ({"smallest": Decimal(0), "largest": Decimal(90)}, ("90", "90", "90")),
    ],
)
def test_nothing_leaves_the_range_of_the_unit(limits, expected):
    # y = 92, 95, 95, 98: ȳ = 95, slope 9/5 = 1.8; 2017: 95 + 1.8 · 4.5 = 103.1
    # squared distances 0.09 + 0.81 + 0.81 + 0.09 = 1.8
    # variance in 2017: 0.9 · (1 + 1/4 + 20.25/5) = 4.77, its root 2.18403; margin 4.11825
    found = forecast(rows(2011, "92", "95", "95", "98"), years=[2017], **limits)

    assert found.years == (of_year(2017, *expected),)


# NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2, column 0.90.
PRINTED = {
    1: 3.078, 2: 1.886, 3: 1.638, 4: 1.533, 5: 1.476, 6: 1.440, 7: 1.415, 8: 1.397, 9: 1.383,
    10: 1.372, 15: 1.341, 20: 1.325, 25: 1.316, 30: 1.310, 40: 1.303, 60: 1.296, 100: 1.290,
}  # fmt: skip


@pytest.mark.parametrize(("freedom", "printed"), PRINTED.items())
def test_quantiles_are_those_of_the_printed_table(freedom, printed):
    assert round(t_quantile(freedom), 3) == printed


def test_quantiles_with_a_closed_form():
    # 1: tan(0.4 π) = √(5 + 2√5). 2: sin θ = 0.8, so √2 · 0.8 / 0.6.
    assert t_quantile(1) == pytest.approx((5 + 2 * 5**0.5) ** 0.5, rel=1e-14)
    assert t_quantile(2) == pytest.approx(2**0.5 * 0.8 / 0.6, rel=1e-14)


@pytest.mark.parametrize("freedom", [*range(1, 30), 58, 97])
def test_quantiles_leave_eighty_per_cent_of_the_area_within(freedom):
    assert t_quantile(freedom) == pytest.approx(slow_forecast.t_quantile(freedom), rel=1e-9)


VALUES = st.decimals(min_value=-(10**6), max_value=10**6, places=3)
ROWS = st.dictionaries(
    st.integers(1990, 2030),
    st.tuples(
        st.one_of(st.none(), VALUES),
        st.sampled_from(["exact", "exact", "exact", "about", "at_least", "at_most"]),
        st.sampled_from(["A", "A", "A", "A", "E", "B", "PB"]),
    ),
    max_size=20,
)


@settings(max_examples=300, deadline=None)
@given(by_year=ROWS, year=st.integers(2000, 2060))
def test_forecast_is_that_of_the_slow_version(by_year, year):
    figures = [ObservationRow("s", at, *rest) for at, rest in by_year.items()]

    found, slow = forecast(figures, years=[year]), slow_forecast.project(figures, year)

    assert (found is None) == (slow is None)
    if found is not None:
        value, low, high = slow
        assert found.years[0].value == slow_forecast.rounded(value)
        # The slow quantile is good to nine digits; beside it the last place may be rounded.
        near = Decimal("0.0001") + Decimal(float(high - low)) * Decimal("1e-9")
        assert abs(found.years[0].low - slow_forecast.rounded(low)) <= near
        assert abs(found.years[0].high - slow_forecast.rounded(high)) <= near


@settings(max_examples=200, deadline=None)
@given(by_year=ROWS, years=st.lists(st.integers(2000, 2060), max_size=5))
def test_forecast_keeps_its_order_and_its_limits(by_year, years):
    figures = [ObservationRow("s", at, *rest) for at, rest in by_year.items()]

    found = forecast(figures, years=years, smallest=Decimal(0), largest=Decimal(100))

    for asked, got in zip(years, found.years if found else [], strict=found is not None):
        assert got.year == asked
        assert 0 <= got.low <= got.value <= got.high <= 100


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [("98", "99", "met"), ("97", "98", "open"), ("97", "97.9999", "short")],
)
def test_outlook_says_what_the_whole_interval_says(low, high, expected):
    def at_least_98(value):
        return "met" if value >= 98 else "short"

    assert outlook(of_year(2020, "98", low, high), at_least_98) == expected
