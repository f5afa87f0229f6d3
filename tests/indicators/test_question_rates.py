"""How often each rule asks about honest figures is what the page says, and seldom enough."""

import pytest

from indicators.enums import QuestionRule
from indicators.signs.rates import RATES
from tests.benchmarks.question_rates import DEPARTMENTS
from tests.indicators.question_rates import found_when_bent, honest_rates

# What a rule must find where every department bends its figures in the way that it looks for.
FOUND_AT_LEAST = {
    QuestionRule.BUNCHED: 0.4,
    QuestionRule.REPEATED_YEARS: 0.5,
    QuestionRule.REPEATED_SERIES: 0.95,
    QuestionRule.JUMP: 0.6,
    QuestionRule.HELPFUL_BREAK: 0.95,
    QuestionRule.LATE_EDIT: 1,
    QuestionRule.LATE_EDITS: 1,
}


@pytest.fixture(scope="module")
def honest():
    return honest_rates(DEPARTMENTS)


@pytest.fixture(scope="module")
def other_honest():
    return honest_rates(DEPARTMENTS // 3, seed=7)


@pytest.fixture(scope="module")
def bent():
    return found_when_bent(60)


@pytest.mark.parametrize("rule", QuestionRule)
def test_honest_figures_are_asked_about_as_seldom_as_the_page_says(honest, rule):
    assert (honest[rule].asked, honest[rule].of) == (RATES[rule].asked, RATES[rule].of)


@pytest.mark.parametrize("rule", QuestionRule)
def test_no_rule_asks_about_more_than_one_honest_case_in_a_hundred(honest, other_honest, rule):
    assert honest[rule].share <= 0.01
    assert other_honest[rule].share <= 0.01


@pytest.mark.parametrize("rule", QuestionRule)
def test_bent_figures_are_found(bent, rule):
    assert bent[rule].share >= FOUND_AT_LEAST[rule]
