"""How many years lie behind a verdict's last pace, as the method itself took them."""

from decimal import Decimal

import pytest

from indicators.actions.verdicts import recompute
from indicators.models import Verdict
from indicators.queries.last_steps import years_of_last_steps
from plans.models import Target
from tests.factories import (
    make_document,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
    make_verdict,
)

pytestmark = pytest.mark.django_db


def verdict_of(figures, *, as_of, nature="level", **fields):
    """The verdict that the method gives; figures: (year, value, more fields or none)."""
    target = make_target(**fields)
    series = make_series(indicator=make_indicator(nature=nature))
    make_reading(target, series)
    for year, value, *more in figures:
        make_figure(series, year, value, **(more[0] if more else {}))
    recompute(Target.objects.filter(pk=target.pk))
    return Verdict.objects.at(as_of).get(target=target)


BREAK, AT_LEAST, ABOUT = {"obs_status": "B"}, {"bound": "at_least"}, {"bound": "about"}


@pytest.mark.parametrize(
    ("figures", "years", "step"),
    [
        pytest.param([(2010, "96"), (2014, "96.4")], 4, "0.4", id="four-years"),
        pytest.param([(2010, "96"), (2013, "96.1"), (2014, "96.4")], 1, "0.3", id="the-last"),
        pytest.param([(2012, "96"), (2013, "97", AT_LEAST), (2014, "96.4")], 2, "0.4", id="bound"),
        pytest.param([(2012, "96"), (2013, "96.2", ABOUT), (2014, "96.4")], 1, "0.2", id="about"),
        pytest.param([(2012, "90"), (2013, "96", BREAK), (2014, "96.4")], 1, "0.4", id="segment"),
        pytest.param([(2012, "90"), (2014, "96.4", BREAK)], None, None, id="break"),
        pytest.param([(2014, "96.4")], None, None, id="a-single-one"),
        pytest.param([(2014, "96.4"), (2016, "97")], None, None, id="later-ones"),
        pytest.param([(2010, "96"), (2013, None), (2014, "96.4")], 4, "0.4", id="missing"),
    ],
)  # fmt: skip
def test_levels(figures, years, step):
    verdict = verdict_of(figures, as_of=2014)

    assert years_of_last_steps([verdict]).get(verdict.pk) == years
    # The method's pace times the years is the step between the two figures.
    assert (verdict.last_pace and verdict.last_pace * (years or 0)) == (step and Decimal(step))


@pytest.mark.parametrize(
    ("figures", "years"),
    [
        pytest.param([(2018, "10"), (2019, "20")], 1, id="sums"),
        pytest.param([(2018, "10")], None, id="the-first-sum"),
        pytest.param([(2017, "99"), (2018, "10"), (2019, "20")], 1, id="before-the-start"),
    ],
)
def test_flows_by_their_sums(figures, years):
    document = make_document("plan-2018", start_year=2018)
    verdict = verdict_of(
        figures, as_of=2019, nature="flow", document=document, value="100", unit="个",
        code="plan-2018-001",
    )  # fmt: skip

    assert years_of_last_steps([verdict]).get(verdict.pk) == years
    assert (verdict.last_pace is None) == (years is None)


@pytest.mark.parametrize("number", [1, 3])
def test_the_cost_does_not_grow(number, django_assert_num_queries):
    verdicts = []
    for each in range(number):
        target = make_target(f"plan-2011-00{each}")
        series = make_series(scope=f"s{each}")
        reading = make_reading(target, series)
        for year in (2013, 2014):
            make_figure(series, year, "96")
        verdicts.append(
            make_verdict(target, 2014, "behind", reading=reading, actual_year=2014, last_pace="0")
        )

    with django_assert_num_queries(2):
        assert set(years_of_last_steps(verdicts).values()) == {1}
