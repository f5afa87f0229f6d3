"""Failures to sign in lock the name that was typed, and the address where they come from."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from targets_site.accounts.actions.locks import forget_old_failures
from targets_site.accounts.actions.tokens import make_token
from targets_site.accounts.models import LockKind, LoginFailures, User
from targets_site.accounts.passwords import hashed
from targets_site.audit.context import Actor, acting
from targets_site.audit.models import Entry
from tests.factories import make_user

LOGIN, RIGHT, WRONG = "/accounts/login/", "Passw0rd-2026", "Passw0rd-2027"
HERE, THERE = "203.0.113.9", "203.0.113.10"
USUAL = "The user name or the password is wrong."
LOCKED = "Signing in failed too often. Try again in 30 minutes, or ask your system administrator"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wang():
    return make_user("wang")


def sign_in(username="wang", password=WRONG, *, address=HERE, **headers):
    client = Client(REMOTE_ADDR=address, headers=headers)
    client.cookies["django_language"] = "en"
    return client.post(LOGIN, {"username": username, "password": password})


def fail(times, username="wang", **options):
    return [sign_in(username, **options) for _each in range(times)]


def said(response):
    """The words about the whole form."""
    [message] = re.findall(r"errorlist nonfield[^>]*><li>(.*?)</li>", response.content.decode())
    return message


def is_let_in(response):
    return response.status_code == 302


def minutes_pass(minutes):
    """Everything that was counted happened earlier."""
    for each in LoginFailures.objects.all():
        moved = {
            name: at - timedelta(minutes=minutes)
            for name in ("first_at", "last_at", "locked_until")
            if (at := getattr(each, name)) is not None
        }
        LoginFailures.objects.filter(pk=each.pk).update(**moved)


def actions():
    return list(Entry.objects.order_by("seq").values_list("action", "object"))


def test_four_failures_lock_nothing():
    answers = fail(4)

    assert {said(answer) for answer in answers} == {USUAL}
    assert is_let_in(sign_in(password=RIGHT))


def test_the_fifth_locks_and_the_right_password_is_refused():
    answers = fail(5)

    assert [said(answer) for answer in answers[:4]] == [USUAL] * 4
    assert said(answers[4]).startswith(LOCKED)
    refused = sign_in(password=RIGHT)
    assert (refused.status_code, said(refused)) == (200, said(answers[4]))


def test_the_lock_stands_in_the_trail_once():
    fail(7)

    assert actions() == [
        *[("login_failed", "user:wang")] * 5,
        ("lock_account", "user:wang"),
        *[("login_failed", "user:wang")] * 2,
    ]
    lock = Entry.objects.get(action="lock_account")
    assert (lock.actor, lock.ip, lock.after["failures"]) == ("", HERE, 5)


def test_it_holds_for_thirty_minutes_and_not_a_minute_longer():
    fail(5)

    minutes_pass(29)
    early = sign_in(password=RIGHT)
    minutes_pass(1)

    assert not is_let_in(early)
    assert is_let_in(sign_in(password=RIGHT))


def test_going_on_meanwhile_locks_for_no_longer():
    fail(5)
    minutes_pass(20)
    fail(5)
    minutes_pass(10)

    assert is_let_in(sign_in(password=RIGHT))


def test_after_a_lock_counting_begins_anew():
    fail(9)
    minutes_pass(30)

    four = fail(4)
    fifth = sign_in()

    assert {said(answer) for answer in four} == {USUAL}
    assert said(fifth).startswith(LOCKED)


def test_failures_of_long_ago_do_not_count():
    fail(4)
    minutes_pass(30)
    fail(4)

    assert is_let_in(sign_in(password=RIGHT))


def test_a_complete_login_forgets_the_failures_before():
    fail(4)
    sign_in(password=RIGHT)

    assert {said(answer) for answer in fail(4)} == {USUAL}


def test_a_name_that_no_user_has_is_locked_alike():
    known, unknown = fail(7, "wang"), fail(7, "nobody", address=THERE)

    assert [said(answer) for answer in known] == [said(answer) for answer in unknown]
    assert [answer.status_code for answer in known] == [answer.status_code for answer in unknown]
    assert len(known[6].content) - len("wang") == len(unknown[6].content) - len("nobody")


def questions_of(username):
    with CaptureQueriesContext(connection) as asked:
        sign_in(username)
    return len(asked)


def test_known_and_unknown_names_cost_the_same_questions():
    # The first failure from an address also makes its row.
    fail(1, "somebody")

    assert questions_of("wang") == questions_of("nobody")
    assert questions_of("wang") == questions_of("nobody")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP"])
def test_no_header_resets_the_count(header):
    answers = [sign_in(**{header: f"198.51.100.{number}"}) for number in range(6)]

    assert said(answers[5]).startswith(LOCKED)
    assert not is_let_in(sign_in(password=RIGHT, **{header: "198.51.100.99"}))


def test_neither_do_other_addresses_cookies_or_programs():
    for number in range(5):
        sign_in(address=f"198.51.100.{number}", **{"User-Agent": f"another/{number}"})

    assert not is_let_in(sign_in(password=RIGHT, address=THERE))


def test_others_sign_in_as_before():
    make_user("li")
    fail(6)

    assert is_let_in(sign_in("li", RIGHT))


def test_one_address_does_not_lock_out_everybody(settings):
    names = [make_user(f"user{number:02}").username for number in range(30)]
    for name in names:
        fail(5, name)

    locked = [name for name in names if not is_let_in(sign_in(name, RIGHT, address=THERE))]

    assert locked == names[: settings.LOGIN_FAILURES_BY_ADDRESS // 5]
    assert ("lock_address", f"address:{HERE}") in actions()


def test_an_address_that_failed_too_often_signs_nobody_in(settings):
    settings.LOGIN_FAILURES_BY_ADDRESS = 6
    make_user("li")
    for number in range(6):
        sign_in(f"user{number}")

    refused = sign_in("li", RIGHT)

    assert said(refused).startswith(LOCKED)
    assert is_let_in(sign_in("li", RIGHT, address=THERE))


def test_behind_a_proxy_addresses_are_those_of_the_clients(settings):
    settings.PROXIES, settings.LOGIN_FAILURES_BY_ADDRESS = 1, 5
    for number in range(5):
        sign_in(f"user{number}", **{"X-Forwarded-For": f"10.0.0.{number}, 198.51.100.7"})

    refused = sign_in(password=RIGHT, **{"X-Forwarded-For": "10.0.0.9, 198.51.100.7"})
    others = sign_in(password=RIGHT, **{"X-Forwarded-For": "198.51.100.8"})

    assert (is_let_in(refused), is_let_in(others)) == (False, True)


def test_the_addresses_of_one_ipv6_network_count_together(settings):
    settings.LOGIN_FAILURES_BY_ADDRESS = 5
    for number in range(5):
        sign_in(f"user{number}", address=f"2001:db8::{number}")

    assert not is_let_in(sign_in(password=RIGHT, address="2001:db8::ffff"))
    assert is_let_in(sign_in(password=RIGHT, address="2001:db8:0:1::1"))


def test_success_does_not_reset_the_address(settings):
    settings.LOGIN_FAILURES_BY_ADDRESS = 6
    make_user("mallory")
    for name in ("a1", "a2", "a3"):
        sign_in(name)
    sign_in("mallory", RIGHT)
    for name in ("a4", "a5", "a6"):
        sign_in(name)

    assert not is_let_in(sign_in(password=RIGHT))


def test_what_was_typed_as_a_name_is_kept_only_as_a_keyed_hash(settings):
    sign_in(RIGHT)

    kept = LoginFailures.objects.get(kind=LockKind.ACCOUNT).subject
    settings.SECRET_KEY = "another-key"
    sign_in(RIGHT)

    assert RIGHT not in repr([*LoginFailures.objects.values(), *Entry.objects.values()])
    subjects = LoginFailures.objects.filter(kind=LockKind.ACCOUNT).values_list("subject", flat=True)
    assert (kept in subjects, len(subjects)) == (True, 2)


@pytest.mark.parametrize("typed", ["z" * 254, "wang\x00", "admin'--", "\uff37ang", "\u202ewang"])
def test_whatever_was_typed_as_a_name_locks_itself_only(typed):
    answers = fail(6, typed)

    assert said(answers[5]).startswith(LOCKED)
    assert is_let_in(sign_in(password=RIGHT))


def test_the_numbers_are_settings(settings):
    settings.LOGIN_FAILURES, settings.LOGIN_LOCK_MINUTES = 1, 5
    [only] = fail(1)

    minutes_pass(5)

    assert said(only).startswith("Signing in failed too often. Try again in 5 minutes")
    assert is_let_in(sign_in(password=RIGHT))


def test_a_one_time_password_is_under_the_lock_too():
    make_user("zhang")
    User.objects.filter(username="zhang").update(
        password=hashed("Kx7m-Qp4t-Wn9r"), must_change_password=True
    )
    fail(5, "zhang")

    assert not is_let_in(sign_in("zhang", "Kx7m-Qp4t-Wn9r"))


def test_every_door_that_asks_django_is_under_the_lock():
    fail(5)

    with acting(Actor(ip=THERE)):
        assert authenticate(None, username="wang", password=RIGHT) is None


def test_what_counts_for_nothing_any_more_is_forgotten():
    fail(5)
    fail(1, "nobody", address=THERE)
    day_after = timezone.now() + timedelta(days=1)

    kept_today = forget_old_failures(timezone.now() - timedelta(days=1))
    dropped = forget_old_failures(day_after)

    assert (kept_today, dropped, LoginFailures.objects.count()) == (0, 4, 0)


def read(secret, *, address=HERE):
    client = Client(REMOTE_ADDR=address)
    client.cookies["django_language"] = "en"
    return client.get("/api/v1/areas/", headers={"Authorization": f"Token {secret}"})


def test_unknown_tokens_lock_the_tokens_of_their_address(settings, wang):
    settings.LOGIN_FAILURES_BY_ADDRESS = 5
    secret = make_token(user=wang, name="统计程序").secret

    wrong = [read(f"{number:064x}").status_code for number in range(4)] + [read("x").status_code]
    refused, elsewhere = read(secret), read(secret, address=THERE)

    assert wrong == [401] * 5
    assert (refused.status_code, elsewhere.status_code) == (429, 200)
    said_to_programs = "Too many unknown tokens came from your address. Try again later."
    assert refused.json() == {"errors": {"": [said_to_programs]}}
    assert actions()[-1] == ("lock_tokens", f"tokens_from:{HERE}")
    assert is_let_in(sign_in(password=RIGHT))


def test_a_program_that_goes_on_with_a_token_that_is_over_locks_nothing(settings, wang):
    settings.LOGIN_FAILURES_BY_ADDRESS = 5
    made = make_token(user=wang, name="旧程序")
    in_force = make_token(user=wang, name="新程序").secret
    type(made.token).objects.filter(pk=made.token.pk).update(expiry=timezone.now())

    refused = {read(made.secret).status_code for _each in range(8)}

    assert (refused, read(in_force).status_code) == ({401}, 200)


def test_a_token_costs_one_question_more(settings, wang):
    secret = make_token(user=wang, name="统计程序").secret

    with CaptureQueriesContext(connection) as asked:
        read(secret)

    assert len([each for each in asked if "accounts_loginfailures" in each["sql"]]) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["wang", "nobody"])
def test_twenty_wrong_passwords_at_once_count_as_twenty(name):
    def one(_number):
        try:
            return said(sign_in(name))
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(one, range(20)))

    counted = dict(LoginFailures.objects.values_list("kind", "failures"))
    assert counted == {"account": 20, "address": 20}
    assert Entry.objects.filter(action="lock_account").count() == 1
    assert Entry.objects.filter(action="login_failed").count() == 20
    assert any(answer.startswith(LOCKED) for answer in answers)
    assert not is_let_in(sign_in(name, RIGHT))
