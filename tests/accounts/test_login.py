"""Signing in and out, and what of it stands in the trail."""

from datetime import date

import pytest
from django.contrib.auth.signals import user_login_failed

from targets_site.accounts.models import DEPARTMENT_ROLES, Role
from targets_site.audit.models import Entry
from tests.factories import make_department, make_post, make_user

LOGIN = "/accounts/login/"
PASSWORD = "Passw0rd-2026"
WRONG = "The user name or the password is wrong."


@pytest.fixture(autouse=True)
def _english(client):
    client.cookies["django_language"] = "en"


def trail():
    return [(entry.action, entry.object, entry.actor) for entry in Entry.objects.all()]


def test_login_goes_where_the_person_wanted_to_and_into_the_trail(client, db):
    make_user("wang")

    response = client.post(LOGIN, {"username": "wang", "password": PASSWORD, "next": "/entry/"})

    assert (response.status_code, response.url) == (302, "/entry/")
    assert trail() == [("login", "user:wang", "wang")]
    assert Entry.objects.get().ip == "127.0.0.1"


def room_after_login(client, **asked):
    return client.post(LOGIN, {"username": "wang", "password": PASSWORD, **asked}).url


@pytest.mark.parametrize(
    ("role", "room"),
    [
        (Role.OFFICIAL, "/entry/"),
        (Role.SIGNER, "/review/sign/"),
        (Role.REVIEWER, "/review/"),
        (Role.SYSTEM_ADMIN, "/accounts/people/"),
        (Role.SECURITY_ADMIN, "/accounts/posts/"),
        (Role.LEADER, "/"),
        (Role.AUDITOR, "/"),
        (Role.STEWARD, "/"),
        (Role.AUDIT_ADMIN, "/"),
    ],
)
def test_login_leads_to_the_persons_work(client, db, role, room):
    department = make_department() if role in DEPARTMENT_ROLES else None
    make_post(make_user("wang"), role, department=department)

    assert room_after_login(client) == room
    assert client.get(room).status_code == 200
    assert client.get(LOGIN).url == room


def test_of_several_posts_the_official_s_work_comes_first(client, db):
    wang = make_user("wang")
    make_post(wang, Role.REVIEWER)
    make_post(wang, Role.OFFICIAL, department=make_department())

    assert room_after_login(client) == "/entry/"


def test_the_page_that_was_asked_for_comes_before_the_work(client, db):
    make_post(make_user("wang"), Role.REVIEWER)

    assert room_after_login(client, next="/method/") == "/method/"


def test_a_post_that_is_over_leads_nowhere(client, db):
    make_post(make_user("wang"), Role.REVIEWER, to_date=date(2012, 1, 1))

    assert room_after_login(client) == "/"


def test_login_does_not_lead_away_from_the_site(client, db):
    make_user("wang")

    response = client.post(LOGIN, {"username": "wang", "password": PASSWORD, "next": "//evil.cn/"})

    assert response.url == "/"


@pytest.mark.parametrize(
    ("username", "password"),
    [
        pytest.param("wang", "wrong", id="wrong-password"),
        pytest.param("nobody", PASSWORD, id="unknown-user"),
        pytest.param("gone", PASSWORD, id="disabled-user"),
        pytest.param("admin'--", "x", id="sql"),
        pytest.param("zhang\x00", "x", id="nul-in-the-name"),
        pytest.param("wang", "x\x00", id="nul-in-the-password"),
        pytest.param("zhang", "a" * 1_000_000, id="long-password"),
        pytest.param("z" * 1000, "x", id="long-name"),
    ],
)
def test_failing_login_says_the_same_for_everybody(client, db, username, password):
    make_user("wang")
    make_user("gone", is_active=False)

    response = client.post(LOGIN, {"username": username, "password": password})

    page = response.content.decode()
    assert response.status_code == 200
    assert page.count(WRONG) == 1
    assert page.count('class="errorlist') == 1
    assert [entry.action for entry in Entry.objects.all()] == ["login_failed"]
    known = username in {"wang", "gone"}
    assert Entry.objects.get().object == (f"user:{username}" if known else "user:(unknown)")


def test_empty_login_names_the_fields(client, db):
    response = client.post(LOGIN, {})

    assert "“User name” is missing." in response.content.decode()
    assert "“Password” is missing." in response.content.decode()
    assert trail() == []


def test_logout_stands_in_the_trail_and_is_no_get(client, db):
    client.force_login(make_user("wang"))

    refused = client.get("/accounts/logout/")
    client.post("/accounts/logout/")

    assert refused.status_code == 405
    assert trail()[-1] == ("logout", "user:wang", "wang")
    assert "_auth_user_id" not in client.session


def test_login_fails_where_the_trail_cannot_be_written(client, db, monkeypatch):
    make_user("wang")

    def fail(*_args, **_options):
        raise OSError("no space left")

    monkeypatch.setattr("targets_site.accounts.signals.record", fail)

    with pytest.raises(OSError, match="no space left"):
        client.post(LOGIN, {"username": "wang", "password": PASSWORD})


def test_a_password_typed_as_the_user_name_does_not_stand_in_the_trail(client, db):
    make_user("wang")

    client.post(LOGIN, {"username": PASSWORD, "password": PASSWORD})

    assert trail() == [("login_failed", "user:(unknown)", "")]


def test_a_failed_login_from_elsewhere_with_nul_is_recorded(db):
    user_login_failed.send(None, credentials={"username": "wang\x00"}, request=None)

    assert trail() == [("login_failed", "user:(unknown)", "")]
