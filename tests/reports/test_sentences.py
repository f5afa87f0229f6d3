from decimal import Decimal

import pytest
from django.utils import translation

from indicators.amounts import amount, difference
from indicators.enums import Status
from reports.sentences import (
    Level,
    VerdictFacts,
    level_in_words,
    verdict_sentence,
    years_in_words,
)

AT_LEAST_98 = Level("reach", "ge", Decimal(98), "98", unit="%")
HOLD_98 = Level("hold", "ge", Decimal(98), "98", unit="%")
AT_MOST_2 = Level("reach", "le", Decimal(2), "2", unit="%")
HOLD_AT_MOST_2 = Level("hold", "le", Decimal(2), "2", unit="%")
FALLING = Level("monotone", "le", None, "")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def facts(status: str, level: Level = AT_LEAST_98, **fields: object) -> VerdictFacts:
    base = {"as_of": 2020, "unit": "%", "target_year": 2020, "start_year": 2011}
    return VerdictFacts(status=status, level=level, **{**base, **fields})


def seen(status: str, level: Level = AT_LEAST_98, gap: str = "0", **fields: object) -> VerdictFacts:
    """Facts with a figure of 2013 and a baseline of 2010."""
    base = {
        "as_of": 2013,
        "actual_year": 2013,
        "actual": "92.4%",
        "gap": Decimal(gap),
        "baseline_year": 2010,
        "baseline": "90%",
    }
    return facts(status, level, **{**base, **fields})


def held(status: str, level: Level = HOLD_98, gap: str = "0", **fields: object) -> VerdictFacts:
    base = {
        "as_of": 2014,
        "actual_year": 2014,
        "actual": "97.5%",
        "gap": Decimal(gap),
        "hold_first": 2011,
        "hold_years": (2011, 2012, 2013, 2014),
    }
    return facts(status, level, **{**base, **fields})


