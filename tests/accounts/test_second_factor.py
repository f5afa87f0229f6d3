"""The second factor: setting it up, signing in with it, recovery codes, and turning it off."""

import threading
import time
import urllib.parse
from base64 import b32encode

import pytest
from django.db import connection
from django.test import Client

from targets_site.accounts.actions.second_factor import set_up as set_up_action
from targets_site.accounts.actions.second_factor import use_code, use_recovery_code
from targets_site.accounts.models import (
    AccessToken,
    Authenticator,
    RecoveryCode,
    Role,
    Session,
    User,
)
from targets_site.accounts.new_key import NewKey
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.accounts.second_factor_steps import (
    CODE,
    END,
    LOGIN,
    NEW_CODES,
    PAGE,
    PASSWORD,
    give_password,
    in_english,
    is_signed_in,
    offered,
    set_up,
    some_time_passes,
)
from tests.accounts.totp import shown_by_app, totp
from tests.factories import make_user

RFC_KEY = b"12345678901234567890"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Held in the middle of a half minute, so that no test runs over its end."""
    held = [time.time() // 30 * 30 + 15]
    monkeypatch.setattr("time.time", lambda: held[0])
    return held


@pytest.fixture
def wang(db):
    return make_user("wang")


@pytest.fixture
def app(wang, clock):
    """Wang's, set up a minute ago."""
    held = set_up(give_password(wang))
    clock[0] += 60
    wang.refresh_from_db()
    return held


def trail():
    return [(each.action, each.actor, each.after) for each in Entry.objects.order_by("pk")]


def give_code(client, code, **query):
    return client.post(CODE, {"code": code}, query_params=query)


# What apps compute


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_our_app_computes_what_the_rfc_says(at, code):
    """RFC 6238, appendix B, for SHA-1."""
    assert totp(RFC_KEY, at, digits=8) == code


@pytest.mark.parametrize("at", [59, 1111111109, 1111111111, 1234567890, 2000000000])
def test_a_key_takes_the_codes_of_the_rfc(wang, clock, at):
    clock[0] = at
    code = totp(RFC_KEY, at)

    set_up_action(user=wang, key=RFC_KEY.hex(), code=code)

    assert Authenticator.objects.get(user=wang).last_t == at // 30


# Setting it up


def test_the_page_shows_a_key_and_stores_nothing(wang):
    client = give_password(wang)
    signed, key = offered(client)
    _signed, other = offered(client)

    sent = NewKey.signed_for(wang, signed)
    assert sent.groups == key
    assert len(key.replace(" ", "")) == 32
    assert key != other
    address = urllib.parse.unquote(Authenticator(user=wang, key=sent.key).config_url)
    assert address.startswith("otpauth://totp/质量目标") or "wang" in address
    assert f"secret={key.replace(' ', '')}" in address
    assert "data:image/svg+xml" in client.get(PAGE).text
    assert (Authenticator.objects.count(), RecoveryCode.objects.count()) == (0, 0)


def test_a_code_turns_it_on_and_shows_ten_recovery_codes_once(wang):
    client = give_password(wang)

    held = set_up(client)

    wang.refresh_from_db()
    assert wang.second_factor_since is not None
    assert len(set(held.codes)) == 10
    assert client.get("/entry/").status_code == 200
    again = client.get(PAGE).text
    assert "10 of 10" in again
    assert not any(code in again for code in held.codes)
    assert trail()[-1] == ("set_up_second_factor", "wang", None)


def test_codes_are_stored_as_digests_only(wang, app):
    stored = repr([list(each.objects.values()) for each in (RecoveryCode, Entry, User)])

    assert not any(code in stored or code.replace("-", "") in stored for code in app.codes)
    assert app.key.replace(" ", "") not in stored


@pytest.mark.parametrize(
    ("code", "said"),
    [
        pytest.param("000000", "check that your phone sets its time", id="wrong"),
        pytest.param("12345", "The code has six digits.", id="short"),
        pytest.param("12345a", "The code has six digits.", id="letter"),
        pytest.param("٣٣٣٣٣٣", "The code has six digits.", id="arabic"),
        pytest.param("", "This field is required.", id="empty"),
        pytest.param("1234\x0056", "The code has six digits.", id="nul"),
    ],
)
def test_a_wrong_code_sets_nothing_up_and_keeps_the_key(wang, code, said):
    client = give_password(wang)
    signed, key = offered(client)

    response = client.post(PAGE, {"key": signed, "code": code})

    assert response.status_code == 422
    assert said in response.text
    assert key in response.text
    assert Authenticator.objects.count() == 0


