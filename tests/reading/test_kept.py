"""A page is built once for all who see the same, and shows nobody what is another's."""

import re
import time

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from indicators.actions.tallies import count_anew
from plans.models import Document
from reports.urls import urlpatterns
from targets_site import cached
from targets_site.audit.actions import record
from targets_site.pause import Pause
from tests.factories import (
    make_auditor,
    make_document,
    make_figure,
    make_indicator,
    make_official,
    make_reading,
    make_series,
    make_target,
    make_user,
    make_verdict,
)
from tests.reading import views

pytestmark = pytest.mark.django_db
# What has as many addresses as there are words, files, and what depends on the person: the
# reference tells stewards of the readings, and posts say who may see a report in the making and
# which versions of a figure.
FILES = {
    "export", "export_as", "scan", "meeting_file", "report_pdf", "report_word", "report_picture",
    "report_original", "export_file", "export_manifest",
}  # fmt: skip
OF_THE_PERSON = {"reference", "reports", "report", "provenance", "target_provenance"}
OF_AUDITORS = {"trail", "trail_entry", "api_trail"}
STEPS = {"report_draft", "report_upload", "report_move", "report_return", "export_large"}
UNKEPT = {"exports", "search"} | FILES | OF_THE_PERSON | OF_AUDITORS | STEPS


@pytest.fixture(autouse=True)
def _own_pages(settings, pages_are_kept):
    settings.ROOT_URLCONF = "tests.reading.views"
    settings.OPEN_READING = True
    views.built.clear()


@pytest.fixture
def addresses():
    target, series = make_target(), make_series()
    make_reading(target, series)
    make_figure(series, 2019, "96.20")
    make_verdict(target, 2020, "missed", actual_year=2019, actual_value="96.20")
    count_anew(Document.objects.all())
    return {
        "overview": "/?goal=2020",
        "area": "/areas/990000/",
        "target": target.get_absolute_url(),
        "indicator": f"/indicators/{series.indicator.code}/",
        "document": make_document().get_absolute_url(),
        "method": "/method/",
        "manual": "/method/manual/",
    }


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def shown(response):
    """The page without its tokens, which differ each time."""
    assert response.status_code == 200
    return re.sub('(csrfmiddlewaretoken" value=")[^"]*', r"\1", response.text)


def test_every_reading_page_is_kept():
    kept = {each.name for each in urlpatterns if hasattr(each.callback, "kept_for")}

    assert kept == {each.name for each in urlpatterns} - UNKEPT


def test_everybody_sees_what_he_would_see_alone(addresses):
    """Page by page, one after the other over one cache, against an empty cache for each."""
    clients = [Client(), signed_in(make_official("li-ming")), signed_in(make_auditor("zhang-wei"))]
    clients[0].cookies["django_language"] = "en"
    for address in addresses.values():
        alone = []
        for client in clients:
            caches["pages"].clear()
            alone.append(shown(client.get(address)))
        caches["pages"].clear()
        for client, expected in [*zip(clients, alone, strict=True)] * 2:
            assert shown(client.get(address)) == expected, address
        names = [re.findall("li-ming|zhang-wei", page) for page in alone]
        assert names == [[], ["li-ming"], ["zhang-wei"]]


def test_a_page_for_the_person_is_built_for_each():
    for name in ("li", "zhang"):
        client = signed_in(make_user(name))
        for _time in range(2):
            assert f"own page of {name}" in client.get("/try/own/").text

    assert views.built == ["li", "zhang"]


def test_a_page_that_asks_for_the_session_fails_and_shows_nothing(client):
    with pytest.raises(AttributeError, match="session"):
        client.get("/try/personal/")


def test_a_form_in_a_page_has_the_persons_token():
    client = Client(enforce_csrf_checks=True)
    client.get("/try/form/")
    token = re.search('id="own".*value="([^"]+)"', client.get("/try/form/").text)[1]

    response = client.post(
        reverse("set_language"), {"csrfmiddlewaretoken": token, "language": "en"}
    )

    assert response.status_code == 302


def test_a_kept_page_costs_the_stamp_and_what_tells_who_reads(
    addresses, client, django_assert_num_queries
):
    official = signed_in(make_official("li"))
    for name, address in addresses.items():
        client.get(address), official.get(address)
        with django_assert_num_queries(1):
            client.get(address)
        # His session, himself, and his posts with the number of his notices; which area is his.
        with django_assert_num_queries(4 + (name == "overview")):
            official.get(address)


