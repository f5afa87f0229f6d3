"""What a target's page says of what lies ahead: forecast and pace, or nothing."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from indicators.actions.verdicts import recompute
from indicators.enums import Nature
from plans.models import Target
from tests.factories import (
    make_document,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
)
from tests.reports.pages import text_of

pytestmark = pytest.mark.django_db
RISING = ("96", "96.4", "96.5", "97.1")


@pytest.fixture(autouse=True)
def _open_reading(settings):
    settings.OPEN_READING = True


@pytest.fixture
def this_year():
    return timezone.localdate().year


def target_with(values, *, ahead=4, indicator=None, statuses=(), frequency=1, **fields):
    """A target due `ahead` years from now (None: never) with its verdicts.

    values: one a year up to last year; None where there is none, "at_least 97" for a bound.
    statuses: letters by years back.
    """
    this_year = timezone.localdate().year
    document = make_document(start_year=this_year - 8, end_year=this_year + 20)
    target_year = None if ahead is None else this_year + ahead
    target = make_target(document=document, target_year=target_year, **fields)
    series = make_series(indicator=make_indicator(**(indicator or {})), frequency=frequency)
    make_reading(target, series)
    for back, text in enumerate(reversed(values), start=1):
        if text is not None:
            bound, _, value = text.rpartition(" ")
            status = dict(statuses).get(back, "A")
            make_figure(series, this_year - back, value, bound=bound or "exact", obs_status=status)
    recompute(Target.objects.filter(pk=target.pk))
    return target


def page_of(client, target, *, language="en", **query):
    client.cookies["django_language"] = language
    return client.get(reverse("reports:target", args=[target.code], query=query))


def said(client, target, language="en"):
    page = page_of(client, target, language=language).context["page"]
    return [*(page.forecast.sentences if page.forecast else []), page.pace]


def test_forecast_and_pace_are_said_in_both_languages(client, this_year):
    # Slope 0.34 about 96.5 in the middle; 2.5 years after it 97.35, then 0.34 a year: see
    # tests/indicators/test_forecast.py. Four years on 98.37 + 0.34: 4 figures, n − 2 = 2.
    # 0.021 · (1 + 1/4 + 6.5²/5) = 0.2037, its root 0.4513; margin 0.851.
    target = target_with(RISING)

    assert said(client, target) == [
        f"If the 4 figures from {this_year - 4} to {this_year - 1} go on as they did, "
        f"{this_year + 4} comes to 98.7%; the 80% prediction interval is 97.9% to 99.6%.",
        "The forecast meets the level of the target, part of the interval does not.",
        "The target needs +0.18 percentage points a year; the last year gave +0.60 percentage "
        "points.",
    ]
    assert said(client, target, "zh-hans") == [
        f"依据{this_year - 4}—{this_year - 1}年4个数据，按近年趋势测算，{this_year + 4}年"
        "约为98.7%，80%预测区间为97.9%至99.6%。",
        "趋势测算值达到目标值，但预测区间有一部分未达到。",
        "今后每年需提高0.18个百分点；最近一年提高0.60个百分点。",
    ]


def test_chart_and_table_begin_the_forecast_after_the_last_figure(client, this_year):
    response = page_of(client, target_with(RISING))
    rows = response.context["page"].chart.rows

    assert [each.year for each in rows.fan] == list(range(this_year, this_year + 5))
    assert "Forecast, no figures" in text_of(response)
    assert "98.7% (97.9%–99.6%)" in text_of(response)
    assert "A forecast is neither a figure nor a verdict." in text_of(response)


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("97.8", "All of the interval meets the level of the target."),
        ("98.5", "The forecast meets the level of the target, part of the interval does not."),
        ("99.5", "The forecast does not meet the level of the target, part of the interval does."),
        ("99.9", "None of the interval meets the level of the target."),
    ],
)  # fmt: skip
def test_the_level_is_held_against_the_whole_interval(client, level, words):
    assert said(client, target_with(RISING, value=level))[1] == words


def test_an_about_without_tolerance_is_left_open(client):
    target = target_with(RISING, comparator="about", value="103")

    assert said(client, target)[1] == (
        "Whether it meets the target depends on how far “about” reaches."
    )


def test_a_falling_target_is_said_as_falling(client):
    page = said(client, target_with(("4", "3.6", "3.5", "2.9"), comparator="le", value="2"))

    assert page[1:] == [
        "The forecast meets the level of the target, part of the interval does not.",
        "The target needs −0.18 percentage points a year; the last year gave −0.60 percentage "
        "points.",
    ]


def test_rounding_never_looks_as_if_a_missed_level_were_met(client):
    # 1, 2, 2, 3: 2 in the middle, slope 0.6; 6.5 years later 5.9, which is 6 without decimals.
    # Squared distances 0.01 + 0.09 + 0.09 + 0.01; 0.1 · (1 + 1/4 + 6.5²/5) = 0.97; margin 1.857.
    target = target_with(("1", "2", "2", "3"), value="6", indicator={"decimals": 0})

    assert "comes to 5.9%; the 80% prediction interval is 4.0% to 7.8%." in said(client, target)[0]


def test_neither_does_it_in_a_year_before_and_all_years_have_as_many_decimals(client):
    # The same line: 3.5, 4.1, 4.7, 5.3, 5.9. Only 4.7 without decimals would look like a 5.
    # The margins: 0.943, 1.147, 1.373, 1.611, 1.857.
    target = target_with(("1", "2", "2", "3"), kind="hold", value="5")

    fan = page_of(client, target).context["page"].chart.rows.fan

    assert [each.shown for each in fan] == [
        "3.5% (2.6%–4.4%)", "4.1% (3.0%–5.2%)", "4.7% (3.3%–6.1%)", "5.3% (3.7%–6.9%)",
        "5.9% (4.0%–7.8%)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"values": RISING[:3]}, id="three-figures"),
        pytest.param({"values": (*RISING[:3], "at_least 97.1")}, id="a-bound"),
        pytest.param({"values": RISING, "statuses": {2: "B"}}, id="a-break"),
        pytest.param({"values": (*RISING, None, None)}, id="too-old"),
        pytest.param({"values": RISING, "kind": "monotone", "value": None}, id="no-level"),
        pytest.param(
            {"values": ("5", "6", "7", "8"), "unit": "项",
             "indicator": {"unit": "项", "nature": Nature.FLOW, "largest": None}},
            id="a-sum-of-yearly-counts",
        ),
        pytest.param(
            {"values": ("5", "6", "7", "80"), "unit": "项", "value": "50",
             "indicator": {"unit": "项", "nature": Nature.CUMULATIVE, "largest": None}},
            id="reached-for-good",
        ),
        pytest.param({"values": RISING, "ahead": None}, id="no-year"),
        pytest.param({"values": RISING, "ahead": 0}, id="due"),
    ],
)  # fmt: skip
def test_nothing_is_forecast(client, given):
    response = page_of(client, target_with(**given))

    assert response.context["page"].forecast is None
    assert "Forecast, no figures" not in text_of(response)
    assert "A forecast is" not in text_of(response)


def test_the_pace_stands_alone_where_there_are_few_figures(client):
    response = page_of(client, target_with(RISING[:3]))

    assert "Pace needed The target needs +0.3 percentage points a year" in text_of(response)


def test_no_section_stands_where_there_is_nothing_to_say(client):
    response = page_of(client, target_with(("98", "98.5", "99")))

    assert "ahead-title" not in response.content.decode()


def test_a_frequency_lengthens_what_is_recent_enough(client):
    response = page_of(client, target_with((*RISING, None, None), frequency=5))

    assert response.context["page"].forecast is not None


def test_a_year_that_has_passed_is_not_forecast_from_an_earlier_one(client, this_year):
    target = target_with(RISING, ahead=-1)

    page = page_of(client, target, as_of=this_year - 2).context["page"]

    assert page.as_of == this_year - 2
    assert page.forecast is None


def test_only_the_figures_up_to_the_as_of_year_are_looked_at(client, this_year):
    target = target_with(("95", *RISING))

    page = page_of(client, target, as_of=this_year - 2).context["page"]

    assert page.forecast.sentences[0].startswith(
        f"If the 4 figures from {this_year - 5} to {this_year - 2} go on"
    )


def test_counts_of_single_years_are_forecast_where_a_level_is_held(client):
    flow = {"unit": "项", "nature": Nature.FLOW, "largest": None, "decimals": 0}
    target = target_with(("5", "6", "7", "8"), kind="hold", value="4", unit="项", indicator=flow)

    assert "comes to 13; the 80% prediction interval is 13 to 13." in said(client, target)[0]


def test_a_running_total_is_never_forecast_below_what_it_has_reached(client):
    total = {"unit": "个", "nature": Nature.CUMULATIVE, "largest": None, "decimals": 0}
    target = target_with(("120", "150", "155", "210"), value="500", unit="个", indicator=total)

    page = page_of(client, target).context["page"]

    assert min(each.low for each in page.chart.rows.fan) == Decimal(210)


@pytest.mark.filterwarnings("ignore:Session-scoped fixtures:pytest.PytestRemovedIn10Warning")
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_band_and_line_are_drawn(live_server, page):
    target = target_with(RISING)
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))

    page.goto(live_server.url + reverse("reports:target", args=[target.code]))
    page.wait_for_selector(".chart.is-drawn")

    bands = page.locator(".chart__drawing .shapelayer path[data-index]")
    tints = [bands.nth(at).get_attribute("style") for at in range(bands.count())]
    assert sum("fill: rgb(31, 78, 140)" in tint for tint in tints) == 1
    dashed = page.locator(".chart__drawing .scatterlayer path.js-line[style*='dasharray: 6px']")
    assert dashed.count() == 1
    # As many marked points as figures.
    assert page.locator(".chart__drawing .scatterlayer .point").count() == 4
    assert problems == []