@pytest.mark.parametrize("typed", ["{} {}", "{}　{}", " {}{} "])
def test_a_code_is_read_as_people_type_it(wang, typed):
    client = give_password(wang)
    signed, key = offered(client)
    code = shown_by_app(key)
    full_width = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    response = client.post(
        PAGE, {"key": signed, "code": typed.format(full_width[:3], full_width[3:])}
    )

    assert response.status_code == 200


@pytest.mark.parametrize("which", ["another-persons", "made-up", "old"])
def test_a_key_that_is_not_this_persons_of_now_is_void(wang, clock, which):
    client = give_password(wang)
    signed, key = offered(give_password(make_user("li")) if which == "another-persons" else client)
    if which == "made-up":
        signed = signed[:-2]
    if which == "old":
        clock[0] += 15 * 60 + 1

    response = client.post(PAGE, {"key": signed, "code": shown_by_app(key)})

    assert response.status_code == 422
    assert "scan this new one" in response.text
    assert key not in response.text
    assert Authenticator.objects.count() == 0


def test_setting_it_up_ends_other_sessions_and_tokens(wang, client):
    client.force_login(wang)
    client.post("/accounts/tokens/", {"name": "report"})
    elsewhere = give_password(wang)
    here = give_password(wang)

    set_up(here)

    assert [each.session_key for each in Session.objects.all()] == [here.session.session_key]
    assert LOGIN in elsewhere.get("/entry/").url
    assert here.get("/entry/").status_code == 200
    assert AccessToken.objects.count() == 0
    ended = Entry.objects.filter(reason="set_up_second_factor").order_by("pk")
    assert [(each.action, each.actor, each.role) for each in ended] == [
        ("end_token", "wang", ""), ("end_session", "wang", ""), ("end_session", "wang", "")
    ]  # fmt: skip


def test_it_is_set_up_once(wang, app):
    signed = NewKey.drawn(wang).signed

    response = app.client.post(PAGE, {"key": signed, "code": "000000"})

    assert "10 of 10" in response.text
    assert Authenticator.objects.count() == 1


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


def test_failures_count_as_failed_logins_and_delay_the_next(wang, app):
    client = give_password(wang)

    for _each in range(3):
        give_code(client, "000000")
        some_time_passes(wang)
    give_code(client, "000000")
    too_soon = give_code(client, shown_by_app(app.key))
    waits = "wait 8 seconds" in too_soon.text or "wait 7 seconds" in too_soon.text
    some_time_passes(wang, seconds=9)

    assert waits
    assert too_soon.status_code == 422
    failed = Entry.objects.filter(action="login_failed", object="user:wang")
    assert [each.after for each in failed] == [{"step": "code"}] * 4
    assert give_code(client, shown_by_app(app.key)).status_code == 302
    assert Authenticator.objects.get(user=wang).throttling_failure_count == 0


def test_wrong_codes_lock_the_name_as_wrong_passwords_do(wang, app, settings):
    settings.LOGIN_FAILURES = 5
    client = give_password(wang)
    for _each in range(5):
        locked = give_code(client, "000000")
        some_time_passes(wang)

    right = give_code(client, shown_by_app(app.key))
    by_recovery = client.post(f"{CODE}?recovery", {"code": app.codes[0]})
    by_password = in_english().post(LOGIN, {"username": "wang", "password": PASSWORD})

    for answer in (locked, right, by_recovery, by_password):
        assert "Signing in failed too often." in answer.text
    assert not is_signed_in(client)
    assert RecoveryCode.objects.left().count() == 10


def test_no_failures_delay_the_app_for_longer_than_some_minutes(wang, app, settings):
    """The lock apart."""
    settings.LOGIN_FAILURES = 100
    client = give_password(wang)
    for _each in range(14):
        give_code(client, "000000")
        some_time_passes(wang)

    some_time_passes(wang, minutes=17)
    too_soon = give_code(client, shown_by_app(app.key))
    some_time_passes(wang, minutes=17, seconds=5)

    assert too_soon.status_code == 422
    assert give_code(client, shown_by_app(app.key)).status_code == 302


# Recovery codes


def test_a_recovery_code_opens_once_and_says_how_many_are_left(wang, app):
    client = give_password(wang)

    response = client.post(f"{CODE}?recovery", {"code": app.codes[3]}, follow=True)

    assert is_signed_in(client)
    assert "You signed in with a recovery code; 9 are left." in response.text
    assert [each[:3] for each in trail()[-2:]] == [
        ("use_recovery_code", "wang", {"left": 9}), ("login", "wang", None)
    ]  # fmt: skip
    other = give_password(wang)
    again = other.post(f"{CODE}?recovery", {"code": app.codes[3]})
    assert "was used before" in again.text
    assert not is_signed_in(other)
    assert trail()[-1] == ("login_failed", "", {"step": "recovery_code"})


