"""Setting up an authenticator app."""

import urllib.parse
from base64 import b32encode

import pytest

from targets_site.accounts.actions.second_factor import set_up as set_up_action
from targets_site.accounts.models import AccessToken, Authenticator, RecoveryCode, Session, User
from targets_site.accounts.new_key import NewKey
from targets_site.audit.models import Entry
from tests.accounts.second_factor.world import RFC_KEY, trail
from tests.accounts.second_factor_steps import LOGIN, PAGE, give_password, offered, set_up
from tests.accounts.totp import shown_by_app, totp
from tests.factories import make_user

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


def test_the_picture_is_what_a_scanner_reads(wang):
    """As segno writes it; the address carries issuer, name and key."""
    key = NewKey.drawn(wang)

    picture = urllib.parse.unquote(key.picture)

    assert picture.startswith("data:image/svg+xml")
    assert "viewBox" in picture
    address = Authenticator(user=wang, key=key.key).config_url
    secret = b32encode(bytes.fromhex(key.key)).decode()
    assert f"secret={secret}&algorithm=SHA1&digits=6&period=30&issuer=" in address