def test_a_page_is_built_anew_when_something_was_written(client):
    client.get("/try/year/")
    client.get("/try/year/")
    with transaction.atomic():
        record("login", "user:li")
    client.get("/try/year/")
    assert len(views.built) == 1

    with transaction.atomic():
        record("approve", "observation:x:2020")
    client.get("/try/year/")

    assert len(views.built) == 2


def test_what_changes_without_an_entry_is_seen_a_minute_later(client, monkeypatch):
    target = make_target()
    address = target.get_absolute_url()
    assert "另一句话" not in client.get(address).text
    type(target).objects.update(statement_zh="另一句话")
    assert "另一句话" not in client.get(address).text

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 61)

    assert "另一句话" in client.get(address).text


def test_languages_and_signing_in_are_kept_apart(client):
    client.get("/try/year/")
    client.cookies["django_language"] = "en"
    client.get("/try/year/")
    signed_in(make_user("li")).get("/try/year/")
    signed_in(make_user("zhang")).get("/try/year/")

    assert len(views.built) == 3


@pytest.mark.parametrize(
    "query",
    ["?x=1", "?goal=", "?goal=2015&goal=2020", "?y=2&goal=2020&x=1", "?goal=2020&utm=%00header%00"],
)
def test_parameters_that_say_nothing_share_one_page(client, query):
    plain = "/try/year/?goal=2020" if "2020" in query else "/try/year/"
    client.get(plain)
    client.get(f"/try/year/{query}")

    assert views.built == [plain]


@pytest.mark.parametrize("query", ["?goal=1999", "?goal=x%00header%00", "?goal=%EF%BC%92020"])
def test_wrong_parameters_are_answered_and_not_kept(client, query):
    first, again = client.get(f"/try/year/{query}"), client.get(f"/try/year/{query}")

    assert "没有" in first.text or "忽略" in first.text
    assert shown(first) == shown(again)
    assert len(views.built) == 2


def test_a_number_written_otherwise_is_understood_and_not_kept(client, pages_are_kept):
    make_verdict(make_target(), 2020)
    count_anew(Document.objects.all())
    for query in ("?page=1", "?page=01", "?page=1&x=1", "?page=7", "?page=8", "?page=+1"):
        assert client.get(f"/{query}").status_code == 200

    assert len(pages_are_kept._cache) == 1


def test_redirects_and_writes_are_not_kept(client, pages_are_kept):
    assert client.get("/try/elsewhere/").headers["Location"] == "/method/"
    client.get("/try/elsewhere/")
    client.post("/try/year/")

    assert views.built == ["elsewhere", "elsewhere", "/try/year/"]
    assert not pages_are_kept._cache


class CacheThatIsDown(BaseCache):
    def __init__(self, _location, params):
        super().__init__(params)

    def get(self, *_args, **_options):
        raise ConnectionError("no cache")


def test_pages_are_built_where_the_cache_fails(client, settings, monkeypatch, caplog):
    broken = {"BACKEND": f"{__name__}.CacheThatIsDown"}
    settings.CACHES = {**settings.CACHES, "pages": broken}
    monkeypatch.setitem(cached._pauses, "pages", Pause(seconds=9))

    texts = [shown(client.get("/try/year/")) for _time in range(2)]

    assert texts[0] == texts[1]
    assert [each.levelname for each in caplog.records] == ["WARNING"]


def test_head_answers_as_get_without_the_page(client):
    response = client.head("/try/year/")

    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    "address",
    [
        "/documents/?page={}", "/reference/areas/?page={}", "/reference/departments/?page={}",
        "/reference/indicators/?page={}", "/documents/revisions/?page={}",
        "/indicators/made-up/?page={}", "/indicators/made-up/?apart={}",
        "/indicators/made-up/?targets={}", "/indicators/made-up/?series=made-up-{}",
    ],
)  # fmt: skip
def test_made_up_pages_fill_no_cache(client, pages_are_kept, address):
    series = make_series(indicator=make_indicator("made-up"))
    make_figure(series, 2019, "96.20")

    for number in range(777, 780):
        assert client.get(address.format(number)).status_code == 200

    assert not pages_are_kept._cache
