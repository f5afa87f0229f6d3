"""The register of what cannot be judged: each target once, by area and reason."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.actions.tallies import count_anew
from indicators.enums import LIGHT_OF, STATUSES_IN_WORDS, Light, Status
from indicators.models import Verdict
from plans.models import Document
from reports.enums import Reason
from reports.queries.registers.unjudged import unjudged
from reports.queries.scopes import Scope
from reports.queries.standpoints import Standpoint
from tests.factories import (
    make_area,
    make_document,
    make_domain,
    make_reading,
    make_series,
    make_target,
    make_text_target,
    make_verdict,
)

pytestmark = pytest.mark.django_db
STATUS_OF = {
    Reason.NO_FIGURE: "no_data",
    Reason.NOT_COLLECTED: "not_collected",
    Reason.OUTDATED: "outdated",
    Reason.TOO_EARLY: "too_early",
    Reason.NO_BASELINE: "no_baseline",
}


@pytest.fixture(autouse=True)
def reading(client, settings):
    settings.OPEN_READING = True
    client.cookies["django_language"] = "en"


class Filled:
    """Targets of a nation with a province, a city and a county, each with a verdict as of 2020."""

    def __init__(self):
        self.province = make_area("460000", name_zh="海南省", name_en="Hainan")
        self.city = make_area("460100", level="prefecture", parent=self.province)
        self.county = make_area("460105", level="county", parent=self.city)
        self.other = make_area("360000", name_zh="江西省", name_en="Jiangxi")
        self.number = 0

    def target(self, area, status, *, series=True, tolerance=None, **fields):
        self.number += 1
        document = make_document(f"plan-{area.code}", area=area)
        code, is_text = f"{document.slug}-{self.number:03}", status in STATUSES_IN_WORDS
        if is_text:
            fields["comparator"] = ""
        make = make_text_target if is_text else make_target
        target = make(code, document=document, **fields)
        reading = None
        if series and not is_text:
            own = make_series(area=area, scope=f"s{self.number}")
            reading = make_reading(target, own, tolerance=tolerance)
        as_of = 2020 if target.target_year else min(document.end_year, 2026)
        make_verdict(target, as_of, status, reading=reading)
        return target


@pytest.fixture
def filled():
    return Filled()


@pytest.fixture
def all_reasons(filled):
    """By reason, one target each, of the county."""
    county = filled.county
    found = {
        reason: filled.target(county, status) for reason, status in STATUS_OF.items()
    } | {
        Reason.NO_READING: filled.target(county, "not_collected", series=False),
        Reason.NO_TOLERANCE: filled.target(county, "undetermined", comparator="about"),
        Reason.LEFT_OPEN: filled.target(county, "undetermined", comparator="about", tolerance=1),
        Reason.IN_WORDS: filled.target(county, "not_measurable"),
    }  # fmt: skip
    for judged in ("achieved", "missed", "on_track", "kept_gaps", "not_due", "judged_done"):
        filled.target(county, judged)
    count_anew(Document.objects.all())
    return found


def reason_by_hand(verdict):
    """One verdict at a time; None where something was judged, or is not due."""
    if verdict.status == Status.NOT_MEASURABLE:
        return Reason.IN_WORDS
    if LIGHT_OF[verdict.status] != Light.GREY:
        return None
    if verdict.status == Status.UNDETERMINED and verdict.target.target_year is None:
        return Reason.NO_YEAR
    if verdict.reading is None:
        return Reason.NO_READING
    if verdict.status == Status.UNDETERMINED:
        is_about = verdict.target.comparator == "about" and verdict.reading.tolerance is None
        return Reason.NO_TOLERANCE if is_about else Reason.LEFT_OPEN
    return {status: reason for reason, status in STATUS_OF.items()}[verdict.status]


def counts_on(response):
    return {row.area.code: dict(row.counts) for row in response.context["register"].rows}


def listed_on(response):
    return [(each.line.target.code, each.reason) for each in response.context["listed"].found]


def test_each_target_without_a_verdict_has_the_one_reason(client, all_reasons):
    response = client.get("/registers/unjudged/?goal=2020")

    assert sorted(listed_on(response)) == sorted(
        (target.code, reason) for reason, target in all_reasons.items()
    )
    assert counts_on(response) == {"460000": dict.fromkeys(all_reasons, 1)}


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("with_series", [True, False])
@pytest.mark.parametrize("target_year", [2020, None])
@pytest.mark.parametrize("comparator", ["about", "ge"])
def test_reasons_are_those_that_one_finds_one_by_one(
    filled, status, with_series, target_year, comparator
):
    filled.target(
        filled.city, status, series=with_series, target_year=target_year, comparator=comparator
    )
    seen = Standpoint(Scope(), 2020, 2020) if target_year else Standpoint(Scope(), 0, 0)

    found = [Reason(each.reason) for each in unjudged(seen, None)]

    expected = [reason_by_hand(each) for each in Verdict.objects.select_related("target")]
    assert found == [each for each in expected if each]


def test_the_reasons_on_a_page_are_all_that_there_are(all_reasons):
    assert set(all_reasons) | {Reason.NO_YEAR} == set(Reason)


def test_areas_are_counted_with_all_below_them_and_every_count_opens_its_targets(client, filled):
    places = [filled.province, filled.city, filled.county, filled.county, filled.other]
    for area in places:
        filled.target(area, "no_data")
        filled.target(area, "no_baseline")
    filled.target(filled.other, "achieved")
    count_anew(Document.objects.all())

    nation = client.get("/registers/unjudged/")
    province = client.get("/registers/unjudged/?area=460000")
    city = client.get("/registers/unjudged/?area=460100")
    county = client.get("/registers/unjudged/?area=460105")

    both = {Reason.NO_FIGURE: 1, Reason.NO_BASELINE: 1}
    assert counts_on(nation) == {"360000": both, "460000": dict.fromkeys(both, 4)}
    assert counts_on(province) == {"460000": both, "460100": dict.fromkeys(both, 3)}
    assert counts_on(city) == {"460100": both, "460105": dict.fromkeys(both, 2)}
    assert counts_on(county) == {"460105": dict.fromkeys(both, 2)}
    for page in (nation, province, city, county):
        for row in page.context["register"].rows:
            for reason, count in row.counts.items():
                query = f"goal=2020&area={row.area.code}{'&own=1' if row.is_own else ''}"
                query += f"&reason={reason.value}"
                assert f'href="?{query.replace("&", "&amp;")}#list"' in page.text
                opened = client.get(f"/registers/unjudged/?{query}")
                assert len(listed_on(opened)) == count
                assert {each for _code, each in listed_on(opened)} == {reason}


def test_another_goal_year_and_an_earlier_year_are_another_standpoint(client, filled):
    early = filled.target(filled.city, "no_data", target_year=2015)
    late = filled.target(filled.city, "too_early")
    Verdict.objects.filter(target=early).update(as_of=2015)
    make_verdict(late, 2016, "no_data", reading=late.readings.get())
    count_anew(Document.objects.all())

    assert listed_on(client.get("/registers/unjudged/?goal=2015")) == [(early.code, "no_figure")]
    assert listed_on(client.get("/registers/unjudged/?goal=2020")) == [(late.code, "too_early")]
    seen = client.get("/registers/unjudged/?goal=2020&as_of=2016")
    assert listed_on(seen) == [(late.code, "no_figure")]
    assert "Targets for 2020, as of 2016." in seen.text


def test_targets_without_a_year_stand_apart(client, filled):
    target = filled.target(filled.city, "undetermined", target_year=None)
    filled.target(filled.city, "no_data")
    count_anew(Document.objects.all())

    response = client.get("/registers/unjudged/?goal=0")

    assert listed_on(response) == [(target.code, Reason.NO_YEAR)]
    assert "Targets that give no year" in response.text


def test_the_list_is_narrowed_by_domain_and_reason(client, filled):
    service = make_domain("service", name_en="Services", position=9)
    wanted = filled.target(filled.city, "no_data", domain=service)
    filled.target(filled.city, "no_baseline", domain=service)
    filled.target(filled.city, "no_data")
    count_anew(Document.objects.all())

    response = client.get("/registers/unjudged/?domain=service&reason=no_figure")

    assert listed_on(response) == [(wanted.code, Reason.NO_FIGURE)]
    assert counts_on(response) == {"460000": {Reason.NO_FIGURE: 1, Reason.NO_BASELINE: 1}}


@pytest.mark.parametrize(
    "query", ["area=x", "goal=1999", "as_of=x", "domain=x", "reason=x", "page=x", "own=2"]
)
def test_what_is_no_choice_is_said_and_ignored(client, all_reasons, query):
    response = client.get(f"/registers/unjudged/?{query}")

    assert response.status_code == 200
    assert "it was ignored" in response.text
    assert len(listed_on(response)) == len(all_reasons)


def test_without_targets_the_page_says_so(client):
    response = client.get("/registers/unjudged/")

    assert response.status_code == 200
    assert "Every target of this goal year has its verdict." in response.text


def test_a_page_costs_the_same_for_one_and_sixty(client, filled):
    costs = []
    for each in range(60):
        area = make_area(f"46{each + 20:02}00", level="prefecture", parent=filled.province)
        filled.target(area, "no_data")
        if each in {0, 59}:
            count_anew(Document.objects.all())
            with CaptureQueriesContext(connection) as asked:
                response = client.get("/registers/unjudged/?area=460000&goal=2020")
            costs.append(len(asked))

    assert response.context["listed"].page.paginator.num_pages == 3
    assert costs[0] == costs[1] <= 14
