"""Without a second factor again, and beside it."""

from targets_site.accounts.models import AccessToken, Authenticator, RecoveryCode, Role, Session
from tests.accounts.conftest import make_holder
from tests.accounts.second_factor.world import give_code, trail
from tests.accounts.second_factor_steps import (
    END,
    LOGIN,
    PAGE,
    PASSWORD,
    give_password,
    is_signed_in,
    set_up,
    some_time_passes,
)
from tests.accounts.totp import shown_by_app

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
