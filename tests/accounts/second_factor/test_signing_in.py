"""The code between the password and the work."""

import threading

import pytest
from django.db import connection
from django.test import Client

from targets_site.accounts.actions.second_factor import use_code, use_recovery_code
from targets_site.audit.models import Entry
from tests.accounts.second_factor.world import give_code, trail
from tests.accounts.second_factor_steps import (
    CODE,
    LOGIN,
    give_password,
    in_english,
    is_signed_in,
    set_up,
)
from tests.accounts.totp import shown_by_app
from tests.factories import make_user

# Signing in


def test_the_password_alone_signs_nobody_in(wang, app):
    client = give_password(wang, next="/method/")

    assert not is_signed_in(client)
    assert client.get("/entry/").url.startswith(LOGIN)
    assert client.get("/api/v1/targets/").status_code in {401, 403}
    assert Entry.objects.filter(action="login").count() == 1

    response = give_code(client, shown_by_app(app.key))

    assert (response.status_code, response.url) == (302, "/method/")
    assert is_signed_in(client)
    assert client.get("/entry/").status_code == 200
    assert trail()[-1][:2] == ("login", "wang")


def test_each_step_gives_the_session_a_new_id(wang, app):
    client = in_english()
    client.get(CODE)
    ids = []
    give_password(wang, client)
    ids.append(client.session.session_key)
    give_code(client, shown_by_app(app.key))
    ids.append(client.session.session_key)

    assert len(set(ids)) == 2
    assert "second_step" not in client.session


def test_the_code_leads_to_the_persons_work(app, wang):
    client = give_password(wang)

    assert give_code(client, shown_by_app(app.key)).url == "/"


def test_a_code_opens_once(wang, app):
    code = shown_by_app(app.key)
    first = give_code(give_password(wang), code)
    client = give_password(wang)

    second = give_code(client, code)

    assert (first.status_code, second.status_code) == (302, 422)
    assert "used before" in second.text
    assert not is_signed_in(client)
    assert trail()[-1] == ("login_failed", "", {"step": "code"})


def test_the_code_that_set_it_up_opens_nothing(wang, clock):
    held = set_up(give_password(wang))

    assert give_code(give_password(wang), shown_by_app(held.key)).status_code == 422


@pytest.mark.parametrize(
    ("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False), (40, False)]
)
def test_a_clock_may_be_off_by_one_step(wang, app, clock, steps, opens):
    clock[0] += 300
    client = give_password(wang)

    response = give_code(client, shown_by_app(app.key, steps=steps))

    assert is_signed_in(client) == opens
    if not opens:
        assert "check that your phone sets its time automatically" in response.text


def test_the_window_does_not_follow_the_phone(wang, app, clock):
    """A phone that is a step ahead opens nothing that is two ahead afterwards."""
    clock[0] += 300
    give_code(give_password(wang), shown_by_app(app.key, steps=1))
    clock[0] += 300
    client = give_password(wang)

    give_code(client, shown_by_app(app.key, steps=2))

    assert not is_signed_in(client)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["code", "recovery"])
def test_of_two_at_once_with_one_code_one_gets_in(kind, clock):
    wang = make_user("wang")
    held = set_up(give_password(wang))
    clock[0] += 60
    if kind == "code":

        def use():
            return use_code(user=wang, code=shown_by_app(held.key))
    else:

        def use():
            return use_recovery_code(user=wang, code=held.codes[0])

    found, start = [], threading.Barrier(4)

    def race():
        try:
            start.wait()
            found.append(use() is not None)
        finally:
            connection.close()

    racers = [threading.Thread(target=race) for _each in range(4)]
    for each in racers:
        each.start()
    for each in racers:
        each.join()

    assert sorted(found) == [False, False, False, True]


def test_after_five_minutes_the_password_is_asked_for_again(wang, app, clock):
    client = give_password(wang)
    clock[0] += 5 * 60

    response = client.post(CODE, {"code": shown_by_app(app.key)}, follow=True)

    assert response.redirect_chain == [(LOGIN, 302)]
    assert "Sign in with your password first" in response.text
    assert not is_signed_in(client)


@pytest.mark.parametrize("change", ["password", "disabled", "factor"])
def test_what_changes_between_the_steps_begins_anew(wang, app, change):
    client = give_password(wang)
    if change == "password":
        wang.set_password("Another-2026")
    elif change == "disabled":
        wang.is_active = False
    else:
        wang.second_factor_since = None
    wang.save()

    response = give_code(client, shown_by_app(app.key))

    assert (response.status_code, response.url) == (302, LOGIN)
    assert not is_signed_in(client)


def test_nobody_comes_to_the_code_without_a_password(db):
    client = in_english()

    assert client.get(CODE).url == LOGIN
    assert client.post(CODE, {"code": "000000"}).url == LOGIN


def test_a_session_that_no_code_was_given_for_is_none(wang, app):
    """Whatever else may sign people in one day."""
    client = Client()
    client.force_login(wang)

    response = client.get("/entry/")

    assert response.url == f"{LOGIN}?next=/entry/"
    assert not is_signed_in(client)
