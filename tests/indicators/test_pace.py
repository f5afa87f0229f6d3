from decimal import Decimal

import pytest
from django.utils import translation

from indicators.pace import Pace, needed_against_last


def pace(
    required: str | None,
    last: str | None = None,
    last_years: int | None = None,
    *,
    unit: str = "%",
    falls: bool = False,
) -> Pace:
    decimals = [None if text is None else Decimal(text) for text in (required, last)]
    return Pace(*decimals, last_years=last_years, unit=unit, falls=falls)


@pytest.mark.parametrize(
    ("given", "english", "chinese"),
    [
        pytest.param(
            pace("0.25", "0.1", 3),
            "The target needs +0.25 percentage points a year; the last 3 years gave +0.10 "
            "percentage points a year.",
            "今后每年需提高0.25个百分点；最近3年平均每年提高0.10个百分点。",
            id="rate",
        ),
        pytest.param(
            pace("0.2500", "-0.3000", 1),
            "The target needs +0.25 percentage points a year; the last year gave −0.30 "
            "percentage points.",
            "今后每年需提高0.25个百分点；最近一年下降0.30个百分点。",
            id="wrong-way",
        ),
        pytest.param(
            pace("1", "0.5", 2, falls=True),
            "The target needs −1.0 percentage points a year; the last 2 years gave −0.5 "
            "percentage points a year.",
            "今后每年需下降1.0个百分点；最近2年平均每年下降0.5个百分点。",
            id="falling",
        ),
        pytest.param(
            pace("0.3333", "-0.5", 1, falls=True),
            "The target needs −0.3333 percentage points a year; the last year gave +0.50 "
            "percentage points.",
            "今后每年需下降0.3333个百分点；最近一年提高0.50个百分点。",
            id="falling-wrong-way",
        ),
        pytest.param(
            pace("1", "2", 1, unit="index"),
            "The target needs +1 point a year; the last year gave +2 points.",
            "今后每年需提高1点；最近一年提高2点。",
            id="index",
        ),
        pytest.param(
            pace("50", "-20", 2, unit="个"),
            "The target needs 50 more a year; the last 2 years gave 20 less a year.",
            "今后每年需增加50个；最近2年平均每年减少20个。",
            id="count",
        ),
        pytest.param(
            pace("12.0000", "8.5000", 2, unit="个"),
            "The target needs 12 more a year; the last 2 years gave 8.5 more a year.",
            "今后每年需增加12个；最近2年平均每年增加8.5个。",
            id="whole-count-beside-a-mean",
        ),
        pytest.param(
            pace("3", "-2", 1, unit="天", falls=True),
            "The target needs 3 days less a year; the last year gave 2 days more.",
            "今后每年需减少3天；最近一年增加2天。",
            id="days",
        ),
        pytest.param(
            pace("12", "8", 1, unit="万元"),
            "The target needs 12 ×10,000 yuan more a year; the last year gave 8 ×10,000 yuan more.",
            "今后每年需增加12万元；最近一年增加8万元。",
            id="money",
        ),
        pytest.param(
            pace("0.4", "0", 4),
            "The target needs +0.4 percentage points a year; the last step brought no change.",
            "今后每年需提高0.4个百分点；最近一次数据与上次持平。",
            id="stood-still",
        ),
        pytest.param(
            pace("0.4"),
            "The target needs +0.4 percentage points a year.",
            "今后每年需提高0.4个百分点。",
            id="no-step-yet",
        ),
        pytest.param(pace(None, "0.1", 1), "", "", id="nothing-needed"),
        pytest.param(pace("0.0000", "0.1", 1), "", "", id="rounds-to-nothing"),
    ],
)
def test_needed_against_last(given, english, chinese):
    with translation.override("en"):
        assert needed_against_last(given) == english
    with translation.override("zh-hans"):
        assert needed_against_last(given) == chinese