DUE = {"actual_year": 2020, "actual": "97.95%"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            facts("missed", gap=Decimal("0.05"), **DUE),
            "The target for 2020 is 98% or more; the figure of that year is 97.95%: missed, "
            "0.05 percentage points short.",
            id="missed",
        ),
        pytest.param(
            facts("missed", AT_MOST_2, gap=Decimal(1), actual_year=2020, actual="3%"),
            "The target for 2020 is 2% or less; the figure of that year is 3%: missed, "
            "1 percentage point too high.",
            id="missed-turned-round",
        ),
        pytest.param(
            held("missed", gap="0.5", as_of=2020, breached_years=(2014,)),
            "The target is to hold 98% or more up to 2020; the figure of 2020 is 97.5%: missed, "
            "0.5 percentage points short; 3 of 4 years were met, 2014 not.",
            id="missed-hold",
        ),
        pytest.param(
            facts("achieved", gap=Decimal("-0.4"), actual_year=2020, actual="98.4%"),
            "The target for 2020 is 98% or more; the figure of that year is 98.4%, "
            "0.4 percentage points above the target: achieved.",
            id="achieved",
        ),
        pytest.param(
            facts("achieved", AT_MOST_2, gap=Decimal("-0.5"), actual_year=2020, actual="1.5%"),
            "The target for 2020 is 2% or less; the figure of that year is 1.5%, "
            "0.5 percentage points below the target: achieved.",
            id="achieved-turned-round",
        ),
        pytest.param(
            facts("achieved", reached_year=2018, reached="105%"),
            "The target for 2020 is 98% or more; it was reached in 2018 with 105%: achieved.",
            id="achieved-rule-0",
        ),
        pytest.param(
            held("kept", gap="-0.2", as_of=2020, actual="98.2%"),
            "The target is to hold 98% or more up to 2020; all 4 years from 2011 on met it, 2020 "
            "with 98.2%, 0.2 percentage points above the target: kept.",
            id="kept",
        ),
        pytest.param(
            held("kept_gaps", as_of=2020, actual="98.2%", missing_years=(2012,)),
            "The target is to hold 98% or more up to 2020; 2020 meets it with 98.2%; 3 of 4 years "
            "are met, 2012 without a figure.",
            id="kept-gaps",
        ),
        pytest.param(
            held("breached", gap="0.5", breached_years=(2012, 2014)),
            "The target is to hold 98% or more up to 2020; 2014 stood at 97.5%: below the level, "
            "0.5 percentage points short; 2 of 4 years met it, 2012, 2014 did not.",
            id="breached",
        ),
        pytest.param(
            held("breached", HOLD_AT_MOST_2, gap="0.5", actual="2.5%", breached_years=(2014,)),
            "The target is to hold 2% or less up to 2020; 2014 stood at 2.5%: above the level, "
            "0.5 percentage points too high; 3 of 4 years met it, 2014 did not.",
            id="breached-turned-round",
        ),
        pytest.param(
            held("recovered", gap="-0.5", actual="98.5%", breached_years=(2012,)),
            "The target is to hold 98% or more up to 2020; 2014 meets it again with 98.5%, "
            "0.5 percentage points above the target, after 2012 did not: recovered.",
            id="recovered",
        ),
        pytest.param(
            held("thin_margin", gap="-0.2", actual="98.2%"),
            "The target is to hold 98% or more up to 2020; 2014 stood at 98.2%: met with only "
            "0.2 percentage points to spare.",
            id="thin-margin",
        ),
        pytest.param(
            seen("behind", gap="5.6", expected="93.6%", ratio=Decimal("0.6667")),
            "The target for 2020 is 98% or more; 2013 stood at 92.4%, 5.6 percentage points "
            "short, where the path from 90% (2010) asks for 93.6%: 66.67% of the way due, behind.",
            id="behind",
        ),
        pytest.param(
            seen("moving_away", AT_MOST_2, gap="90.4"),
            "The target for 2020 is 2% or less; 2013 stood at 92.4%, 90.4 percentage points "
            "too high and above the baseline of 90% (2010): moving away.",
            id="moving-away-turned-round",
        ),
        pytest.param(
            seen("slipping", drop=Decimal("0.7")),
            "The target for 2020 is 98% or more; 2013 meets it with 92.4%, but fell by 0.7 "
            "percentage points: another such step would cross it.",
            id="slipping",
        ),
        pytest.param(
            facts("not_collected", side_year=2014, side="99.4%", side_word="met"),
            "There is no figure for 2020 (target: 98% or more); the nearest published one is "
            "99.4% in 2014, which would meet the target (side evidence, no verdict).",
            id="not-collected-with-side-evidence",
        ),
        pytest.param(
            facts("not_collected"),
            "The target for 2020 is 98% or more; there is no figure for that year.",
            id="not-collected",
        ),
        pytest.param(
            facts("no_data", as_of=2013),
            "The target for 2020 is 98% or more; up to 2013 no figure from 2011 on has been "
            "published.",
            id="no-data",
        ),
        pytest.param(
            facts("not_due", HOLD_98, as_of=2013, hold_first=2016),
            "The target is to hold 98% or more from 2016 on; in 2013 it is not due.",
            id="not-due",
        ),
        pytest.param(
            seen("breached", FALLING, actual="2.5%"),
            "The target up to 2020 is a fall every year; the latest figure, 2.5% in 2013, went "
            "the other way.",
            id="monotone-breached",
        ),
    ],
)
def test_verdict_sentence_says_promise_figure_and_verdict(given, expected):
    assert verdict_sentence(given) == expected


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("level", [AT_LEAST_98, HOLD_98, AT_MOST_2, FALLING])
@pytest.mark.parametrize("make", [facts, seen, held])
def test_every_status_has_a_whole_sentence(make, level, status):
    sentence = verdict_sentence(make(status, level))

    assert sentence.endswith(".")
    assert "%(" not in sentence


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (AT_LEAST_98, "98% or more"),
        (Level("reach", "ge", Decimal(100), "100", unit="%"), "100%"),
        (Level("reach", "gt", Decimal(98), "98.0", unit="%"), "more than 98.0%"),
        (Level("reach", "between", Decimal(70), "70", "80", unit="%"), "70% to 80%"),
        (Level("reach", "about", Decimal(82), "82", unit="%"), "about 82%"),
        (Level("relative", "ge", Decimal(15), "15", unit="项"), "15% above the baseline"),
        (Level("reach", "ge", Decimal(80), "80", unit="index"), "80 or more"),
        (FALLING, "a fall every year"),
    ],
)
def test_level_in_words(level, expected):
    assert level_in_words(level) == expected


def test_amounts_drop_counting_words_in_english_only():
    assert amount("500", "个") == "500"
    with translation.override("zh-hans"):
        assert amount("500", "个") == "500个"


def test_difference_has_no_sign():
    assert difference(Decimal("-0.3"), "index") == "0.3 points"


def test_years_in_words_joins_runs():
    assert years_in_words([2015, 2011, 2012, 2013]) == "2011–2013, 2015"
    assert years_in_words([2011, 2012]) == "2011, 2012"


def test_more_than_the_upper_end_of_a_range_is_said():
    two_to_three = Level("reach", "between", Decimal(2), "2", shown_upper="3", unit="个")
    beyond = facts(
        Status.ACHIEVED, two_to_three, actual_year=2020, actual="4", is_beyond_range=True
    )

    assert verdict_sentence(beyond).endswith("4, beyond the range: achieved.")
