"""Codes for who has lost the phone."""

import pytest

from targets_site.accounts.models import RecoveryCode
from tests.accounts.second_factor.world import give_code, trail
from tests.accounts.second_factor_steps import (
    CODE,
    NEW_CODES,
    give_password,
    is_signed_in,
    set_up,
    some_time_passes,
)
from tests.accounts.totp import shown_by_app
from tests.factories import make_user

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
