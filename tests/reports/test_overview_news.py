"""Figures that were approved lately, on the overview and on their own page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.models import Verdict
from tests.factories import (
    make_area,
    make_document,
    make_figure,
    make_indicator,
    make_reading,
    make_round,
    make_series,
    make_target,
    make_user,
    make_verdict,
)
from tests.reports.pages import judge, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_in_english")]


@pytest.fixture
def reviewer():
    return make_user("reviewer")


def new_figure(number, reviewer, *, days=1, area=None, year=2020, before="outdated", **fields):
    """A target for 2020 with a figure approved so many days ago; it was `before` until then and
    is missed now."""
    area = area or make_area()
    document = make_document(f"plan-{area.code}", area)
    target = make_target(f"{document.slug}-{number:03d}", document)
    series = make_series(area, make_indicator(f"rate-{number}"))
    reading = make_reading(target, series)
    approved = timezone.now() - timedelta(days=days)
    make_figure(series, year, "97.10", reviewed_by=reviewer, reviewed_at=approved, **fields)
    since = {"recorded_at": approved + timedelta(seconds=5)}
    if before:
        made = approved - timedelta(days=400)
        old = make_verdict(target, 2020, before, recorded_at=made)
        Verdict.objects.filter(pk=old.pk).update(superseded_at=since["recorded_at"])
    judge(target, "missed", reading=reading, **since)
    return target


def shown(response):
    return [
        (each.target.code[-3:], each.before and each.before.status, each.after.status)
        for each in response.context["news"].figures
    ]


def test_a_new_figure_is_shown_with_what_changed(client, reviewer):
    new_figure(1, reviewer, bound="at_least", obs_status="P")

    response = client.get("/")

    assert shown(response) == [("001", "outdated", "missed")]
    said = text_of(response)
    assert "≥ 97.10 % in 2020 Original · Provisional" in said
    assert "○ Outdated (Grey) before, and now: → ■ Missed (Red)" in said


def test_a_first_verdict_had_none_before(client, reviewer):
    new_figure(1, reviewer, before=None)

    assert shown(client.get("/")) == [("001", None, "missed")]
    assert "no verdict before, and now: → ■ Missed (Red)" in text_of(client.get("/"))


def test_a_verdict_that_stayed_says_so(client, reviewer):
    new_figure(1, reviewer, before="missed")

    assert "■ Missed (Red) verdict as before" in text_of(client.get("/"))


def test_the_newest_come_first_and_the_rest_has_its_page(client, reviewer):
    for number in range(1, 11):
        new_figure(number, reviewer, days=number)

    response = client.get("/")

    assert [code for code, *_verdicts in shown(response)] == [f"{at:03d}" for at in range(1, 9)]
    assert 'href="/new/">See all new figures</a>' in response.content.decode()
    listed = client.get("/new/")
    assert [each.target.code[-3:] for each in listed.context["figures"]] == [
        f"{at:03d}" for at in range(1, 11)
    ]


@pytest.mark.parametrize(
    ("fields", "is_new"),
    [
        pytest.param({"days": 29}, True, id="lately"),
        pytest.param({"days": 31}, False, id="long ago"),
        pytest.param({"year": 2021}, False, id="after the target year"),
        pytest.param({"state": "submitted"}, False, id="not approved"),
        pytest.param({"reviewed_by": None}, False, id="loaded"),
    ],
)
def test_what_is_new(client, reviewer, fields, is_new):
    by = fields.pop("reviewed_by", reviewer)
    new_figure(1, by, **fields)

    assert bool(shown(client.get("/"))) == is_new
    assert ("no figure has been approved" in text_of(client.get("/"))) != is_new
    assert ("no figure has been approved" in text_of(client.get("/new/"))) != is_new


def test_what_was_approved_in_the_open_round_is_new(client, reviewer):
    here, there = make_area("460000"), make_area("340000")
    for number, area in enumerate([here, there], start=1):
        new_figure(number, reviewer, days=50, area=area)
    new_figure(3, reviewer, days=70, area=here)
    make_round(here, opens_at=timezone.now() - timedelta(days=60))
    make_round(there, opens_at=timezone.now() - timedelta(days=5))

    assert [code for code, *_verdicts in shown(client.get("/"))] == ["001"]


def test_only_the_newest_version_counts(client, reviewer):
    target = new_figure(1, reviewer, days=3)
    make_figure(target.readings.get().series, 2020, "99")

    assert shown(client.get("/")) == []


def test_news_are_those_of_the_area(client, reviewer):
    province = make_area("460000")
    county = make_area("469001", level="county", parent=province)
    for number, area in enumerate([province, county, make_area("340000")], start=1):
        new_figure(number, reviewer, days=number, area=area)

    assert [code for code, *_ in shown(client.get("/?area=460000"))] == ["001", "002"]
    assert [code for code, *_ in shown(client.get("/?area=469001"))] == ["002"]
    figures = client.get("/new/?area=460000").context["figures"]
    assert [each.target.code[-3:] for each in figures] == ["001", "002"]


def test_a_list_that_was_opened_stands_alone(client, reviewer):
    new_figure(1, reviewer)

    assert client.get("/?light=red").context["news"] is None


@pytest.mark.parametrize("rows", [1, 3])
def test_query_counts(client, reviewer, django_assert_num_queries, rows):
    for number in range(1, rows + 1):
        new_figure(number, reviewer, area=make_area(f"{100000 + number}"))

    with django_assert_num_queries(7):
        client.get("/")
    with django_assert_num_queries(2):
        client.get("/new/")


@pytest.mark.parametrize("query", ["area=%00", "area=x", "page=-1", "page=x"])
def test_a_wrong_value_gives_a_message(client, query):
    response = client.get(f"/new/?{query}")

    assert response.status_code == 200
    assert "it was ignored" in text_of(response)
