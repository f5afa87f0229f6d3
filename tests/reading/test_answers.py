"""How a page goes out: compressed, "not modified", or kept by nobody."""

import gzip

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from targets_site.audit.actions import record
from tests.factories import make_target, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(settings, pages_are_kept):
    settings.OPEN_READING = True


@pytest.fixture
def reader():
    return Client(enforce_csrf_checks=True)


def again(client, response, address="/method/", **headers):
    known = {"If-None-Match": response.headers["ETag"], **headers}
    return client.get(address, headers=known)


def test_a_reader_is_told_that_nothing_changed(reader):
    first = reader.get("/method/")
    second = again(reader, first)

    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["Vary"] == "Accept-Encoding, Cookie"
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Cache-Control"] == "private, no-cache"
    assert second.headers["Vary"] == "Cookie"
    assert second.cookies["csrftoken"].value == first.cookies["csrftoken"].value


def test_the_form_of_a_page_that_was_not_modified_still_works(reader):
    first = reader.get("/method/")
    token = first.text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert again(reader, first).status_code == 304

    sent = reader.post(reverse("set_language"), {"csrfmiddlewaretoken": token, "language": "en"})

    assert sent.status_code == 302


def test_a_page_whose_token_is_out_of_date_is_sent_anew(reader):
    """Signing in changes the secret; forms of pages kept from before would be refused."""
    first = reader.get("/method/")
    reader.force_login(make_user())
    reader.logout()
    reader.cookies["csrftoken"] = "b" * 32

    assert again(reader, first).status_code == 200


def test_a_page_in_another_language_is_sent_anew(reader):
    first = reader.get("/method/")
    reader.cookies["django_language"] = "en"

    assert again(reader, first).status_code == 200


def test_a_page_that_changed_is_sent_anew(reader):
    target = make_target()
    address = target.get_absolute_url()
    first = reader.get(address)
    type(target).objects.update(statement_zh="另一句话")
    with transaction.atomic():
        record("load_reference", "folder:x")

    second = again(reader, first, address)

    assert second.status_code == 200
    assert "另一句话" in second.text


def test_what_was_written_elsewhere_leaves_a_page_not_modified(reader):
    first = reader.get("/method/")
    with transaction.atomic():
        record("load_reference", "folder:x")

    assert again(reader, first).status_code == 304


def test_a_message_is_shown_though_the_page_is_the_same(reader):
    first = reader.get("/method/")
    request = RequestFactory().get("/")
    storage = CookieStorage(request)
    storage.add(messages.INFO, "已退出")
    carrier = HttpResponse()
    storage.update(carrier)
    reader.cookies["messages"] = carrier.cookies["messages"].value

    second = again(reader, first)

    assert "已退出" in second.text
    assert again(reader, second).status_code == 200


def test_what_a_signed_in_person_sees_is_kept_by_no_browser(reader):
    first = reader.get("/method/")
    reader.force_login(make_user("li"))

    response = again(reader, first)

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert "li" in response.text


def test_pages_are_compressed_for_who_understands_it(reader):
    plain = reader.get("/method/")
    packed = reader.get("/method/", headers={"Accept-Encoding": "gzip, br"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert set(packed.headers["Vary"].split(", ")) == {"Cookie", "Accept-Encoding"}
    assert len(gzip.decompress(packed.content)) == len(plain.content)
    assert len(packed.content) < len(plain.content) / 3
    assert again(reader, packed, **{"Accept-Encoding": "gzip"}).status_code == 304


def test_what_is_compressed_differs_in_length(reader):
    """So that nobody guesses by lengths what else is in the page."""
    pages = [reader.get("/method/", headers={"Accept-Encoding": "gzip"}) for _time in range(20)]

    assert len({len(each.content) for each in pages}) > 3
