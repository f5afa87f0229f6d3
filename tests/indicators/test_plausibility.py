"""Whether a figure is plausible; every rule once more in fractions."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.plausibility import ComputedRate, check_rate, rate_from_counts, unusual_change


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def change(value, previous, *, unit, **options):
    return unusual_change(
        value=Decimal(value),
        year=2020,
        previous=None if previous is None else Decimal(previous),
        previous_year=None if previous is None else 2019,
        unit=unit,
        **options,
    )


@pytest.mark.parametrize(
    ("value", "previous", "unit", "asks"),
    [
        pytest.param("86.00", "98.20", "%", True, id="rate-falls-by-12.2"),
        pytest.param("98.20", "86.00", "%", True, id="rate-rises-by-12.2"),
        pytest.param("88.20", "98.20", "%", False, id="rate-falls-by-exactly-10"),
        pytest.param("98.20", "88.20", "%", False, id="rate-rises-by-exactly-10"),
        pytest.param("88.199999", "98.20", "%", True, id="rate-a-millionth-more"),
        pytest.param("98.3", "88.2", "%", True, id="floats-would-say-10.099999"),
        pytest.param("10", "0", "%", False, id="rate-from-0-to-10"),
        pytest.param("10.1", "0", "%", True, id="rate-from-0-to-10.1"),
        pytest.param("5", "-5.1", "%", True, id="rate-through-0"),
        pytest.param("60", "100", "%", True, id="rate-not-by-share"),
        pytest.param("3", "1", "%", False, id="rate-trebled-but-near"),
        pytest.param("70", "80.5", "index", True, id="index-falls-by-10.5"),
        pytest.param("70", "80", "index", False, id="index-falls-by-10"),
        pytest.param("300", "200", "个", False, id="count-half-more"),
        pytest.param("301", "200", "个", True, id="count-over-half-more"),
        pytest.param("100", "200", "个", False, id="count-halved"),
        pytest.param("99", "200", "个", True, id="count-under-half"),
        pytest.param("0", "3", "家", True, id="count-falls-to-0"),
        pytest.param("1000000", "0", "个", False, id="count-was-0"),
        pytest.param("0", "0", "个", False, id="count-stays-0"),
        pytest.param("1.500001", "1", "亿元", True, id="amount"),
        pytest.param("-2", "-1", "万元", True, id="negative-amount"),
        pytest.param("98.20", "98.20", "%", False, id="no-change"),
        pytest.param("98.20", None, "%", False, id="nothing-before"),
        pytest.param("5000", None, "个", False, id="no-count-before"),
        pytest.param("-999999999.999999", "999999999.999999", "%", True, id="all-digits"),
    ],
)
def test_unusual_change_asks(value, previous, unit, asks):
    assert bool(change(value, previous, unit=unit)) is asks


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            {"value": "86.00", "previous": "98.20", "unit": "%", "value_decimals": 2},
            "98.20 % in 2019, now 86.00 % for 2020: a change of −12.20 percentage points, more "
            "than 10. Check it.",
            id="rate",
        ),
        pytest.param(
            {
                "value": "98",
                "previous": "87.1",
                "unit": "%",
                "value_decimals": 0,
                "previous_decimals": 2,
            },
            "87.10 % in 2019, now 98 % for 2020: a change of +10.90 percentage points, more than "
            "10. Check it.",
            id="other-decimals",
        ),
        pytest.param(
            {"value": "70.5", "previous": "82.000000", "unit": "index", "value_decimals": 1},
            "82.0 in 2019, now 70.5 for 2020: a change of −11.5 points, more than 10. Check it.",
            id="index",
        ),
        pytest.param(
            {"value": "320", "previous": "200", "unit": "个"},
            "200 in 2019, now 320 for 2020: a change of +120, more than half of the figure of 2019 "
            "(100). Check it.",
            id="count",
        ),
        pytest.param(
            {"value": "1", "previous": "15", "unit": "天"},
            "15 days in 2019, now 1 days for 2020: a change of −14, more than half of the figure "
            "of 2019 (7.5 days). Check it.",
            id="count-with-unit",
        ),
    ],
)
def test_unusual_change_shows_the_rule_with_its_figures(arguments, message):
    assert change(**arguments) == message


@pytest.mark.parametrize(
    ("numerator", "denominator", "decimals", "value", "is_exact"),
    [
        pytest.param("90", "95", 2, "94.74", False, id="90-of-95"),
        pytest.param("90", "95", 0, "95", False, id="no-decimals"),
        pytest.param("1", "8", 2, "12.50", True, id="exact-keeps-its-zeros"),
        pytest.param("1", "8", 0, "12", False, id="half-to-even-down"),
        pytest.param("3", "8", 0, "38", False, id="half-to-even-up"),
        pytest.param("1", "3", 6, "33.333333", False, id="third"),
        pytest.param("0", "95", 2, "0.00", True, id="none"),
        pytest.param("95", "95", 2, "100.00", True, id="all"),
        pytest.param("1.5", "2.4", 1, "62.5", True, id="amounts"),
        pytest.param("96", "95", 2, "101.05", False, id="more-than-all"),
        pytest.param(f"1{'0' * 30}1", f"1{'0' * 31}", 2, "100.00", False, id="more-digits-than-28"),
        pytest.param(
            "99994999999999.9", "100000000000000", 2, "99.99", False, id="just-below-half"
        ),
    ],
)
def test_rate_from_counts(numerator, denominator, decimals, value, is_exact):
    rate = rate_from_counts(
        numerator=Decimal(numerator), denominator=Decimal(denominator), decimals=decimals
    )

    assert rate == ComputedRate(value=Decimal(value), is_exact=is_exact)
    assert str(rate.value) == value


@pytest.mark.parametrize(
    ("numerator", "denominator", "largest", "code"),
    [
        pytest.param("90", "0", None, "denominator", id="nothing-to-divide-by"),
        pytest.param("0", "0", None, "denominator", id="nothing-at-all"),
        pytest.param("90", "-95", None, "denominator", id="negative-denominator"),
        pytest.param("-90", "95", None, "numerator", id="negative-numerator"),
        pytest.param("-90", "-95", None, "denominator", id="both-negative"),
        pytest.param("96", "95", "100", "share", id="more-than-all"),
        pytest.param("95.000001", "95", "100.000000", "share", id="a-millionth-more-than-all"),
    ],
)
def test_counts_are_refused(numerator, denominator, largest, code):
    counts = {
        "numerator": Decimal(numerator),
        "denominator": Decimal(denominator),
        "largest": largest and Decimal(largest),
    }

    with pytest.raises(ValidationError) as computed:
        rate_from_counts(**counts, decimals=2)
    with pytest.raises(ValidationError) as checked:
        check_rate(**counts, value=Decimal("94.74"), stated_decimals=2)

    assert [computed.value.code, checked.value.code] == [code, code]


@pytest.mark.parametrize("largest", [None, "200", "99"])
def test_more_than_all_is_refused_only_where_100_is_the_largest(largest):
    rate = rate_from_counts(
        numerator=Decimal(96),
        denominator=Decimal(95),
        decimals=2,
        largest=largest and Decimal(largest),
    )

    assert rate.value == Decimal("101.05")


def test_all_of_all_is_no_more_than_all():
    rate = rate_from_counts(
        numerator=Decimal(95), denominator=Decimal(95), decimals=2, largest=Decimal(100)
    )

    assert rate == ComputedRate(value=Decimal(100), is_exact=True)


def check(value, stated_decimals, numerator, denominator):
    return check_rate(
        value=Decimal(value),
        stated_decimals=stated_decimals,
        numerator=None if numerator is None else Decimal(numerator),
        denominator=None if denominator is None else Decimal(denominator),
    )


@pytest.mark.parametrize(
    ("value", "stated_decimals", "numerator", "denominator", "working"),
    [
        pytest.param("94.74", 2, "90", "95", "90/95 = 94.74 %", id="rounded"),
        pytest.param("94.7", 1, "90", "95", "90/95 = 94.74 %", id="one-decimal"),
        pytest.param("95", 0, "90", "95", "90/95 = 94.74 %", id="no-decimal"),
        pytest.param("94.736842", 6, "90", "95", "90/95 = 94.736842 %", id="six-decimals"),
        pytest.param("12", 0, "1", "8", "1/8 = 12.50 %", id="half-down"),
        pytest.param("13", 0, "1", "8", "1/8 = 12.50 %", id="half-up"),
        pytest.param("100.00", 2, "95", "95", "95/95 = 100.00 %", id="all"),
        pytest.param("62.5", 1, "1.50", "2.40", "1.5/2.4 = 62.50 %", id="amounts"),
        pytest.param("94.00", 2, None, None, "", id="no-counts"),
    ],
)
def test_check_rate_passes(value, stated_decimals, numerator, denominator, working):
    assert check(value, stated_decimals, numerator, denominator) == working


@pytest.mark.parametrize(
    ("value", "stated_decimals", "numerator", "denominator", "message"),
    [
        pytest.param("94.00", 2, "90", "95", "90/95 = 94.74 %, entered 94.00 %", id="wrong"),
        pytest.param("94", 0, "90", "95", "90/95 = 94.74 %, entered 94 %", id="cut-not-rounded"),
        pytest.param("94.73", 2, "90", "95", "90/95 = 94.74 %, entered 94.73 %", id="last-digit"),
        pytest.param("0.95", 2, "90", "95", "90/95 = 94.74 %, entered 0.95 %", id="fraction"),
        pytest.param("94.740", 3, "90", "95", "90/95 = 94.737 %, entered 94.740 %", id="zeros"),
        pytest.param(
            "94", 0, "945000001", "1000000000", "945000001/1000000000 = 94.5000001 %, entered 94 %",
            id="a-little-more-than-half",
        ),
        pytest.param(
            "95", 0, "944999999", "1000000000", "944999999/1000000000 = 94.4999999 %, entered 95 %",
            id="a-little-less-than-half",
        ),
    ],
)  # fmt: skip
def test_check_rate_refuses(value, stated_decimals, numerator, denominator, message):
    with pytest.raises(ValidationError) as refused:
        check(value, stated_decimals, numerator, denominator)

    assert refused.value.code == "rate"
    assert refused.value.messages == [f"{message}: correct one of them."]


def test_check_rate_loses_no_digit():
    """50.5 and the 29th decimal: more digits than decimals keep unless told."""
    numerator, denominator = f"505{'0' * 27}1", f"1{'0' * 31}"

    with pytest.raises(ValidationError) as refused:
        check("50", 0, numerator, denominator)

    assert refused.value.messages == [
        f"{numerator}/{denominator} = 50.5{'0' * 27}1 %, entered 50 %: correct one of them."
    ]


@pytest.mark.parametrize(("numerator", "denominator"), [("90", None), (None, "95"), ("0", None)])
def test_check_rate_refuses_half_a_pair(numerator, denominator):
    with pytest.raises(ValidationError) as refused:
        check("94.74", 2, numerator, denominator)

    assert refused.value.code == "pair"
    assert refused.value.messages == ["Give numerator and denominator, or neither."]


# The same rules, slow and obvious, in fractions.


def slow_asks(value, previous, unit):
    value, previous = Fraction(value), Fraction(previous)
    if unit in ("%", "index"):
        return abs(value - previous) > 10
    return previous != 0 and abs(value - previous) / abs(previous) * 100 > 50


def slow_rounded(quotient, decimals):
    """`round` of a fraction is half-even and exact."""
    return round(quotient, decimals)


def slow_agrees(value, stated_decimals, quotient):
    return abs(Fraction(value) - quotient) <= Fraction(1, 2) / 10**stated_decimals


def figures(*, smallest=-999_999_999):
    """What may be stored, most of it near a few values, so that limits are met and just missed."""
    anything = st.decimals(smallest, 999_999_999, places=6, allow_nan=False)
    near = st.builds(
        lambda whole, off: Decimal(whole) + off,
        st.sampled_from([each for each in (-20, -10, 0, 5, 10, 20, 100) if each >= smallest]),
        st.decimals(0, 11, places=6).map(lambda off: off.quantize(Decimal("0.1")))
        | st.sampled_from([Decimal(0), Decimal("0.000001"), Decimal(10)]),
    )
    return anything | near


@given(figures(), figures(), st.sampled_from(["%", "index", "个"]))
def test_unusual_change_as_in_fractions(value, previous, unit):
    assert bool(change(value, previous, unit=unit)) is slow_asks(value, previous, unit)


COUNTS = figures(smallest=0) | st.integers(0, 2000).map(Decimal)


@given(COUNTS, COUNTS, st.integers(0, 6))
def test_rate_from_counts_as_in_fractions(numerator, denominator, decimals):
    assume(denominator > 0)
    quotient = Fraction(numerator) / Fraction(denominator) * 100

    rate = rate_from_counts(numerator=numerator, denominator=denominator, decimals=decimals)

    assert Fraction(rate.value) == slow_rounded(quotient, decimals)
    assert rate.is_exact is (slow_rounded(quotient, decimals) == quotient)
    assert rate.value.as_tuple().exponent == -decimals


@given(COUNTS, COUNTS, st.integers(0, 6), st.sampled_from([-2, -1, 0, 0, 1, 2]), st.integers(1, 9))
def test_check_rate_as_in_fractions(numerator, denominator, stated_decimals, units_off, multiple):
    """Stated values around the quotient, of counts that often give exactly half a unit."""
    assume(denominator > 0)
    if units_off % 2:
        denominator = Decimal(8 * 10**stated_decimals * multiple)
    quotient = Fraction(numerator) / Fraction(denominator) * 100
    units = int(slow_rounded(quotient, stated_decimals) * 10**stated_decimals) + units_off
    value = Decimal(units).scaleb(-stated_decimals)

    try:
        working = check_rate(
            value=value,
            stated_decimals=stated_decimals,
            numerator=numerator,
            denominator=denominator,
        )
    except ValidationError as refused:
        assert not slow_agrees(value, stated_decimals, quotient)
        working = refused.messages[0].partition(",")[0]
        assert not slow_agrees(value, stated_decimals, shown_rate(working))
    else:
        assert slow_agrees(value, stated_decimals, quotient)
    assert shown_counts(working) == (Fraction(numerator), Fraction(denominator))


def shown_rate(working):
    return Fraction(working.partition(" = ")[2].removesuffix(" %"))


def shown_counts(working):
    numerator, _sign, denominator = working.partition(" = ")[0].partition("/")
    return Fraction(numerator), Fraction(denominator)
