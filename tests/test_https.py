"""What HTTPS=1 switches on: nothing goes over plain HTTP, and no other host sets our cookies."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db
TOLD = """
import json
from targets_site import settings
own = ("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "LANGUAGE_COOKIE_")
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.startswith(own)}))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """The settings of a process that was started with HTTPS=1."""
    environment = {**os.environ, "HTTPS": "1", "VAR_DIR": str(tmp_path_factory.mktemp("var"))}
    ended = subprocess.run(
        [sys.executable, "-c", TOLD],
        env=environment,
        cwd=project.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ended.stdout)


@pytest.fixture
def over_https(settings, said):
    for name, value in said.items():
        setattr(settings, name, value)
    settings.ALLOWED_HOSTS = ["testserver"]
    return Client()


def test_plain_http_leads_to_https(over_https):
    answer = over_https.get("/method/?a=1")

    assert answer.status_code == 301
    assert answer.headers["Location"] == "https://testserver/method/?a=1"
    assert not answer.cookies


def test_the_proxy_says_what_came_over_https(over_https):
    answer = over_https.get("/accounts/login/", headers={"X-Forwarded-Proto": "https"})

    assert answer.status_code == 200


@pytest.mark.parametrize("address", ["/accounts/login/", "/no/such/page/", "/api/v1/", "/healthz"])
def test_browsers_remember_for_a_year_to_come_by_https(over_https, address):
    answer = over_https.get(address, secure=True)

    asked = "max-age=31536000; includeSubDomains; preload"
    assert answer.headers["Strict-Transport-Security"] == asked


def test_each_cookie_is_secure_and_the_two_that_count_are_this_hosts_own(over_https):
    person = make_user()
    over_https.get("/accounts/login/", secure=True)
    over_https.post(
        "/accounts/login/",
        {"username": person.username, "password": "Passw0rd-2026"},
        secure=True,
        headers={"Referer": "https://testserver/accounts/login/"},
    )
    over_https.post("/language/setlang/", {"language": "en", "next": "/"}, secure=True)

    found = {
        name: (bool(each["secure"]), each["path"], each["domain"], each["samesite"])
        for name, each in over_https.cookies.items()
    }

    held = (True, "/", "", "Lax")
    assert found == {"__Host-session": held, "__Host-csrf": held, "django_language": held}
    assert over_https.cookies["__Host-session"]["httponly"]
    assert over_https.get("/accounts/password/", secure=True).status_code == 200


def test_a_form_needs_the_token_in_the_cookie_of_that_name(over_https):
    browser = Client(enforce_csrf_checks=True)
    fields = {"username": make_user().username, "password": "Passw0rd-2026"}
    asked = {"secure": True, "headers": {"Referer": "https://testserver/accounts/login/"}}
    browser.get("/accounts/login/", secure=True)
    token = browser.cookies["__Host-csrf"].value

    refused = browser.post("/accounts/login/", fields, **asked)
    elsewhere = browser.post(
        "/accounts/login/",
        {**fields, "csrfmiddlewaretoken": token},
        secure=True,
        headers={"Referer": "https://evil.example/"},
    )
    taken = browser.post("/accounts/login/", {**fields, "csrfmiddlewaretoken": token}, **asked)

    assert (refused.status_code, elsewhere.status_code, taken.status_code) == (403, 403, 302)
