"""A password is too old after 90 days, and none of the last five is chosen again."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone

from targets_site.accounts.actions.accounts import disable_account, reset_password
from targets_site.accounts.actions.tokens import make_token
from targets_site.accounts.models import FormerPassword, User
from targets_site.audit.models import Entry
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

PASSWORD, LOGIN, FIRST = "/accounts/password/", "/accounts/login/", "Passw0rd-2026"


@pytest.fixture
def wang():
    return make_user("wang")


def chosen_before(user, **ago):
    """The password of today was chosen so long ago."""
    user.password_changed_at = timezone.now() - timedelta(**ago)
    user.save(update_fields=["password_changed_at"])


@pytest.fixture
def old(client, wang):
    client.force_login(wang)
    chosen_before(wang, days=91)
    return client


def change(client, old_password, password):
    typed = {"old_password": old_password, "new_password1": password, "new_password2": password}
    return client.post(PASSWORD, typed)


def sign_in(client, password=FIRST):
    return client.post(LOGIN, {"username": "wang", "password": password}, follow=True)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", ["/", "/entry/", "/review/", "/exports/", "/accounts/people/"])
def test_with_a_password_that_is_too_old_nothing_else_opens(old, settings, address, method):
    settings.OPEN_READING = True

    response = getattr(old, method)(address)

    assert (response.status_code, response.url) == (302, PASSWORD)


@pytest.mark.parametrize(("method", "address"), [
    ("get", "/api/v1/areas/"), ("get", "/api/v1/figures/"), ("post", "/api/v1/figures/"),
])  # fmt: skip
def test_the_api_refuses_the_session_with_words(old, method, address):
    response = getattr(old, method)(address)

    said = "Your password is too old. Choose another one first, on the page /accounts/password/."
    assert (response.status_code, response.json()) == (403, {"errors": {"": [said]}})


def test_the_api_refuses_a_token_of_a_password_that_is_too_old(wang):
    secret = make_token(user=wang, name="统计程序").secret
    headers = {"Authorization": f"Token {secret}", "Cookie": "django_language=en"}
    before = Client().get("/api/v1/areas/", headers=headers)

    chosen_before(wang, days=91)
    after = Client().get("/api/v1/areas/", headers=headers)

    said = "The password of the token's owner is too old. Sign in and choose another one."
    assert (before.status_code, after.status_code) == (200, 401)
    assert after.json() == {"errors": {"": [said]}}


def test_the_page_says_why_and_changing_opens_everything(client, wang):
    chosen_before(wang, days=91)

    page = sign_in(client)
    changed = change(client, FIRST, "Hainan-2026")

    assert page.redirect_chain[-1] == (PASSWORD, 302)
    assert "Your password is older than 90 days." in page.content.decode()
    assert (changed.status_code, client.get("/entry/").status_code) == (302, 200)


def test_what_still_works(old):
    health = [old.get(address).status_code for address in ("/healthz", "/readyz")]

    assert (old.get(PASSWORD).status_code, health) == (200, [200, 200])
    assert old.post("/accounts/logout/").status_code == 302


def test_it_ends_at_midnight_in_the_zone_of_the_site(wang, settings):
    wang.password_changed_at = timezone.datetime.fromisoformat("2026-03-01T23:59:00+08:00")

    assert wang.password_ends_at.isoformat() == "2026-05-30T00:00:00+08:00"


@pytest.mark.parametrize(("days", "is_over"), [(89, False), (90, True)])
def test_ninety_days(wang, days, is_over):
    chosen_before(wang, days=days)

    assert wang.password_is_over is is_over


def test_who_never_changed_it_has_had_it_since_the_account_was_made(wang):
    wang.date_joined = timezone.now() - timedelta(days=90)

    assert wang.password_is_over


def test_the_age_is_a_setting_and_can_be_switched_off(old, settings):
    settings.PASSWORD_DAYS = 120
    with_more = old.get("/entry/").status_code
    settings.PASSWORD_DAYS = 0

    assert (with_more, old.get("/entry/").status_code) == (200, 200)


@pytest.mark.parametrize(("days", "is_told"), [(82, False), (83, True), (89, True)])
def test_in_the_week_before_the_login_tells_the_day(client, wang, days, is_told):
    chosen_before(wang, days=days)
    last_day = timezone.localdate() + timedelta(days=89 - days)

    page = sign_in(client).content.decode()

    told = f"Your password is good until {last_day}. Change it in time."
    assert (told in page) is is_told


def test_the_people_list_shows_it(client, wang, system_admin):
    chosen_before(wang, days=91)
    client.force_login(system_admin)

    assert "Password too old" in client.get("/accounts/people/?q=wang").content.decode()


OTHERS = [f"Hainan-{year}" for year in range(2020, 2026)]


@pytest.fixture
def changed_six_times(client, wang):
    """From FIRST through all OTHERS to the last of them."""
    client.force_login(wang)
    passwords = [FIRST, *OTHERS]
    for before, after in pairwise(passwords):
        assert change(client, before, after).status_code == 302
    return client


@pytest.mark.parametrize("again", OTHERS[-5:])
def test_none_of_the_last_five_is_chosen_again(changed_six_times, again):
    response = change(changed_six_times, OTHERS[-1], again)

    assert response.status_code == 422
    assert "choose another" in (page := response.content.decode()) or "none of your last 5" in page


@pytest.mark.parametrize("again", [FIRST, OTHERS[0]])
def test_those_before_are_free_again(changed_six_times, again):
    assert change(changed_six_times, OTHERS[-1], again).status_code == 302


def test_only_hashes_are_kept_and_only_the_newest(changed_six_times):
    kept = FormerPassword.objects.values_list("password", flat=True)

    assert len(kept) == 5
    assert not [each for each in kept for known in OTHERS if known in each]


def test_how_many_is_a_setting(client, wang, settings):
    settings.PASSWORD_HISTORY = 0
    client.force_login(wang)
    change(client, FIRST, OTHERS[0])

    assert change(client, OTHERS[0], FIRST).status_code == 302
    assert not FormerPassword.objects.exists()


def test_a_reset_does_not_make_the_password_before_free(client, wang, system_admin):
    issued = reset_password(user=wang, by=system_admin)
    sign_in(client, issued.password)

    response = client.post(PASSWORD, {"new_password1": FIRST, "new_password2": FIRST})

    assert response.status_code == 422
    assert "none of your last 5" in response.content.decode()


def test_disabling_the_account_forgets_them(changed_six_times, wang, system_admin):
    disable_account(user=wang, by=system_admin)

    assert not FormerPassword.objects.exists()


def test_no_hash_of_a_password_stands_in_the_trail(changed_six_times):
    assert "md5$" not in repr(list(Entry.objects.values()))


def test_who_found_a_session_open_does_not_try_passwords_out(client, wang):
    client.force_login(wang)
    for _each in range(5):
        change(client, "Passw0rd-2027", "Hainan-2026")

    response = change(client, FIRST, "Hainan-2026")

    assert response.status_code == 422
    assert "Signing in failed too often." in response.content.decode()
    assert User.objects.get(pk=wang.pk).check_password(FIRST)
    assert Entry.objects.filter(action="lock_account", object="user:wang").count() == 1