@pytest.mark.parametrize("typed", [str.upper, lambda code: code.replace("-", " "),
                                   lambda code: f" {code.replace('-', '')} "])  # fmt: skip
def test_a_recovery_code_is_read_as_people_type_it(wang, app, typed):
    client = give_password(wang)

    client.post(f"{CODE}?recovery", {"code": typed(app.codes[0])})

    assert is_signed_in(client)


def test_one_persons_recovery_code_opens_no_other_account(wang, app):
    li = make_user("li")
    set_up(give_password(li))
    client = give_password(li)

    client.post(f"{CODE}?recovery", {"code": app.codes[0]})

    assert not is_signed_in(client)


def test_wrong_recovery_codes_delay_the_app_too(wang, app):
    client = give_password(wang)
    client.post(f"{CODE}?recovery", {"code": "aaaa-bbbb-cccc-dddd"})

    assert "wait 1 second" in give_code(client, shown_by_app(app.key)).text


def test_new_recovery_codes_void_those_of_before(wang, app, clock):
    response = app.client.post(NEW_CODES, {"code": shown_by_app(app.key)})

    codes = response.context["codes"]
    assert response.status_code == 200
    assert (len(codes), set(codes) & set(app.codes)) == (10, set())
    assert trail()[-1] == ("make_recovery_codes", "wang", None)
    clock[0] += 30
    client = give_password(wang)
    client.post(f"{CODE}?recovery", {"code": app.codes[0]})
    some_time_passes(wang)
    assert not is_signed_in(client)
    client.post(f"{CODE}?recovery", {"code": codes[0]})
    assert is_signed_in(client)


def test_new_recovery_codes_need_a_code(wang, app):
    response = app.client.post(NEW_CODES, {"code": "000000"})

    assert response.status_code == 422
    assert RecoveryCode.objects.left().count() == 10
    assert trail()[-1][0] == "login_failed"


# Turning it off


def test_turning_it_off_needs_a_code_and_ends_the_rest(wang, app, clock):
    elsewhere = give_password(wang)
    give_code(elsewhere, shown_by_app(app.key))
    clock[0] += 30
    app.client.post("/accounts/tokens/", {"name": "report"})

    wrong = app.client.post(END, {"code": "000000"})
    some_time_passes(wang)
    right = app.client.post(END, {"code": shown_by_app(app.key)})

    wang.refresh_from_db()
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert wang.second_factor_since is None
    assert (Authenticator.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    assert app.client.get("/entry/").status_code == 200
    assert elsewhere.get("/entry/").url.startswith(LOGIN)
    assert AccessToken.objects.count() == 0
    assert [each[0] for each in trail()[-3:]] == ["end_second_factor", "end_token", "end_session"]
    assert [each.session_key for each in Session.objects.all()] == [app.client.session.session_key]
    assert is_signed_in(give_password(wang))


def test_who_needs_it_cannot_turn_it_off(db, settings, clock):
    settings.SECOND_FACTOR_ROLES = ["reviewer"]
    wang = make_holder(Role.REVIEWER, "wang")
    held = set_up(give_password(wang))
    clock[0] += 60

    response = held.client.post(END, {"code": shown_by_app(held.key)})

    wang.refresh_from_db()
    assert response.status_code == 403
    assert wang.second_factor_since is not None
    assert 'formaction="/accounts/second-factor/end/"' not in held.client.get(PAGE).text
    assert "cannot be turned off here" in held.client.get(PAGE).text


# The password


def test_a_new_password_keeps_the_factor(wang, app):
    own = {"new_password1": "Hainan-2026", "new_password2": "Hainan-2026"}
    app.client.post("/accounts/password/", {"old_password": PASSWORD, **own})

    assert app.client.get("/entry/").status_code == 200
    client = give_password(wang, password="Hainan-2026")
    assert not is_signed_in(client)
    assert give_code(client, shown_by_app(app.key)).status_code == 302


def test_sessions_without_a_factor_outlive_its_coming(wang):
    """The stamp of who has none is Django's own: nobody is signed out by the update."""
    from django.contrib.auth.models import AbstractBaseUser

    assert wang.get_session_auth_hash() == AbstractBaseUser._get_session_auth_hash(wang)


def test_the_picture_is_what_a_scanner_reads(wang):
    """As segno writes it; the address carries issuer, name and key."""
    key = NewKey.drawn(wang)

    picture = urllib.parse.unquote(key.picture)

    assert picture.startswith("data:image/svg+xml")
    assert "viewBox" in picture
    address = Authenticator(user=wang, key=key.key).config_url
    secret = b32encode(bytes.fromhex(key.key)).decode()
    assert f"secret={secret}&algorithm=SHA1&digits=6&period=30&issuer=" in address
