"""Every address there is: what its answers carry, what they never do, and what they stand."""

import hashlib
from typing import ClassVar
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.test import Client

from targets_site.accounts.models import Role
from tests.factories import (
    make_auditor,
    make_department,
    make_document,
    make_figure,
    make_indicator,
    make_official,
    make_post,
    make_reading,
    make_reviewer,
    make_round,
    make_series,
    make_target,
    make_user,
)
from tests.test_access import every_address

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'self'", "img-src 'self' data:", "style-src 'self'",
    "style-src-attr 'unsafe-inline'", "object-src 'none'", "base-uri 'none'", "form-action 'self'",
    "frame-ancestors 'none'",
}  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
# Exports, denied access and sessions are the exceptions to "GET never writes" (SECURITY.md).
MAY_WRITE = {"audit_entry", "accounts_session"}
OTHER_ROLES = [Role.STEWARD, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]
ENDS_THE_VISIT = {"accounts:logout"}
# A control character, bytes that are no text, a number larger than any column, and what would be a
# header or turn the line around.
BAD = ["a%00b", "%ED%A0%80%FF", "9" * 400, "%0d%0aX: y%E2%80%AE"]
BAD_ALONE = BAD[::2]


@pytest.fixture
def people():
    """One of each kind, with something to look at; None is somebody who is not signed in."""
    department = make_department()
    series = make_series(indicator=make_indicator("pass-rate"), department=department)
    make_figure(series, 2020, "97.5")
    make_round(series.area, 2020)
    make_reading(make_target(), series)
    make_document("targets")
    official = make_official(department=department)
    others = [make_user(role) for role in OTHER_ROLES]
    for user in others:
        make_post(user, user.username)
    return [None, make_user("none"), official, make_reviewer(), make_auditor(), *others]


def browser_of(person):
    one = Client(raise_request_exception=False)
    if person is not None:
        one.force_login(person)
    return one


def ask(browser, method, address):
    """The answer, read to its end: a stream writes while it is read."""
    answer = getattr(browser, method)(address)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def missing_in(answer, *, signed_in):
    carried = {name: answer.headers.get(name) for name in HEADERS}
    policy = answer.headers.get("Content-Security-Policy", "")
    wrong = [f"{name}: {value}" for name, value in carried.items() if value != HEADERS[name]]
    if {part.strip() for part in policy.split(";")} != POLICY:
        wrong.append(f"policy: {policy}")
    if "geolocation=()" not in answer.headers.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    if signed_in and "no-store" not in answer.headers.get("Cache-Control", ""):
        wrong.append(f"may be kept: {answer.headers.get('Cache-Control')}")
    return wrong


def wrong_with(answer, *, person):
    wrong = missing_in(answer, signed_in=person is not None)
    return [answer.status_code, *wrong] if wrong or answer.status_code >= 500 else []


@pytest.mark.parametrize("is_open", [False, True])
def test_every_answer_to_nobody_carries_what_browsers_obey(people, settings, is_open):
    settings.OPEN_READING = is_open
    browser = browser_of(None)

    found = {
        (method, name): wrong
        for method in ("get", "post")
        for name, address in every_address()
        if (wrong := wrong_with(ask(browser, method, address), person=None))
    }

    assert found == {}


def test_every_answer_to_a_person_carries_what_browsers_obey(people):
    """What is sent; what is looked at stands in the next one."""
    found, seen = {}, set()

    for person in people[1:]:
        browser = browser_of(person)
        for name, address in every_address():
            answer = ask(browser, "post", address)
            seen.add(answer.status_code)
            wrong = wrong_with(answer, person=person)
            if wrong:
                found[(person.username, name)] = wrong
            if name in ENDS_THE_VISIT:
                browser.force_login(person)

    assert found == {}
    assert seen >= {302, 403, 404, 405}
    assert 401 not in seen, "somebody was signed out on the way"


