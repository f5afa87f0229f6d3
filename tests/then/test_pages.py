"""Reading pages with `?at=`: what they show, how they lead on, and what they refuse."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.actions.tallies import count_anew
from plans.models import Document
from targets_site.audit.actions import record
from targets_site.reading.links import with_day
from tests.factories import (
    make_figure,
    make_reading,
    make_series,
    make_target,
    make_user,
    make_verdict,
)
from tests.then.clock import done_at, here

pytestmark = pytest.mark.django_db
FIRST, SPRING, SUMMER = here(2026, 2, 1, 9), here(2026, 3, 1, 12), here(2026, 6, 1, 12)
TODAY = here(2026, 9, 1, 12)


@pytest.fixture(autouse=True)
def _open_pages(settings):
    settings.OPEN_READING = True


@pytest.fixture(autouse=True)
def _later_that_year():
    with done_at(TODAY):
        yield


@pytest.fixture
def target():
    """98.1 in spring, corrected to 97.3 in summer; its verdict with it."""
    with done_at(FIRST), transaction.atomic():
        record("load_reference", "folder:fixtures")
    with done_at(SPRING):
        target, series = make_target(), make_series()
        reading = make_reading(target, series)
        make_figure(series, 2020, "98.1")
    given = {"reading": reading, "actual_year": 2020}
    make_verdict(
        target, 2020, "achieved", actual_value="98.1", recorded_at=SPRING, superseded_at=SUMMER,
        **given,
    )  # fmt: skip
    with done_at(SUMMER):
        make_figure(series, 2020, "97.3")
        make_verdict(target, 2020, "missed", actual_value="97.3", recorded_at=SUMMER, **given)
        count_anew(Document.objects.all())
    return target


def text(response, status=200):
    assert response.status_code == status, response.text[:2000]
    return response.text


def test_a_page_shows_what_was_so_then(client, target):
    address = target.get_absolute_url()

    then, now = text(client.get(f"{address}?at=2026-03-01")), text(client.get(address))

    assert ("98.1" in then, "97.3" in then) == (True, False)
    assert ("98.1" in now, "97.3" in now) == (False, True)
    assert "截至2026年3月1日的情况" in then
    assert "2026年3月1日" not in now


@pytest.mark.parametrize(
    "at, is_later",
    [
        ("2026-06-01T11:59", False),
        ("2026-06-01T12:00", True),
        ("2026-06-01T11:59:59.9", False),
        ("2026-05-31", False),
        ("2026-06-01", True),
    ],
)
def test_a_time_of_day_counts_to_its_end_of_day_else(client, target, at, is_later):
    page = text(client.get(f"{target.get_absolute_url()}?at={at}"))

    assert ("97.3" in page) is is_later


def test_the_roll_up_is_that_of_then(client, target):
    def lights(address):
        return set(re.findall(r"status-badge--(\w+)|badge--(\w+)", text(client.get(address))))

    address = "/?goal=2020"
    assert "98.1" in text(client.get(f"{address}&at=2026-03-01"))
    assert "97.3" in text(client.get(address))
    assert lights(f"{address}&at=2026-03-01") != lights(address)


@pytest.mark.parametrize("at", ["2026-01-31", "1900-01-01", "2026-02-01T08:59"])
def test_before_the_first_day_a_page_says_so(client, target, at):
    page = text(client.get(f"{target.get_absolute_url()}?at={at}"))

    assert "当时尚无记录" in page
    assert "本系统的第一条记录产生于2026年2月1日" in page
    assert "98" not in re.sub("<[^>]*>", "", page)


def test_without_any_record_every_day_is_too_early(client):
    assert "本系统尚无任何记录" in text(client.get("/?at=2026-08-01"))


@pytest.mark.parametrize(
    "at",
    [
        "2026-09-02", "9999-12-31", "2026-09-01T12:01", "0001-01-01", "2026-02-30", "1", "昨天",
        "2026-3-1", "2026-03-01T25:00", "2026-03-01T10:30+08:00", "<script>", "2026-03-01;", "\0",
        "２０２６-03-01", "2026-03-01T10:30:15.1234567", "-2026-03-01", "8" * 5000, "0000-00-00",
    ],
)  # fmt: skip
def test_a_day_to_come_and_nonsense_get_a_message(client, target, at):
    for address in (target.get_absolute_url(), "/", "/search/", "/areas/990000/meeting.pdf"):
        page = text(client.get(address, {"at": at}), 400)
        assert "日期不对" in page
        assert "<script>" not in page


def test_today_is_a_day(client, target):
    page = text(client.get(f"{target.get_absolute_url()}?at=2026-09-01"))

    assert "97.3" in page


def test_an_empty_day_is_none(client, target):
    assert "截至 2026" not in text(client.get(f"{target.get_absolute_url()}?at="))


def links(page):
    return [each.replace("&amp;", "&") for each in re.findall(r'<a [^>]*?href="([^"]*)"', page)]


def test_what_leads_on_stays_on_the_day(client, target):
    client.force_login(make_user("zhang"))
    for address in ("/?goal=2020&", target.get_absolute_url() + "?", "/search/?q=合格&"):
        page = text(client.get(f"{address}at=2026-03-01"))
        found = links(page)
        to_pages = [each for each in found if re.match(r"/($|\?|targets|areas|documents)", each)]
        assert to_pages
        back = [each for each in to_pages if "at=2026-03-01" not in each]
        # The way back to today is the only one.
        assert len(back) <= 1
        assert [each for each in found if each.count("at=2026") > 1] == []
        away = [each for each in found if re.match("/(report|notices|accounts|entry)/", each)]
        assert [each for each in away if "at=2026" in each] == []
        forms = re.findall(r'<form [^>]*role="search".*?</form>', page, re.DOTALL)
        assert forms
        assert all('name="at" value="2026-03-01"' in form for form in forms)


def test_the_way_to_other_days(client, target):
    address = target.get_absolute_url()
    page = text(client.get(f"{address}?at=2026-03-01&as_of=2020"))

    assert f'<a href="{address}?as_of=2020" data-today>' in page
    assert 'value="2026-03-01" min="2026-02-01"' in page
    assert 'max="2026-09-01"' in page
    now = text(client.get(f"{address}?as_of=2020"))
    assert '<input type="hidden" name="as_of" value="2020">' in now
    assert now.count('id="day-choice"') == page.count('id="day-choice"') == 1


@pytest.mark.parametrize(
    "address, kept",
    [
        ("/", "/?at=D"),
        ("?goal=2015", "?goal=2015&at=D"),
        ("?goal=2015#targets", "?goal=2015&at=D#targets"),
        ("/areas/990000/?at=2025-01-01", "/areas/990000/?at=2025-01-01"),
        ("#main", "#main"),
        ("/entry/", "/entry/"),
        ("/report/990000/2020/", "/report/990000/2020/"),
        ("/static/site.css", "/static/site.css"),
        ("https://example.org/", "https://example.org/"),
        ("//example.org/", "//example.org/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("../meeting.pdf", "../meeting.pdf?at=D"),
    ],
)
def test_which_addresses_keep_the_day(address, kept):
    assert with_day(address, path="/areas/990000/meeting/", day="D") == kept


def test_a_code_that_is_searched_leads_to_the_day(client, target):
    response = client.get(f"/search/?q={target.code}&at=2026-03-01")

    assert response.headers["Location"] == f"{target.get_absolute_url()}?at=2026-03-01"


def test_pages_that_know_no_day_say_so(client, target):
    assert "本页不能按日期回看" in text(client.get("/report/?at=2026-03-01"))
    assert "本页不能按日期回看" not in text(client.get("/report/"))
    assert "本页不能按日期回看" not in text(client.get("/?at=2026-03-01"))


def test_the_persons_own_parts_are_of_today(client, target):
    client.force_login(make_user("zhang"))

    assert "zhang" in text(client.get("/?at=2026-03-01"))


@pytest.mark.usefixtures("pages_are_kept")
def test_a_day_that_is_past_is_kept_whatever_is_written_since(client, target):
    address = f"{target.get_absolute_url()}?at=2026-03-01"
    caches["pages"].clear()
    first = text(client.get(address))
    with transaction.atomic():
        record("approve", "observation:990000.pass-rate.all:2020")

    with CaptureQueriesContext(
        connection,
    ) as asked:
        again = text(client.get(address))

    assert len(asked) == 1  # the first day
    assert re.sub('value="[^"]{64}"', "", again) == re.sub('value="[^"]{64}"', "", first)


@pytest.mark.usefixtures("pages_are_kept")
def test_this_day_is_built_anew_when_something_was_written(client, target):
    address = f"{target.get_absolute_url()}?at=2026-09-01"
    assert "97.3" in text(client.get(address))
    make_figure(target.readings.get().series, 2020, "97.4", entered_at=timezone.now())
    with transaction.atomic():
        record("approve", "observation:990000.pass-rate.all:2020")

    assert "97.4" in text(client.get(address))


@pytest.mark.usefixtures("pages_are_kept")
def test_made_up_moments_fill_no_cache(client, target):
    caches["pages"].clear()
    for second in range(5):
        at = (SPRING + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%S")
        client.get("/", {"at": at})

    assert len(caches["pages"]._cache) == 0


def test_english(client, target):
    client.cookies["django_language"] = "en"
    page = text(client.get(f"{target.get_absolute_url()}?at=2026-03-01"))

    assert "As it stood on 2026-03-01" in page
    assert "2026-09-02 is still to come." in text(client.get("/?at=2026-09-02"), 400)
