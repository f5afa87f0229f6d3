"""How long a session lasts, what ends it, and what it does not depend on."""

import datetime
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.actions.expiry import KEPT, forget_old
from indicators.actions.recompute import start_recompute
from targets_site.accounts.actions.accounts import disable_account, reset_password
from targets_site.accounts.models import Session
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

PAGE, LOGIN = "/accounts/password/", "/accounts/login/"
PASSWORD = "Passw0rd-2026"
BEGUN = datetime.datetime(2026, 3, 2, 1, 0, tzinfo=datetime.UTC)
MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)


@pytest.fixture
def clock(monkeypatch):
    """Sets what time it is."""

    def at(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    at(BEGUN)
    return at


@pytest.fixture
def wang(db):
    return make_user("wang")


def sign_in(client, **more):
    return client.post(LOGIN, {"username": "wang", "password": PASSWORD, **more})


@pytest.fixture
def signed_in(client, wang, clock):
    sign_in(client)
    return client


def opens(client):
    return client.get(PAGE).status_code == 200


def test_a_session_knows_whose_it_is_since_when_and_from_where(client, wang, clock):
    client.post(
        LOGIN,
        {"username": "wang", "password": PASSWORD},
        headers={"User-Agent": "Mozilla/5.0\x1b[31m " + "x" * 500},
        REMOTE_ADDR="10.1.2.3",
    )

    session = Session.objects.get()
    assert (session.user, session.ip, session.begun_at) == (wang, "10.1.2.3", BEGUN)
    assert (session.last_seen_at, session.confirmed_at) == (BEGUN, BEGUN)
    assert session.expire_date == BEGUN + 30 * MINUTE
    assert session.user_agent.startswith("Mozilla/5.0[31m xxx")
    assert len(session.user_agent) == 200


def test_it_ends_after_half_an_hour_without_activity(signed_in, clock):
    clock(BEGUN + 29 * MINUTE)
    before = opens(signed_in)
    clock(BEGUN + 58 * MINUTE)
    renewed = opens(signed_in)
    clock(BEGUN + 88 * MINUTE)
    response = signed_in.get("/entry/?area=460000")

    assert (before, renewed) == (True, True)
    assert response.url == "/accounts/login/?next=/entry/%3Farea%3D460000&ended=idle"
    page = signed_in.get(response.url).text
    assert "nothing was done in it for 30 minutes" in page
    assert sign_in(signed_in, next="/entry/?area=460000").url == "/entry/?area=460000"


def test_it_ends_twelve_hours_after_the_login_whatever_is_done(signed_in, clock):
    for minutes in range(20, 12 * 60, 20):
        clock(BEGUN + minutes * MINUTE)
        assert opens(signed_in)
    clock(BEGUN + 12 * HOUR)
    response = signed_in.get(PAGE)

    assert response.url == f"/accounts/login/?next={PAGE}&ended=hours"
    assert "one signs in anew after 12 hours" in signed_in.get(response.url).text


def test_the_limits_are_settings_that_hold_at_once(signed_in, clock, settings):
    clock(BEGUN + 6 * MINUTE)
    settings.SESSION_IDLE_MINUTES = 5
    assert not opens(signed_in)

    sign_in(signed_in)
    settings.SESSION_HOURS = 1
    for minutes in (10, 14, 18):
        clock(BEGUN + minutes * MINUTE)
        assert opens(signed_in)
    clock(BEGUN + 6 * MINUTE + HOUR)
    assert not opens(signed_in)


def test_a_limit_that_is_raised_opens_nothing_that_has_ended(signed_in, clock, settings):
    clock(BEGUN + 31 * MINUTE)
    settings.SESSION_IDLE_MINUTES = 240

    assert not opens(signed_in)


def test_being_seen_is_written_down_once_a_minute_and_asks_nothing_more(signed_in, clock):
    def writes_and_reads(seconds):
        clock(BEGUN + datetime.timedelta(seconds=seconds))
        with CaptureQueriesContext(connection) as asked:
            opens(signed_in)
        of_session = [each["sql"] for each in asked if "accounts_session" in each["sql"]]
        return [sql.split()[0] for sql in of_session]

    assert writes_and_reads(59) == ["SELECT"]
    assert writes_and_reads(60) == ["SELECT", "UPDATE"]
    assert writes_and_reads(119) == ["SELECT"]


def test_a_clock_that_is_put_right_ends_nothing_and_prolongs_nothing(signed_in, clock):
    clock(BEGUN - HOUR)
    back = opens(signed_in)
    clock(BEGUN - 31 * MINUTE)
    after_29 = opens(signed_in)
    clock(BEGUN)
    after_31_more = opens(signed_in)

    assert (back, after_29, after_31_more) == (True, True, False)


def test_what_a_page_asks_by_itself_keeps_no_session_alive(client, clock):
    client.force_login(make_holder("system_admin"))
    progress = start_recompute(by=None).get_absolute_url() + "progress/"
    for minutes in range(1, 30):
        clock(BEGUN + minutes * MINUTE)
        assert client.get(progress).status_code == 200
    clock(BEGUN + 30 * MINUTE)

    assert client.get(progress).url.startswith(LOGIN)


def test_signing_in_gives_another_key(client, wang):
    client.cookies["sessionid"] = "a" * 32
    sign_in(client)
    first = client.cookies["sessionid"].value
    sign_in(Client())
    client.cookies["sessionid"] = first
    sign_in(client)

    assert first != "a" * 32
    assert not Session.objects.filter(session_key="a" * 32).exists()


@pytest.mark.parametrize(
    "key", ["a" * 32, "short", "aaaaaaaa\\000aaaa", "é" * 10, "'; --aaaaaaaaa"]
)
def test_a_made_up_key_opens_nothing(client, key):
    client.cookies["sessionid"] = key

    assert client.get(PAGE).url.startswith(LOGIN)


def test_the_cookie_of_before_opens_nothing_after_the_logout(signed_in):
    cookie = signed_in.cookies["sessionid"].value
    signed_in.post("/accounts/logout/")
    thief = Client()
    thief.cookies["sessionid"] = cookie

    assert thief.get(PAGE).url == f"/accounts/login/?next={PAGE}&ended=gone"
    thief.cookies["sessionid"] = cookie
    assert thief.get("/api/v1/targets/").status_code == 401
    assert not Session.objects.exists()


def test_signing_out_of_what_has_ended_leads_to_the_overview(signed_in, clock):
    clock(BEGUN + HOUR)

    assert signed_in.post("/accounts/logout/").url == "/"


def test_changing_the_password_ends_all_other_sessions(signed_in, wang):
    elsewhere = Client()
    sign_in(elsewhere)
    here = Session.objects.exclude(session_key=elsewhere.cookies["sessionid"].value).get()
    signed_in.post(
        PAGE,
        {"old_password": PASSWORD, "new_password1": "Hainan-2026", "new_password2": "Hainan-2026"},
    )

    kept = Session.objects.get()
    assert kept.session_key != here.session_key
    assert (kept.user, kept.begun_at, kept.ip) == (wang, here.begun_at, here.ip)
    assert opens(signed_in)
    assert not opens(elsewhere)
    assert ended_in_trail() == [("session:wang", "wang", "change_password")]


def ended_in_trail():
    entries = Entry.objects.filter(action="end_session").order_by("seq")
    return [(entry.object, entry.actor, entry.reason) for entry in entries]


@pytest.mark.parametrize("action", [disable_account, reset_password])
def test_what_an_administrator_does_to_the_account_ends_its_sessions(
    signed_in, wang, system_admin, action
):
    action(user=wang, by=system_admin)

    assert not Session.objects.exists()
    assert not opens(signed_in)
    assert ended_in_trail() == [("session:wang", "sysadmin", action.__name__)]


def test_the_trail_never_holds_a_key(signed_in, wang, system_admin):
    key = Session.objects.get().session_key
    disable_account(user=wang, by=system_admin)

    assert key not in repr(list(Entry.objects.values()))


def test_the_loss_of_the_cache_neither_lets_in_nor_throws_out(signed_in, settings):
    nowhere = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:9/0",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
    settings.CACHES = {**settings.CACHES, "default": nowhere}

    assert opens(signed_in)
    assert not opens(Client())
    again = Client()
    assert sign_in(again).status_code == 302
    assert opens(again)


def test_a_session_that_cannot_be_renewed_is_still_read(signed_in, clock, monkeypatch):
    def locked(*_args, **_values):
        raise OperationalError("database is locked")

    clock(BEGUN + 5 * MINUTE)
    monkeypatch.setattr("targets_site.accounts.models.SessionQuerySet.update", locked)

    assert opens(signed_in)


def test_rows_that_are_over_are_forgotten_after_a_day(signed_in, clock):
    over = BEGUN + 30 * MINUTE
    elsewhere = Client()
    clock(BEGUN + 20 * MINUTE)
    sign_in(elsewhere)

    assert forget_old(moment=over + KEPT - MINUTE)["sessions"] == 0
    assert forget_old(moment=over + KEPT)["sessions"] == 1
    assert [session.session_key for session in Session.objects.all()] == [
        elsewhere.cookies["sessionid"].value
    ]


def test_the_api_says_that_the_session_has_ended(signed_in, clock):
    clock(BEGUN + HOUR)

    response = signed_in.get("/api/v1/targets/")

    assert response.status_code == 401
    [said] = response.json()["errors"][""]
    assert said.startswith("Your session has ended: nothing was done in it for 30 minutes.")


def test_a_script_that_saves_is_told_so(signed_in, clock):
    clock(BEGUN + HOUR)

    response = signed_in.post("/entry/1/", headers={"X-Requested-With": "fetch"})

    assert response.status_code == 401
    [said] = response.json()["errors"][""]
    assert "nothing was done in it for 30 minutes" in said


OURS = {"Origin": "http://testserver"}


def test_what_was_sent_too_late_stands_in_the_answer(signed_in, clock):
    clock(BEGUN + HOUR)

    response = signed_in.post("/entry/1/submit/?a=1", {"text": 'typed "<b>'}, headers=OURS)

    page = response.text
    assert (response.status_code, response.headers["Cache-Control"]) == (401, "no-store")
    assert "Nothing was stored: sign in first" in page
    assert "nothing was done in it for 30 minutes" in page
    assert '<form class="stack" method="post" action="/entry/1/submit/?a=1"' in page
    assert 'name="text" value="typed &quot;&lt;b&gt;"' in page
    assert re.search(r'<a [^>]*href="/accounts/login/" target="_blank"', page)


def test_it_is_stored_once_it_is_sent_again_after_the_login(wang, clock):
    browser = Client(enforce_csrf_checks=True, headers=OURS)
    browser.get(LOGIN)
    browser.force_login(wang)
    clock(BEGUN + HOUR)
    typed = {"email": "wang@example.gov.cn"}
    late = browser.post("/accounts/email/", {**typed, "csrfmiddlewaretoken": token_of(browser)})
    again = browser.post("/accounts/email/", {**typed, "csrfmiddlewaretoken": token_of(browser)})

    elsewhere = {"username": "wang", "password": PASSWORD, "csrfmiddlewaretoken": token_of(browser)}
    assert browser.post(LOGIN, elsewhere).status_code == 302
    # As the script of the page does it: the token of now, which the login has changed.
    done = browser.post("/accounts/email/", {**typed, "csrfmiddlewaretoken": token_of(browser)})

    wang.refresh_from_db()
    assert (late.status_code, again.status_code) == (401, 401)
    assert (done.status_code, done.url) == (302, "/accounts/email/")
    assert wang.email == "wang@example.gov.cn"


def sent_again(response):
    """The fields of the form that the page carries, as a browser sends them."""
    form = response.text.split("data-send-again")[1].split("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def test_who_signs_in_instead_does_not_send_it_in_his_own_name(signed_in, wang, clock):
    li = make_user("li", full_name="李四")
    clock(BEGUN + HOUR)
    address, typed = "/accounts/email/", {"email": "wang@example.gov.cn"}
    late = signed_in.post(address, typed, headers=OURS)
    too_early = signed_in.post(address, sent_again(late), headers=OURS)

    signed_in.force_login(li)
    by_another = signed_in.post(address, sent_again(too_early), headers=OURS)
    of_his_own = signed_in.post(address, {"email": "li@example.gov.cn"}, headers=OURS)
    signed_in.force_login(wang)
    by_himself = signed_in.post(address, sent_again(by_another), headers=OURS)

    wang.refresh_from_db()
    li.refresh_from_db()
    assert (too_early.status_code, by_another.status_code) == (401, 409)
    assert "Nothing was stored: another person typed this" in by_another.text
    assert "李四" in by_another.text
    assert (of_his_own.status_code, by_himself.status_code) == (302, 302)
    assert (wang.email, li.email) == ("wang@example.gov.cn", "li@example.gov.cn")
    assert wang.username not in repr(sent_again(late)["typed_by"])


def token_of(browser):
    return browser.cookies["csrftoken"].value


def test_a_password_is_never_carried_on(signed_in, clock):
    clock(BEGUN + HOUR)
    typed = {"old_password": PASSWORD, "new_password1": "Hainan-2026", "confirm_password": "Hai-1"}

    page = signed_in.post(PAGE, typed, headers=OURS).text

    assert not any(secret in page for secret in typed.values())
    assert "Fill in the form anew" in page


def test_what_came_from_another_site_is_not_carried_on(signed_in, clock):
    clock(BEGUN + HOUR)

    page = signed_in.post("/entry/1/submit/", {"text": "typed"}, headers={"Origin": "null"}).text

    assert "typed" not in page
    assert "go back to the form" in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_IDLE_MINUTES", "0"), ("SESSION_IDLE_MINUTES", "241"),
        ("SESSION_HOURS", "0"), ("SESSION_HOURS", "25"),
    ],
)  # fmt: skip
def test_limits_out_of_bounds_are_refused(name, value):
    ran = subprocess.run(
        [sys.executable, "-c", "import targets_site.settings"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 1
    assert f"ImproperlyConfigured: {name} is" in ran.stderr
