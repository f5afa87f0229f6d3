"""What wrong codes delay and lock."""

from targets_site.accounts.models import Authenticator, RecoveryCode
from targets_site.audit.models import Entry
from tests.accounts.second_factor.world import give_code
from tests.accounts.second_factor_steps import (
    CODE,
    LOGIN,
    PASSWORD,
    give_password,
    in_english,
    is_signed_in,
    some_time_passes,
)
from tests.accounts.totp import shown_by_app


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
