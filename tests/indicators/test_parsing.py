"""The input policy: every row of the corpus, and what must hold for any input."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from indicators.parsing import Limits, Parsed, parse_figure, parse_year
from targets_site.typed_text import Outcome
from tests.indicators.policy import NUMBERS, typed

RATE = Limits(unit="%", decimals=2, smallest=Decimal(0), largest=Decimal(100))
AMOUNT = Limits(unit="万元", decimals=2, smallest=Decimal(0))


def rows_about(target):
    return [
        pytest.param(row, id=row["id"]) for row in NUMBERS["entries"] if row["target"] == target
    ]


def limits_of(field):
    return Limits(
        unit=field["unit"],
        decimals=field["decimals"],
        smallest=Decimal(field["min"]),
        largest=Decimal(field["max"]),
    )


def outcome_of(parse):
    """The outcome in the corpus's words, with the value or the code of what is wrong."""
    try:
        parsed = parse()
    except ValidationError as error:
        return "reject", error.code
    return parsed.outcome.value, parsed.value


@pytest.mark.parametrize("row", rows_about("numeric"))
def test_corpus_of_numbers(row):
    limits = limits_of(NUMBERS["fields"][row["field"]])
    expected = row["expect"]

    outcome, found = outcome_of(lambda: parse_figure(typed(row), limits=limits))

    assert outcome == expected["outcome"]
    if outcome == "reject":
        assert found == expected["message_id"]
    elif outcome == "blank":
        assert found is None
    else:
        assert found == Decimal(expected["value"])


@pytest.mark.parametrize("row", rows_about("year"))
def test_corpus_of_years(row):
    expected = row["expect"]

    outcome, found = outcome_of(lambda: parse_year(typed(row)))

    assert (outcome, found) == (
        expected["outcome"],
        expected.get("value", expected.get("message_id")),
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("9" * 41, "too_long", id="too-long"),
        pytest.param("1234567890", "range", id="ten-digits"),
        pytest.param("100.01", "range", id="above"),
        pytest.param("-5.2", "range", id="below"),
        pytest.param("NaN", "not_number", id="nan"),
        pytest.param("Infinity", "not_number", id="infinity"),
        pytest.param("٣", "not_number", id="arabic-digit"),
        pytest.param("\U0001d7d7\U0001d7d6", "not_number", id="mathematical-digits"),
        pytest.param("10²", "not_number", id="superscript"),
        pytest.param("(5.2)", "not_number", id="brackets"),
        pytest.param("–5.2", "not_number", id="en-dash"),
        pytest.param("9.8.5", "not_number", id="two-points"),
        pytest.param("98.5%%", "not_number", id="two-percent-signs"),
        pytest.param("95-98", "interval", id="range"),
        pytest.param("≥95", "interval", id="at-least"),
        pytest.param("约95", "interval", id="about"),
        pytest.param("95%以上", "interval", id="percent-and-above"),
        pytest.param("——", "placeholder", id="dashes"),
        pytest.param("－", "placeholder", id="full-width-dash"),
        pytest.param("98 .5", "invisible", id="space-inside"),
        pytest.param("98\x00", "invisible", id="nul-at-the-end"),
        pytest.param("\ud800", "not_number", id="lone-surrogate"),
        pytest.param("1,2345", "grouping", id="four-after-comma"),
        pytest.param("0,123", "grouping", id="zero-before-comma"),
    ],
)
def test_parse_figure_refuses(text, code):
    with pytest.raises(ValidationError) as refused:
        parse_figure(text, limits=RATE)

    assert refused.value.code == code
    assert "Value" in refused.value.messages[0] or "数值" in refused.value.messages[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("９８．５％", "98.5", id="full-width-percent"),
        pytest.param("1，234.50", "1234.50", id="full-width-comma"),
        pytest.param("098.5", "98.5", id="leading-zero"),
        pytest.param("-0", "0", id="minus-zero"),
        pytest.param(".5", "0.5", id="no-digit-before-the-point"),
        pytest.param("98.", "98", id="no-digit-after-the-point"),
        pytest.param("98.500", "98.50", id="zeros-beyond-the-decimals"),
        pytest.param("98.5\u200b", "98.5", id="zero-width-at-the-end"),
    ],
)
def test_parse_figure_says_how_it_was_understood(text, value):
    limits = RATE if "％" in text else AMOUNT

    parsed = parse_figure(text, limits=limits)

    assert parsed.outcome is Outcome.NORMALISED
    assert str(parsed.value) == value
    assert value in parsed.message


