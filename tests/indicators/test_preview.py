"""The verdicts that a figure would give, before anybody approves it."""

from decimal import Decimal

import pytest
from django.utils import timezone

from indicators.actions.verdicts import recompute
from indicators.enums import Light
from indicators.models import Verdict
from indicators.queries.preview import Said, previews
from plans.models import Target
from tests.factories import (
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
    make_text_target,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def series():
    return make_series()


def said(series, year, value, **fields):
    return Said(series, year, None if value is None else Decimal(value), **fields)


def preview(series, year, value, **fields):
    """Target code, status and whether it falls short."""
    found = previews([said(series, year, value, **fields)])
    return [
        (each.target.code[-3:], str(each.verdict.status), each.falls_short)
        for each in found.get((series.pk, year), [])
    ]


@pytest.mark.parametrize(
    ("year", "value", "status", "falls_short"),
    [
        pytest.param(2020, "98", "achieved", False, id="met-exactly"),
        pytest.param(2020, "97.99", "missed", True, id="missed"),
        # 90.4 in 2018 on the way from 60 in 2010 to 98 in 2020.
        pytest.param(2018, "90.4", "on_track", False, id="on-the-path"),
        pytest.param(2018, "84", "behind", False, id="behind"),
        pytest.param(2018, "70", "far_behind", True, id="far-behind"),
        pytest.param(2018, "59.9", "moving_away", True, id="moving-away"),
    ],
)
def test_a_figure_says_how_far_the_target_would_be(series, year, value, status, falls_short):
    make_reading(make_target(value="98"), series, baseline_year=2010, baseline_value=60)

    assert preview(series, year, value) == [("001", status, falls_short)]


def test_all_targets_of_a_series_the_next_due_first(series):
    make_reading(make_target("plan-2011-002", value="98", target_year=2020), series)
    make_reading(make_target("plan-2011-001", value="95", target_year=2015), series)

    assert preview(series, 2015, "96") == [
        ("001", "achieved", False),
        ("002", "no_baseline", False),
    ]


@pytest.mark.parametrize(
    ("target", "reading", "year"),
    [
        pytest.param({}, {}, 2010, id="before-the-period"),
        pytest.param({"target_year": 2015}, {}, 2016, id="after-the-target-year"),
        pytest.param({"superseded_at": timezone.now()}, {}, 2015, id="target-not-in-force"),
        pytest.param({}, {"superseded_at": timezone.now()}, 2015, id="reading-not-in-force"),
    ],
)
def test_targets_that_it_says_nothing_of(series, target, reading, year):
    make_reading(make_target(**target), series, **reading)

    assert preview(series, year, "10") == []


def test_a_missing_figure_says_nothing(series):
    make_reading(make_target(), series)

    assert previews([said(series, 2020, None)]) == {}


def test_a_target_in_words_is_not_computed(series):
    make_reading(make_text_target(), series)

    assert preview(series, 2020, "10") == []


def test_it_takes_the_place_of_what_is_in_force_and_changes_nothing(series):
    make_reading(make_target(value="98"), series)
    version = make_figure(series, 2020, "99")

    assert preview(series, 2020, "97") == [("001", "missed", True)]
    assert preview(series, 2020, "98") == [("001", "achieved", False)]
    assert Verdict.objects.count() == 0
    version.observation.refresh_from_db()
    assert version.observation.in_force == version


def test_drafts_of_others_do_not_count(series):
    """Only what is in force stands beside the figure: the year before was 97, not 99."""
    make_reading(make_target(value="98", kind="hold", target_year=2020), series, hold_from=2018)
    make_figure(series, 2019, "97")
    draft = make_figure(series, 2018, "10", state="draft")
    draft.observation.in_force = None
    draft.observation.save(update_fields=["in_force"])

    [found] = previews([said(series, 2020, "98")])[series.pk, 2020]

    assert (str(found.verdict.status), found.light) == ("recovered", Light.YELLOW)
    assert found.verdict.missing_years == (2018,)
    assert found.verdict.breached_years == (2019,)


def test_bounds_count(series):
    make_reading(make_target(value="98"), series)

    assert preview(series, 2020, "97", bound="at_least") == [("001", "undetermined", False)]
    assert preview(series, 2020, "99", bound="at_least") == [("001", "achieved", False)]


TARGETS = [
    pytest.param({"kind": "reach", "value": "98"}, {}, id="reach"),
    pytest.param(
        {"kind": "reach", "value": "98"}, {"baseline_year": 2010, "baseline_value": 60}, id="path"
    ),
    pytest.param({"kind": "reach", "comparator": "le", "value": "70"}, {}, id="at-most"),
    pytest.param({"kind": "hold", "value": "80"}, {"hold_from": 2015}, id="hold"),
    pytest.param({"kind": "monotone", "comparator": "ge", "value": None}, {}, id="monotone"),
]


@pytest.mark.parametrize(("target", "reading"), TARGETS)
@pytest.mark.parametrize("year", [2012, 2016, 2019, 2020])
@pytest.mark.parametrize("value", ["59.5", "79.99", "80", "98", "99.5"])
def test_what_is_shown_is_what_the_approved_figure_gives(series, target, reading, year, value):
    """Stored and computed as for everybody, the verdict of the year is the one that was shown."""
    make_reading(make_target(**target), series, **reading)
    for other, figure in {2011: "65", 2014: "79", 2018: "85"}.items():
        make_figure(series, other, figure)

    [shown] = previews([said(series, year, value)])[series.pk, year]
    make_figure(series, year, value)
    recompute(Target.objects.all())

    stored = Verdict.objects.in_force().get(as_of=year)
    assert (stored.status, stored.light) == (shown.verdict.status, shown.light)
    assert (stored.actual_year, stored.actual_value) == (
        shown.verdict.actual_year,
        shown.verdict.actual_value,
    )
    assert (stored.gap, stored.ratio) == (shown.verdict.gap, shown.verdict.ratio)


@pytest.mark.parametrize("number", [1, 6])
def test_the_cost_does_not_grow(number, django_assert_num_queries):
    figures = []
    for nth in range(number):
        one = make_series(indicator=make_indicator(f"rate-{nth}"))
        make_reading(make_target(f"plan-2011-00{nth}"), one)
        figures += [said(one, year, "98") for year in (2019, 2020)]

    with django_assert_num_queries(2):
        found = previews(figures)
        assert {each.light for group in found.values() for each in group} == {Light.GREEN}

    assert len(found) == 2 * number
