"""Accounts that nobody uses are suspended at night; rounds and the system administrator bring them
back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from indicators import schedule
from indicators.actions.rounds import open_round
from indicators.models import ScheduledRun
from indicators.schedule import tick
from targets_site.accounts.access import held_by
from targets_site.accounts.actions.accounts import disable_account
from targets_site.accounts.actions.tokens import make_token
from targets_site.accounts.models import Role, Session, User
from targets_site.accounts.rights import holds
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.factories import (
    make_area,
    make_department,
    make_official,
    make_post,
    make_reviewer,
    make_round,
    make_signer,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

LOGIN, RIGHT, PEOPLE = "/accounts/login/", "Passw0rd-2026", "/accounts/people/"
DAY = timedelta(days=1)
USUAL = "The user name or the password is wrong."
SUSPENDED = "Your account is suspended, since it was not used for long."


def seen(user, *, days):
    """Made long ago, and last signed in so many days ago."""
    now = timezone.now()
    user.date_joined, user.last_login = now - 1000 * DAY, now - days * DAY
    user.password_changed_at = now
    user.save()
    return user


def unused(username="wang", days=91, **fields):
    return seen(make_user(username, **fields), days=days)


def a_night_passes():
    """The schedule owes its entry of the night."""
    ScheduledRun.objects.update_or_create(
        name="suspend",
        defaults={"slot": timezone.now() - 2 * DAY, "finished_at": timezone.now()},
    )
    assert "suspend" in tick()


@pytest.fixture(autouse=True)
def _only_this_entry(monkeypatch):
    only = tuple(each for each in schedule.ENTRIES if each.name == "suspend")
    monkeypatch.setattr(schedule, "ENTRIES", only)


def suspended():
    found = User.objects.filter(suspended_at__isnull=False).order_by("username")
    return list(found.values_list("username", flat=True))


def sign_in(username="wang", password=RIGHT):
    client = Client()
    client.cookies["django_language"] = "en"
    return client.post(LOGIN, {"username": username, "password": password})


def test_who_was_not_seen_for_ninety_days_is_suspended():
    unused("wang", days=90)
    unused("li", days=89)
    never = make_user("never")
    User.objects.filter(pk=never.pk).update(date_joined=timezone.now() - 90 * DAY)
    make_user("newcomer")

    a_night_passes()

    assert suspended() == ["never", "wang"]
    wang = User.objects.get(username="wang")
    entry = Entry.objects.get(action="suspend_account", object="user:wang")
    assert (entry.actor, entry.after) == ("schedule", {"last_login": str(wang.last_login)})
    assert (wang.is_active, wang.check_password(RIGHT)) == (False, True)


def test_another_night_changes_nothing():
    unused()
    a_night_passes()
    since = User.objects.get(username="wang").suspended_at

    a_night_passes()

    assert User.objects.get(username="wang").suspended_at == since
    assert Entry.objects.filter(action="suspend_account").count() == 1


@pytest.mark.parametrize(("days", "expected"), [(0, []), (30, ["li", "wang"])])
def test_the_days_are_a_setting_and_can_be_switched_off(settings, days, expected):
    settings.ACCOUNT_UNUSED_DAYS = days
    unused("wang", days=400)
    unused("li", days=31)

    a_night_passes()

    assert suspended() == expected


def test_the_right_password_is_told_whom_to_ask_and_a_wrong_one_nothing():
    unused()
    a_night_passes()

    right, wrong = sign_in(), sign_in(password="Passw0rd-2027")

    assert (right.status_code, wrong.status_code) == (200, 200)
    assert SUSPENDED in right.content.decode()
    assert "system administrator" in right.content.decode()
    assert USUAL in wrong.content.decode()
    assert SUSPENDED not in wrong.content.decode()
    reasons = Entry.objects.filter(action="login_failed").order_by("seq")
    assert list(reasons.values_list("object", "reason")) == [
        ("user:wang", "suspended"),
        ("user:wang", ""),
    ]


def test_wrong_passwords_lock_a_suspended_account_as_any():
    unused()
    a_night_passes()
    for _each in range(5):
        sign_in(password="Passw0rd-2027")

    page = sign_in().content.decode()

    assert "Signing in failed too often." in page
    assert SUSPENDED not in page


def test_it_opens_nothing_meanwhile():
    wang = unused()
    make_post(wang, Role.REVIEWER)
    client = Client()
    client.force_login(wang)
    secret = make_token(user=wang, name="统计程序").secret
    seen(wang, days=91)
    headers = {"Authorization": f"Token {secret}"}
    assert Client().get("/api/v1/areas/", headers=headers).status_code == 200
    before = client.get("/review/").status_code

    a_night_passes()

    assert suspended() == ["wang"]
    assert Session.objects.of_user(wang).count() == 0
    ended = Entry.objects.get(action="end_session")
    assert (ended.object, ended.actor, ended.role, ended.reason) == (
        "session:wang", "schedule", "", "suspend_account"
    )  # fmt: skip
    assert (before, client.get("/review/").status_code) == (200, 302)
    assert Client().get("/api/v1/areas/", headers=headers).status_code == 401
    assert not holds(wang, Role.REVIEWER)
    assert not held_by(wang).reviewed


def test_the_database_knows_no_active_suspended_account():
    wang = make_user("wang")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=wang.pk).update(suspended_at=timezone.now())


# Whom a round needs


@pytest.fixture
def reporters():
    """An official, a signer and a reviewer of an area, and an official of another, long unseen."""
    area, other = make_area("460000"), make_area("990000")
    department = make_department(area)
    people = [
        make_official("official", department), make_signer("signer", department),
        make_reviewer("reviewer", area),
        make_official("elsewhere", make_department(other)),
    ]  # fmt: skip
    leader = make_user("leader")
    make_post(leader, Role.LEADER, area=area)
    for each in [*people, leader]:
        seen(each, days=200)
    return area


def a_round(area, *, opens_in, closes_in):
    now = timezone.now()
    closes = now + closes_in * DAY
    return make_round(area, opens_at=now + opens_in * DAY, due_at=closes, closes_at=closes)


@pytest.mark.parametrize(("opens_in", "closes_in"), [(-300, 1), (13, 40)])
def test_whom_a_round_needs_is_not_suspended(reporters, opens_in, closes_in):
    a_round(reporters, opens_in=opens_in, closes_in=closes_in)

    a_night_passes()

    assert suspended() == ["elsewhere", "leader"]


@pytest.mark.parametrize(("opens_in", "closes_in"), [(-300, -1), (15, 40)])
def test_a_round_that_is_over_or_far_off_spares_nobody(reporters, opens_in, closes_in):
    a_round(reporters, opens_in=opens_in, closes_in=closes_in)

    a_night_passes()

    assert suspended() == ["elsewhere", "leader", "official", "reviewer", "signer"]


def test_a_department_with_more_time_keeps_its_people(reporters):
    over = a_round(reporters, opens_in=-300, closes_in=-1)
    over.exceptions.create(
        department=reporters.departments.get(), until=timezone.now() + DAY, reason="系统故障",
        granted_by=over.created_by,
    )  # fmt: skip

    a_night_passes()

    assert "official" not in suspended()


def test_they_come_back_the_night_a_round_comes_near(reporters):
    a_night_passes()
    a_round(reporters, opens_in=14, closes_in=40)

    a_night_passes()

    assert suspended() == ["elsewhere", "leader"]
    assert sign_in("official").status_code == 302
    entry = Entry.objects.get(action="bring_back_account", object="user:official")
    assert (entry.actor, entry.reason) == ("schedule", "round")


@pytest.mark.parametrize(("opens_in", "still"), [(0, []), (15, ["official", "signer"])])
def test_opening_a_round_brings_them_back_at_once(reporters, opens_in, still):
    a_night_passes()
    reviewer = make_reviewer("second", reporters)
    now = timezone.now()

    open_round(
        area=reporters, name="2026年填报", years=[2025], opens_at=now + opens_in * DAY,
        due_at=now + 30 * DAY, closes_at=now + 30 * DAY, by=reviewer,
    )  # fmt: skip

    assert [name for name in suspended() if name in {"official", "signer"}] == still
    back = Entry.objects.filter(action="bring_back_account").order_by("object")
    assert [(each.object, each.actor, each.reason) for each in back] == (
        [] if still else [
            (f"user:{name}", "second", "round:460000:2026年填报")
            for name in ("official", "reviewer", "signer")
        ]
    )  # fmt: skip


def test_who_came_back_for_a_round_is_not_suspended_the_night_it_closes(reporters):
    a_night_passes()
    near = a_round(reporters, opens_in=0, closes_in=40)
    a_night_passes()
    near.delete()

    a_night_passes()

    assert "official" not in suspended()


# Administrators


def test_the_last_holder_of_each_administrator_s_post_stays():
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        seen(make_holder(role, f"{role}.old".replace("_", "")), days=300)
        seen(make_holder(role, f"{role}.last".replace("_", "")), days=200)

    a_night_passes()

    assert suspended() == ["auditadmin.old", "securityadmin.old", "systemadmin.old"]


def test_an_administrator_with_a_colleague_in_use_is_suspended():
    seen(make_holder(Role.SYSTEM_ADMIN, "old"), days=300)
    seen(make_holder(Role.SYSTEM_ADMIN, "busy"), days=1)

    a_night_passes()

    assert suspended() == ["old"]


def test_a_disabled_colleague_does_not_count():
    seen(make_holder(Role.AUDIT_ADMIN, "last"), days=300)
    gone = seen(make_holder(Role.AUDIT_ADMIN, "gone"), days=1)
    User.objects.filter(pk=gone.pk).update(is_active=False)

    a_night_passes()

    assert suspended() == []


@pytest.fixture
def administrator(client, system_admin):
    client.force_login(system_admin)
    return client


@pytest.fixture
def wang():
    wang = unused("wang", full_name="王五")
    a_night_passes()
    wang.refresh_from_db()
    return wang


def bring_back(client, user, reason="本人申请，已核实"):
    return client.post(f"{PEOPLE}{user.pk}/bring-back/", {"reason": reason}, follow=True)


def test_the_administrator_finds_them_in_the_list(administrator, wang):
    make_user("li")

    listed = administrator.get(f"{PEOPLE}?suspended=1")
    page = administrator.get(f"{PEOPLE}{wang.pk}/").content.decode()

    assert [each.username for each in listed.context["page"]] == ["wang"]
    assert '<span class="tag">Suspended</span>' in listed.content.decode()
    assert f"Suspended since {timezone.localdate()}" in page
    assert "Disable the account" in page


def test_the_administrator_brings_one_back_with_a_reason(administrator, wang):
    response = bring_back(administrator, wang)

    assert "Brought back: 王五." in response.content.decode()
    assert sign_in().status_code == 302
    entry = Entry.objects.get(action="bring_back_account")
    assert (entry.actor, entry.role, entry.object, entry.reason) == (
        "sysadmin", "system_admin", "user:wang", "本人申请，已核实"
    )  # fmt: skip
    a_night_passes()
    assert suspended() == []


def test_without_a_reason_it_stays_suspended(administrator, wang):
    assert bring_back(administrator, wang, " ").status_code == 422
    assert suspended() == ["wang"]


def test_what_is_not_suspended_is_not_brought_back(administrator, wang):
    disable_account(user=wang, by=User.objects.get(username="sysadmin"))

    assert bring_back(administrator, wang).status_code == 409
    wang.refresh_from_db()
    assert (wang.is_active, wang.is_suspended) == (False, False)


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.REVIEWER])
def test_nobody_else_brings_one_back(client, wang, role):
    client.force_login(make_holder(role))

    assert bring_back(client, wang).status_code == 403


def test_who_comes_back_with_a_password_too_old_changes_it_first(administrator, wang):
    User.objects.filter(pk=wang.pk).update(password_changed_at=timezone.now() - 91 * DAY)
    bring_back(administrator, wang)

    client = Client()
    client.post(LOGIN, {"username": "wang", "password": RIGHT})

    assert client.get("/entry/").url == "/accounts/password/"


def test_a_new_one_time_password_opens_it_too(administrator, wang):
    response = administrator.post(f"{PEOPLE}{wang.pk}/enable/")

    wang.refresh_from_db()
    assert response.status_code == 200
    assert (wang.is_active, wang.is_suspended, wang.must_change_password) == (True, False, True)
    a_night_passes()
    assert suspended() == []
