"""The system administrator sees what is locked, and unlocks it early with a reason."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from targets_site.accounts.models import LoginFailures, Role
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.factories import make_user

LOGIN, RIGHT, WRONG = "/accounts/login/", "Passw0rd-2026", "Passw0rd-2027"
PEOPLE = "/accounts/people/"

pytestmark = pytest.mark.usefixtures("in_english")


def sign_in(username="wang", password=RIGHT):
    return Client().post(LOGIN, {"username": username, "password": password})


def lock(user):
    for _each in range(5):
        sign_in(user.username, WRONG)
    return user


@pytest.fixture
def wang(db):
    return lock(make_user("wang", full_name="王五"))


@pytest.fixture
def administrator(client, system_admin):
    client.force_login(system_admin)
    return client


def page_of(user):
    return f"{PEOPLE}{user.pk}/"


def unlock(client, user, reason="本人来电，已核实身份"):
    return client.post(f"{page_of(user)}unlock/", {"reason": reason}, follow=True)


def test_the_account_s_page_says_until_when(administrator, wang):
    until = timezone.localtime(LoginFailures.objects.locked().get().locked_until)

    page = administrator.get(page_of(wang)).content.decode()

    assert f"Locked until {until:%Y-%m-%d %H:%M}" in page


def test_the_list_says_it_too(administrator, wang):
    until = timezone.localtime(LoginFailures.objects.locked().get().locked_until)
    make_user("li")

    page = administrator.get(PEOPLE).content.decode()

    assert page.count(f"Locked until {until:%H:%M}") == 1


def test_what_is_not_locked_offers_nothing(administrator, wang):
    li = make_user("li")

    assert "Locked until" not in administrator.get(page_of(li)).content.decode()
    refused = unlock(administrator, li)
    assert refused.status_code == 409
    assert "Nothing was done: the account is not locked." in refused.content.decode()


def test_unlocked_the_person_signs_in_and_the_trail_says_why(administrator, wang):
    before = sign_in().status_code

    response = unlock(administrator, wang)

    assert "Unlocked: 王五." in response.content.decode()
    assert (before, sign_in().status_code) == (200, 302)
    entry = Entry.objects.get(action="unlock_account")
    assert (entry.actor, entry.role, entry.object) == ("sysadmin", "system_admin", "user:wang")
    assert entry.reason == "本人来电，已核实身份"
    assert list(entry.before) == ["locked_until"]


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_without_a_reason_it_stays_locked(administrator, wang, reason):
    response = unlock(administrator, wang, reason)

    assert response.status_code == 422
    assert "Reason" in response.content.decode()
    assert sign_in().status_code == 200


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.REVIEWER])
def test_nobody_else_unlocks(client, wang, role):
    client.force_login(make_holder(role))

    assert unlock(client, wang).status_code == 403
    assert LoginFailures.objects.locked().count() == 1


def test_nobody_unlocks_himself(administrator, system_admin):
    lock(system_admin)

    page = administrator.get(page_of(system_admin)).content.decode()

    assert "Locked until" in page
    assert "Unlock the account" not in page
    assert unlock(administrator, system_admin).status_code == 403


def test_a_lock_that_is_over_is_none(administrator, wang):
    LoginFailures.objects.update(locked_until=timezone.now() - timedelta(seconds=1))

    assert "Locked until" not in administrator.get(page_of(wang)).content.decode()
    assert "Locked until" not in administrator.get(PEOPLE).content.decode()


def test_unlocking_fails_where_the_trail_cannot_be_written(administrator, wang, monkeypatch):
    def fail(*_args, **_options):
        raise OSError("no space left")

    monkeypatch.setattr("targets_site.accounts.actions.locks.record", fail)

    with pytest.raises(OSError, match="no space left"):
        unlock(administrator, wang)
    assert LoginFailures.objects.locked().count() == 1
