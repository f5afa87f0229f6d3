"""The API describes all of itself, validly, in both languages, to people who are signed in."""

import io
import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import URLResolver, get_resolver

from targets_site.api.views import described_in
from tests.factories import make_department, make_official, make_round, make_series, make_user

pytestmark = pytest.mark.django_db
UNSAID = {"api_docs", "api_nothing"}


def api_addresses(resolver=None):
    """Every address under /api/, as the description writes it."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from api_addresses(entry)
        elif str(entry.pattern).startswith("api/") and entry.name not in UNSAID:
            yield "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(entry.pattern))


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_it_is_valid_and_nothing_had_to_be_guessed(language):
    said = io.StringIO()

    call_command(
        "spectacular", validate=True, fail_on_warn=True, lang=language, format="openapi-json",
        stdout=said,
    )  # fmt: skip

    assert said.getvalue()


def test_every_address_is_described_with_its_refusals():
    described = described_in("en")

    assert set(described["paths"]) == set(api_addresses())
    for path in described["paths"].values():
        for method, operation in path.items():
            assert operation["summary"]
            refused = {"400", "401", "403", "404", "429"} | (
                set() if method == "get" else {"409", "422"}
            )
            assert refused <= set(operation["responses"])


def test_what_writes_asks_for_a_session():
    writing = [
        operation["security"]
        for path in described_in("en")["paths"].values()
        for method, operation in path.items()
        if method != "get"
    ]

    assert writing == [[{"cookieAuth": []}]] * 2


def test_it_speaks_the_language_of_the_person(client):
    client.force_login(make_user())

    in_chinese = client.get("/api/v1/schema/").json()
    client.cookies["django_language"] = "en"
    in_english = client.get("/api/v1/schema/").json()
    asked_for = client.get("/api/v1/schema/?lang=zh-hans").json()

    assert asked_for == in_chinese
    summary = in_english["paths"]["/api/v1/targets/"]["get"]["summary"]
    assert summary == "Targets in force, with their readings"
    assert in_chinese["paths"]["/api/v1/targets/"]["get"]["summary"] != summary


@pytest.mark.parametrize("query", ["lang=xx", "lang=%00", "lang=../../etc", "format=yaml", "x=1"])
def test_an_odd_question_is_refused(client, query):
    client.force_login(make_user())

    assert client.get(f"/api/v1/schema/?{query}").status_code == 400


def test_both_need_login(client, settings):
    settings.OPEN_READING = True

    assert client.get("/api/v1/schema/").status_code == 401
    assert client.get("/api/v1/docs/")["Location"].startswith("/accounts/login/")


def test_the_page_takes_all_from_this_server(client):
    client.force_login(make_user())

    page = client.get("/api/v1/docs/").content.decode()

    taken = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert [address for address in taken if "//" in address] == []
    assert "swagger-ui-bundle" in page
    # What the description says stands here as plain text.
    assert "`" not in page


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        pytest.param("text/plain", b"x", 415, id="text"),
        pytest.param("application/xml", b"<a/>", 415, id="xml"),
        pytest.param("multipart/form-data", b"x", 415, id="no-boundary"),
        pytest.param("multipart/form-data; boundary=x", b"--x\r\nbroken", 415, id="cut"),
        pytest.param("application/x-www-form-urlencoded", b"a=1&" * 3000, 415, id="many-fields"),
        pytest.param("application/json; charset=latin-1", b"{}", 400, id="charset"),
        pytest.param('a/b; c="', b"x", 415, id="odd-type"),
        pytest.param("", b"{}", 415, id="no-type"),
        pytest.param("application/json", b"\xff\xfe{}", 400, id="bytes"),
        pytest.param("application/json", b"[" * 500_000, 400, id="deep"),
        pytest.param("application/json", b'{"x": "' + b"9" * 2_000_000 + b'"}', 400, id="large"),
        pytest.param("application/json", b'{"value": 1e999999}', 400, id="huge-number"),
        pytest.param("application/json", b"", 422, id="nothing"),
    ],
)
@pytest.mark.parametrize("door", ["", "submit/"])
def test_an_odd_body_is_refused_in_json(door, content_type, body, status):
    department = make_department()
    series = make_series(department=department)
    make_round(series.area, 2020)
    client = Client(raise_request_exception=False)
    client.force_login(make_official(department=department))
    address = f"/api/v1/figures/{series.code}/2020/{door}"

    response = client.generic("POST" if door else "PUT", address, body, content_type=content_type)

    assert response["Content-Type"] == "application/json"
    assert response.status_code == status
    assert len(response.content) < 2000


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("application/x-www-form-urlencoded", b"a=1&" * 3000),
        ("application/x-www-form-urlencoded", b"a" * 3_000_000),
    ],
)
def test_an_odd_body_without_the_token_of_a_form_too(content_type, body):
    """Where Django looks into it for the token."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(make_user())

    response = client.generic(
        "POST", "/api/v1/figures/a/2020/submit/", body, content_type=content_type
    )

    assert response.status_code in {400, 403, 413}
    assert response["Content-Type"] == "application/json"
