"""What a cell format makes of a number."""

from decimal import Decimal

import pytest

from targets_site.sheets.xlsx.number_formats import (
    NumberFormat,
    Percentage,
    UnclearFormat,
    format_of,
)


@pytest.mark.parametrize(
    "code",
    [
        "yyyy-mm-dd", 'yyyy"年"m"月"', "[$-804]aaaa", "m/d/yy h:mm", "[h]:mm", "[mm]:ss", "[ss]",
        "hh:mm:ss.0", "[$-F800]dddd, mmmm dd, yyyy", "General;yyyy", "上午/下午h",
    ],
)  # fmt: skip
def test_dates_and_times(code):
    assert NumberFormat(code).is_date


@pytest.mark.parametrize(
    "code",
    [
        "General", "0.00", "#,##0", "0.00E+00", "@", '0"天"', '0.0"days"', r"0.0\d", "0_d", "0*d",
        "[Red]0.0", "[$¥-804]#,##0.00", "[DBNum1][$-804]General", "# ?/?", "", "GENERAL", "0.0%",
        '0.0;-0.0;0;"day"@',
    ],
)  # fmt: skip
def test_numbers_are_no_dates(code):
    assert not NumberFormat(code).is_date


@pytest.mark.parametrize("number", [14, 22, 27, 31, 36, 45, 47, 50, 57, 58])
def test_built_in_dates(number):
    assert format_of(number, {}).is_date


@pytest.mark.parametrize("number", [0, 1, 2, 4, 11, 37, 44, 48, 49])
def test_built_in_numbers_are_plain(number):
    assert format_of(number, {}) is None


def test_a_format_of_the_file_goes_before_a_built_in_one():
    assert format_of(14, {14: "0.00"}) is None


@pytest.mark.parametrize(
    ("code", "number", "value", "shown"),
    [
        pytest.param("0%", "0.985", "98.5", "99", id="no-decimals"),
        pytest.param("0%", "0.995", "99.5", "100", id="half-up"),
        pytest.param("0.00%", "0.98546", "98.546", "98.55", id="rounded"),
        pytest.param("0.00%", "1", "100", "100.00", id="one"),
        pytest.param("0.0##%", "0.98500", "98.500", "98.5", id="optional-decimals"),
        pytest.param("0.##%", "0.98", "98", "98", id="no-decimal-needed"),
        pytest.param("0.0%", "-0.052", "-5.2", "-5.2", id="negative"),
        pytest.param("0.0%;[Red]0.0%", "-0.052", "-5.2", None, id="sign-left-out"),
        pytest.param("0.0%;-0.0%;0", "0.5", "50", "50.0", id="three-sections"),
        pytest.param("[Red]0.0%", "0.5", "50", "50.0", id="colour"),
        pytest.param('0.0"%"', "98.5", "98.5", "98.5", id="printed-sign"),
        pytest.param(r"0.0\%", "98.5", "98.5", "98.5", id="escaped-sign"),
        pytest.param('0.0"％"', "98.5", "98.5", "98.5", id="full-width-sign"),
        pytest.param("#,##0.0%", "12.345", "1234.5", "1234.5", id="thousands"),
        pytest.param('"约"0.0%', "0.5", "50", "50.0", id="text-before"),
        pytest.param("0.0 %", "0.5", "50", None, id="blank-before-sign"),
        pytest.param("0E+0%", "0.5", "50", None, id="scientific"),
        pytest.param("[>1]0.0%;0.00%", "0.5", "50", None, id="conditions-that-agree"),
        pytest.param("0%", "1E+300", "1E+302", None, id="huge"),
    ],
)
def test_percentages(code, number, value, shown):
    assert NumberFormat(code).percentage(Decimal(number)) == Percentage(Decimal(value), shown)


@pytest.mark.parametrize(
    ("code", "number"),
    [("0.0", "0.5"), ("0%;-0%;0", "0"), ('0;-0%', "5"), ("[$%-1]0", "5"), ("0_%", "5")],
)  # fmt: skip
def test_numbers_without_percent_sign(code, number):
    assert NumberFormat(code).percentage(Decimal(number)) is None


@pytest.mark.parametrize("code", ["0%%", '0%"%"', "[<1]0%;0", "[<=1]0.0%;[>1]0.0"])
def test_unclear_percentages(code):
    with pytest.raises(UnclearFormat):
        NumberFormat(code).percentage(Decimal("0.5"))
