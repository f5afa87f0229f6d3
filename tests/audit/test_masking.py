"""What lists hide of a person, and what they must not touch."""

import pytest

from targets_site.audit.masking import masked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("请联系13812345678。", "请联系138****5678。", id="mobile"),
        pytest.param("+86 138-1234-5678", "+86 138****5678", id="mobile-in-parts"),
        pytest.param("0898-65123456转办", "0898-******56转办", id="landline"),
        pytest.param("身份证46010019800101123X", "身份证460100**********3X", id="identity-card"),
        pytest.param("wang.li@hainan.gov.cn", "w***@hainan.gov.cn", id="e-mail"),
        pytest.param("63.10", "63.10", id="figure"),
        pytest.param("13812345678.50", "13812345678.50", id="figure-of-eleven-digits"),
        pytest.param("a13812345678f" * 4, "a13812345678f" * 4, id="within-a-digest"),
        pytest.param("2015-2020", "2015-2020", id="years"),
        pytest.param("琼府2013年12号", "琼府2013年12号", id="document-number"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_personal_numbers_are_hidden_and_figures_are_not(text, expected):
    assert masked(text) == expected
