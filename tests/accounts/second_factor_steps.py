"""What the tests of the second factor do, through the doors that people use."""

import re
from base64 import b32encode
from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from targets_site.accounts.models import Authenticator
from tests.accounts.totp import shown_by_app

LOGIN, CODE, PAGE = "/accounts/login/", "/accounts/login/code/", "/accounts/second-factor/"
NEW_CODES, END = "/accounts/second-factor/codes/", "/accounts/second-factor/end/"
PASSWORD = "Passw0rd-2026"


@dataclass(frozen=True)
class SetUp:
    """The key as people type it, and the recovery codes that were shown."""

    client: Client
    key: str
    codes: list[str]


def in_english():
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def give_password(user, client=None, password=PASSWORD, **more):
    client = client or in_english()
    client.post(LOGIN, {"username": user.username, "password": password, **more})
    return client


def offered(client):
    """The signed key of the page, and the key as people type it."""
    page = client.get(PAGE).text
    [signed] = re.findall(r'name="key" value="([^"]+)"', page)
    [key] = re.findall(r'set-up__key">([A-Z2-7 ]+)<', page)
    return signed, key


def set_up(client):
    signed, key = offered(client)
    response = client.post(PAGE, {"key": signed, "code": shown_by_app(key)})
    assert response.status_code == 200, response.text
    return SetUp(client, key, re.findall(r'<span class="code">([a-z0-9-]+)</span>', response.text))


def key_of(user):
    stored = Authenticator.objects.get(user=user).key
    return b32encode(bytes.fromhex(stored)).decode()


def is_signed_in(client):
    return "_auth_user_id" in client.session


def some_time_passes(user, **time):
    """Since the last failure: no test waits for seconds."""
    before = timezone.now() - timedelta(**time or {"hours": 1})
    Authenticator.objects.filter(user=user).update(throttling_failure_timestamp=before)