def contents(*, but):
    """A checksum of each table."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if model._meta.managed and table not in but:
            rows = sorted(map(repr, model._default_manager.order_by().values_list()))
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def test_looking_at_every_address_writes_nothing(people):
    """And each answer carries what browsers obey."""
    browsers = {person: browser_of(person) for person in people[1:]}
    before, status, found = contents(but=MAY_WRITE), {}, {}

    for person, browser in browsers.items():
        for name, address in every_address():
            answer = ask(browser, "get", address)
            status[(person.username, name)] = answer.status_code
            wrong = wrong_with(answer, person=person)
            if wrong:
                found[(person.username, name)] = wrong

    after = contents(but=MAY_WRITE)
    assert {table for table in before if before[table] != after[table]} == set()
    assert found == {}
    assert len(before) > 30
    assert set(status.values()) >= {200, 403, 404, 405}
    assert sum(each == 200 for each in status.values()) > len(status) / 3


class Asked(QueryDict):
    """A query string that keeps by which names it was asked."""

    names: ClassVar[set[str]] = set()
    # Whether all of it was taken at once, to be read elsewhere.
    was_taken: ClassVar[bool] = False

    def __getitem__(self, name):
        self.names.add(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        self.names.add(name)
        return super().__contains__(name)

    def getlist(self, name, default=None):
        self.names.add(name)
        return super().getlist(name, default)

    def dict(self):
        Asked.was_taken = True
        return super().dict()


@pytest.fixture
def known(people, monkeypatch):
    """By address that can be looked at: who gets the most of it, and the parameters that it asks
    for."""
    monkeypatch.setattr(
        WSGIRequest, "GET", property(lambda asked: Asked(asked.META.get("QUERY_STRING", "")))
    )
    found, taken = {}, set()
    browsers = [browser_of(person) for person in people[1:]]
    for _name, address in every_address():
        asked = {}
        for browser in browsers:
            Asked.names, Asked.was_taken = set(), False
            answer = ask(browser, "get", address)
            asked.setdefault(frozenset(Asked.names - {None}), browser)
            if Asked.was_taken:
                taken.add(address)
            if answer.status_code in {200, 405}:
                break
        if answer.status_code == 405:
            continue
        names = max(asked, key=len)
        found[address] = (asked[names], names)
    all_names = frozenset().union(*(names for _browser, names in found.values()))
    return {
        address: (browser, all_names if address in taken else names)
        for address, (browser, names) in found.items()
    }


def test_no_text_in_a_parameter_breaks_a_page(known):
    """Each parameter that an address knows, alone, since what is refused for one may hide what
    another does; and all that any address knows at once."""
    every = frozenset().union(*(names for _browser, names in known.values()))
    asked = [
        (browser, f"{address}?" + "&".join(f"{name}={bad}" for name in sorted(names)))
        for address, (browser, own) in known.items()
        for bad in BAD
        for names in [*({name} for name in own if bad in BAD_ALONE), every]
    ]

    broken = {
        address: answer.status_code
        for browser, address in asked
        if (answer := ask(browser, "get", address)).status_code >= 500
    }

    assert broken == {}
    assert every >= {"q", "page", "as_of", "at", "next", "table", "department", "round", "cursor"}
    assert len(asked) > len(known) * len(BAD)


@pytest.mark.parametrize(
    "leads",
    ["//evil.example", "https://evil.example", "http:evil.example",
     "/\\evil.example", "\\\\evil.example",
     "javascript:alert(1)", "///evil.example", "https:///evil.example", " //evil.example",
     "//testserver@evil.example", "\t//evil.example"],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/accounts/login/", "/language/setlang/"])
def test_no_address_that_was_sent_leads_away(people, address, leads):
    person = people[1]
    fields = {"username": person.username, "password": "Passw0rd-2026", "language": "en"}

    answer = Client().post(f"{address}?next={quote(leads)}", {**fields, "next": leads})

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "testserver@evil.example"},
        {"Host": "127.0.0.1:80:80"},
        {"Host": ""},
    ],
)
def test_a_name_that_is_not_ours_is_refused(people, settings, headers):
    settings.ALLOWED_HOSTS = ["testserver"]

    answer = Client().get("/accounts/login/", headers=headers)

    assert answer.status_code == 400
    assert "无法处理该请求" in answer.content.decode()
    assert "evil" not in answer.content.decode()


def test_no_header_of_the_sender_names_the_host(people, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}

    answer = Client().get("/entry/", headers=headers)

    assert answer.headers["Location"] == "/accounts/login/?next=/entry/"
    assert "evil.example" not in browser_of(people[2]).get("/method/", headers=headers).text


def test_cookies_are_out_of_reach(people):
    one = Client()
    one.get("/accounts/login/")

    one.post("/accounts/login/", {"username": "none", "password": "Passw0rd-2026"})

    session, token = one.cookies["sessionid"], one.cookies["csrftoken"]
    assert (session["httponly"], session["samesite"], token["samesite"]) == (True, "Lax", "Lax")
    assert (session["path"], session["domain"], token["domain"]) == ("/", "", "")
