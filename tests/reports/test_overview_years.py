"""The overview as seen from an earlier year, counted once more from the verdicts."""

from collections import Counter

import pytest

from indicators.actions.tallies import tally
from indicators.models import Verdict
from plans.models import Target
from reports.queries.scopes import Scope, scope_of_code
from reports.queries.standpoints import Standpoint
from tests.factories import (
    make_area,
    make_document,
    make_figure,
    make_reading,
    make_series,
    make_target,
    make_verdict,
)
from tests.reports.pages import judge, text_of
from tests.reports.test_overview_areas import slow_coverage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_in_english")]


def slow_counts(area, goal, as_of):
    """By coverage and by light, of every verdict one by one."""
    verdicts = Verdict.objects.filter(superseded_at=None, as_of=as_of).select_related(
        "target__area"
    )
    found = Counter()
    for verdict in verdicts:
        target = verdict.target
        if target.superseded_at or target.target_year != goal:
            continue
        if area not in {None, target.area.code}:
            continue
        part = slow_coverage(verdict)
        found[part.value] += 1
        if part != "in_words":
            found[verdict.light] += 1
        if target.key:
            found["key"] += 1
    return found


def shown_counts(response):
    assessment = response.context["assessment"]
    found = Counter({part.coverage.value: part.count for part in assessment.parts})
    found.update({each.light: each.count for each in assessment.lights})
    headline = response.context["listed"].headline
    found["key"] = headline.total if headline else 0
    return +found


def test_the_real_data_are_counted_as_one_by_one(client, real_data):
    for area, goal, as_of in [
        (None, 2020, 2020),
        (None, 2020, 2018),
        (None, 2020, 2013),
        (None, 2015, 2015),
        (None, 2015, 2012),
        ("460000", 2020, 2014),
        ("460000", 2015, 2014),
        ("340000", 2020, 2016),
    ]:
        query = {"goal": goal, "as_of": as_of} | ({"area": area} if area else {})
        response = client.get("/", query)
        assert (query, shown_counts(response)) == (query, +slow_counts(area, goal, as_of))
        assert not response.context["problems"]


@pytest.fixture
def years():
    """A red target seen from 2018 that was reached in 2020, and one of a document from 2019 on."""
    early = make_target("plan-2011-001", make_document("plan-2011"), key=True)
    make_verdict(early, 2018, "far_behind")
    judge(early, "achieved")
    late = make_document("plan-2019", make_area("340000"), start_year=2019)
    judge(make_target("plan-2019-001", late), "missed")
    tally([early.document_id, late.pk])


def test_each_year_has_its_own_verdicts(client, years):
    before, after = client.get("/?goal=2020&as_of=2018"), client.get("/?goal=2020")

    assert [line.verdict.status for line in before.context["listed"].headline.lines] == [
        "far_behind"
    ]
    assert [line.verdict.status for line in after.context["listed"].headline.lines] == ["achieved"]
    assert (before.context["assessment"].red, before.context["assessment"].total) == (1, 1)
    assert (after.context["assessment"].red, after.context["assessment"].total) == (1, 2)


def test_figures_of_later_years_are_not_seen_yet(client):
    target = make_target("plan-2011-001", make_document("plan-2011"))
    series = make_series()
    for year, value in [(2016, "95"), (2018, "96"), (2020, "99")]:
        make_figure(series, year, value)
    reading = make_reading(target, series)
    for year in (2018, 2020):
        make_verdict(target, year, "behind", reading=reading)
    tally([target.document_id])

    def seen_from(year):
        [line] = client.get(f"/?goal=2020&as_of={year}").context["listed"].lines
        return [point.year for point in line.points]

    assert seen_from(2018) == [2016, 2018]
    assert seen_from(2020) == [2016, 2018, 2020]


def test_an_earlier_year_is_called_an_interim_assessment(client, years):
    before, after = text_of(client.get("/?as_of=2018")), text_of(client.get("/"))

    assert "Interim assessment of the targets for 2020, as of 2018" in before
    assert "nothing is final before the goal year" in before
    assert "1 of 1 quantitative targets for 2020 can be decided; 1 of these red." in before
    assert "1 target of a document that begins after 2018 is not counted." in before
    assert "Final assessment of the targets for 2020" in after
    assert "begins after" not in after


def test_chinese_sentences_stand_close(client, years):
    client.cookies["django_language"] = "zh-hans"

    shown = text_of(client.get("/?as_of=2018")).replace(" ", "")

    assert "2020年目标中期评估（截至2018年）" in shown
    assert "截至2018年，2020年定量目标共1项，可判定1项，其中红灯1项。" in shown


def test_the_years_offered_begin_with_the_first_document(client, years):
    assert list(client.get("/").context["seen"].years) == list(range(2011, 2021))
    assert list(client.get("/?area=340000").context["seen"].years) == [2019, 2020]


@pytest.mark.parametrize("as_of", ["2010", "2021", "abc", "-1", "9" * 5000, "%00"])
def test_a_year_that_is_not_offered_gives_a_message(client, years, as_of):
    response = client.get(f"/?goal=2020&as_of={as_of}")

    assert response.status_code == 200
    assert "is not a choice for As of; it was ignored" in text_of(response)
    assert response.context["seen"].as_of == 2020


def test_what_leads_on_keeps_both_years(client, years):
    page = client.get("/?goal=2020&as_of=2018").content.decode()

    kept = "?goal=2020&amp;as_of=2018"
    assert f'href="{kept}&amp;coverage=decided#targets"' in page
    assert f'href="{kept}&amp;key=1&amp;light=red#targets"' in page
    assert f'href="{kept}&amp;area=990000&amp;domain=product&amp;coverage=decided' in page
    assert f'href="/areas/990000/{kept}"' in page
    assert '<input type="hidden" name="as_of" value="2018">' in page
    assert 'href="/targets/plan-2011-001/?as_of=2018"' in page


def test_the_last_year_needs_no_naming(client, years):
    page = client.get("/?goal=2020&as_of=2020").content.decode()

    assert 'href="?goal=2020&amp;coverage=decided#targets"' in page
    assert 'href="/targets/plan-2011-001/"' in page


def test_addresses_name_what_differs():
    here = scope_of_code(make_area("340000").code)

    assert Standpoint(Scope(), 2020, 2020).query == "goal=2020"
    assert Standpoint(Scope(is_named=True), 2020, 2020).query == "goal=2020&area="
    assert Standpoint(here, 2020, 2018).query == "goal=2020&as_of=2018&area=340000"
    assert Standpoint(here, 2020, 2018).years_query == "goal=2020&as_of=2018"


def test_a_goal_that_lies_ahead_is_interim_from_this_year(client):
    target = make_target("plan-2011-001", make_document(end_year=2090), target_year=2090)
    tally([target.document_id])

    assert client.get("/").context["seen"].is_interim
    assert Target.objects.count() == 1