def test_parse_figure_keeps_the_decimals_typed():
    assert parse_figure("63.10", limits=RATE) == Parsed(Outcome.ACCEPT, Decimal("63.10"), 2)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("0.941", "If you mean 94.1 %, type 94.1."),
        ("-0.9412", "If you mean -94.12 %, type -94.12."),
        ("０．９４１", "If you mean 94.1 %, type 94.1."),
        ("0.94123", "If you mean 94.123 %, type the percentage and not the fraction."),
    ],
)
def test_a_fraction_with_too_many_decimals_is_not_to_be_cut(text, hint):
    with pytest.raises(ValidationError) as refused:
        parse_figure(text, limits=RATE)

    assert refused.value.code == "decimals"
    with translation.override("en"):
        assert refused.value.messages[0].endswith(hint)


@pytest.mark.parametrize(
    ("text", "limits"),
    [("0.941%", RATE), ("94.123", RATE), ("1.001", RATE), ("0.941", AMOUNT)],
)
def test_other_figures_with_too_many_decimals_are_no_fractions(text, limits):
    with pytest.raises(ValidationError) as refused:
        parse_figure(text, limits=limits)

    with translation.override("en"):
        assert refused.value.messages[0].endswith("nothing is rounded for you.")


def test_parse_figure_names_both_readings_of_a_fraction():
    parsed = parse_figure("0.98", limits=RATE)

    assert parsed.outcome is Outcome.CONFIRM
    assert "0.98 %" in parsed.message
    assert "98 %" in parsed.message


@pytest.mark.parametrize(
    ("text", "value"),
    [("２０１５", 2015), ("2015年度", 2015), (" 2015 ", 2015)],
)
def test_parse_year_normalises(text, value):
    parsed = parse_year(text)

    assert (parsed.outcome, parsed.value) == (Outcome.NORMALISED, value)


@pytest.mark.parametrize("text", ["2015.0", "20 15", "２0１", "2O15", "-2015", "12015", "٢٠١٥"])
def test_parse_year_refuses(text):
    with pytest.raises(ValidationError) as refused:
        parse_year(text)

    assert refused.value.code == "year"


@given(st.decimals(min_value=0, max_value=100, places=2, allow_nan=False, allow_infinity=False))
def test_parse_figure_returns_every_decimal_it_is_given(value):
    parsed = parse_figure(str(abs(value)), limits=RATE)

    assert parsed.value == value
    assert parsed.stated_decimals == 2
    assert str(parsed.value) == str(abs(value))


@given(st.integers(min_value=0, max_value=999_999_999))
def test_parse_figure_reads_well_grouped_thousands(count):
    parsed = parse_figure(f"{count:,}", limits=Limits(unit="家", decimals=0))

    assert parsed.value == count


@given(
    st.text(
        st.one_of(
            st.characters(), st.sampled_from("0123456789０８.,，。-－+％%eE_ 万年~\u200b\u0663")
        )
    )
)
def test_parse_figure_accepts_nothing_but_a_decimal_number(text):
    try:
        parsed = parse_figure(text, limits=RATE)
    except ValidationError:
        return

    assert parsed.outcome is Outcome.BLANK or type(parsed.value) is Decimal
    if parsed.value is not None:
        assert parsed.value.is_finite()
        assert 0 <= parsed.value <= 100
        assert round(parsed.value, 2) == parsed.value
        assert set(text.strip()) & set("0123456789０１２３４５６７８９")
