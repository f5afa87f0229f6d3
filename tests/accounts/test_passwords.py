"""One-time passwords, and what a password of one's own looks like."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from targets_site.accounts import passwords
from targets_site.accounts.validators import validate_username
from tests.factories import make_user


def test_one_time_passwords_are_readable_and_no_two_alike():
    made = {passwords.one_time_password() for _each in range(500)}

    block = "[a-hj-km-np-zA-HJ-NP-Z2-9]{4}"
    assert len(made) == 500
    assert all(re.fullmatch(f"{block}-{block}-{block}", each) for each in made)


def test_one_time_passwords_pass_the_rules_for_passwords():
    for _each in range(100):
        validate_password(passwords.one_time_password())


@pytest.mark.parametrize("hasher", ["PBKDF2PasswordHasher", "MD5PasswordHasher"])
def test_a_one_time_password_is_stored_as_a_hash_that_opens(db, settings, hasher):
    settings.PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{hasher}"]
    user = make_user()
    user.password = passwords.hashed("Kx7m-Qp4t-Wn9r")

    assert "Kx7m" not in user.password
    assert user.check_password("Kx7m-Qp4t-Wn9r")
    assert not user.check_password("Kx7m-Qp4t-Wn9s")


def test_a_spent_password_opens_nothing_and_is_still_known(db):
    user = make_user()
    user.password = passwords.spent(passwords.hashed("Kx7m-Qp4t-Wn9r"))

    assert not user.has_usable_password()
    assert not user.check_password("Kx7m-Qp4t-Wn9r")
    assert passwords.is_spent("Kx7m-Qp4t-Wn9r", user.password)
    assert not passwords.is_spent("Kx7m-Qp4t-Wn9s", user.password)


def test_no_password_at_all_is_no_spent_one(db):
    user = make_user()
    user.set_unusable_password()

    assert not passwords.is_spent("Kx7m-Qp4t-Wn9r", user.password)
    assert not passwords.is_spent("Passw0rd-2026", make_user("li").password)


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        pytest.param("Hainan2026", True, id="small-capital-digit"),
        pytest.param("hainan-2026", True, id="small-digit-other"),
        pytest.param("HAINAN-2026", True, id="capital-digit-other"),
        pytest.param("Hainan-Quality", True, id="small-capital-other"),
        pytest.param("海南quality2026", True, id="chinese-counts-as-other"),
        pytest.param("hainanquality2026", False, id="small-digit"),
        pytest.param("HainanQuality", False, id="small-capital"),
        pytest.param("70241395863", False, id="digits"),
        pytest.param("Hn-202611", False, id="nine-characters"),
    ],
)
def test_a_password_has_ten_characters_of_three_classes(password, accepted):
    if accepted:
        validate_password(password)
        return
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("username", ["zhang", "zhang.san", "li_4", "a1", "w-" + "x" * 28])
def test_user_names(username):
    validate_username(username)


@pytest.mark.parametrize(
    "username",
    [
        "",
        "z",
        "Zhang",
        "1zhang",
        "张三",
        "zhang san",
        "z" * 31,
        "zhang\n",
        "\uff5ahang",
        "zhang@x",
        "-z",
    ],
)
def test_user_names_that_are_none(username):
    with pytest.raises(ValidationError):
        validate_username(username)
