"""One-time passwords for accounts with posts: two administrators, and never the person."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from targets_site.accounts.access import NotAllowed
from targets_site.accounts.actions.accounts import disable_account, enable_account, reset_password
from targets_site.accounts.actions.posts import AlreadyDecided
from targets_site.accounts.actions.resets import (
    AlreadyAsked,
    NotConfirmed,
    ask_reset,
    confirm_reset,
    issue_confirmed,
    refuse_reset,
)
from targets_site.accounts.models import PasswordReset, Post, Role, User
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.factories import make_post, make_user

OLD, LATER = "Passw0rd-2026", date(2098, 1, 1)
WAITING_POSTS = [
    pytest.param({}, id="held"),
    pytest.param({"from_date": LATER}, id="planned"),
    pytest.param({"granted_at": None}, id="asked-for"),
    pytest.param({"granted_at": None, "from_date": LATER}, id="asked-for-later"),
]
POSTS_OF_NO_ACCOUNT = [
    pytest.param({"to_date": date(2020, 1, 1)}, id="over"),
    pytest.param({"from_date": LATER, "to_date": date(2097, 1, 1), "ended_at": "2026-01-01T00:00Z"},
                 id="ended-before-it-began"),
    pytest.param({"granted_at": None, "refused_at": "2026-01-01T00:00Z", "refused_reason": "无"},
                 id="refused"),
]  # fmt: skip


@pytest.fixture
def audit_admin(db):
    return make_holder(Role.AUDIT_ADMIN, "auditadmin")


@pytest.fixture
def reviewer(db):
    return make_holder(Role.REVIEWER, "zhang")


@pytest.fixture
def confirmed(system_admin, security_admin, reviewer):
    return confirm_reset(reset=asked(reviewer, system_admin), by=security_admin)


def asked(user, by):
    return ask_reset(user=user, reason="忘记密码", by=by)


def trail():
    return [
        (each.action, each.object, each.actor, each.role, each.reason)
        for each in Entry.objects.order_by("pk")
    ]


def days_pass(reset, days):
    PasswordReset.objects.filter(pk=reset.pk).update(
        decided_at=timezone.now() - timedelta(days=days)
    )


def is_as_before(user):
    user.refresh_from_db()
    return (user.check_password(OLD), user.must_change_password) == (True, False)


# One administrator alone


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SECURITY_ADMIN, Role.LEADER])
@pytest.mark.parametrize("fields", WAITING_POSTS)
def test_nobody_alone_resets_the_password_of_who_has_a_post(system_admin, role, fields):
    zhang, li = make_user("zhang"), make_user("li", is_active=False)
    for user in (zhang, li):
        make_post(user, role, **fields)

    with pytest.raises(NotAllowed):
        reset_password(user=zhang, by=system_admin)
    with pytest.raises(NotAllowed):
        enable_account(user=li, by=system_admin)

    assert is_as_before(zhang)
    assert is_as_before(li)
    assert not li.is_active
    assert trail() == []


@pytest.mark.parametrize("fields", POSTS_OF_NO_ACCOUNT)
def test_one_administrator_is_enough_where_no_post_counts_or_will(system_admin, fields):
    zhang, li = make_user("zhang"), make_user("li", is_active=False)
    for user in (zhang, li):
        make_post(user, Role.SECURITY_ADMIN, **fields)

    again = reset_password(user=zhang, by=system_admin)
    opened = enable_account(user=li, by=system_admin)

    assert again.user.check_password(again.password)
    assert opened.user.check_password(opened.password)


# Two


def test_what_is_asked_for_changes_nothing_before_it_is_confirmed(system_admin, reviewer):
    reset = asked(reviewer, system_admin)

    with pytest.raises(NotConfirmed):
        issue_confirmed(user=reviewer, by=system_admin)

    assert (reset.action, reset.state) == ("reset_password", "requested")
    assert is_as_before(reviewer)
    assert trail() == [("ask_reset_password", "user:zhang", "sysadmin", "system_admin", "忘记密码")]


def test_a_confirmed_one_is_made_once_for_who_asked(system_admin, security_admin, reviewer, client):
    client.force_login(reviewer)
    confirm_reset(reset=asked(reviewer, system_admin), by=security_admin)
    before = is_as_before(reviewer)

    issued = issue_confirmed(user=reviewer, by=system_admin)
    with pytest.raises(NotConfirmed):
        issue_confirmed(user=reviewer, by=system_admin)

    reviewer.refresh_from_db()
    assert before
    assert (reviewer.check_password(issued.password), reviewer.must_change_password) == (True, True)
    assert "/accounts/login/" in client.get("/entry/").url
    assert trail()[1:] == [
        ("ask_reset_password", "user:zhang", "sysadmin", "system_admin", "忘记密码"),
        ("confirm_reset_password", "user:zhang", "secadmin", "security_admin", ""),
        ("reset_password", "user:zhang", "sysadmin", "system_admin", ""),
        ("end_session", "session:zhang", "sysadmin", "system_admin", "reset_password"),
    ]
    made = Entry.objects.get(action="reset_password")
    assert made.after == {"confirmed_by": "secadmin"}
    stored = repr([list(model.objects.values()) for model in (User, PasswordReset, Entry)])
    assert issued.password not in stored


def test_a_disabled_account_is_opened_by_two(system_admin, security_admin, reviewer):
    disable_account(user=reviewer, by=system_admin)
    confirm_reset(reset=asked(reviewer, system_admin), by=security_admin)
    reviewer.refresh_from_db()
    still_closed = not reviewer.is_active

    issued = issue_confirmed(user=reviewer, by=system_admin)

    reviewer.refresh_from_db()
    assert (still_closed, reviewer.is_active) == (True, True)
    assert reviewer.check_password(issued.password)
    assert [each[0] for each in trail()] == [
        "disable_account", "ask_enable_account", "confirm_enable_account", "enable_account"
    ]  # fmt: skip


def test_refused_with_a_reason(system_admin, security_admin, reviewer):
    reset = asked(reviewer, system_admin)

    with pytest.raises(ValidationError):
        refuse_reset(reset=reset, reason=" ", by=security_admin)
    refuse_reset(reset=reset, reason="本人未申请", by=security_admin)

    with pytest.raises(NotConfirmed):
        issue_confirmed(user=reviewer, by=system_admin)
    with pytest.raises(AlreadyDecided):
        confirm_reset(reset=reset, by=security_admin)
    assert is_as_before(reviewer)
    assert trail()[1:] == [
        ("refuse_reset_password", "user:zhang", "secadmin", "security_admin", "本人未申请")
    ]


def test_asking_needs_a_reason_and_is_done_once(system_admin, reviewer):
    with pytest.raises(ValidationError):
        ask_reset(user=reviewer, reason=" ", by=system_admin)
    asked(reviewer, system_admin)

    with pytest.raises(AlreadyAsked):
        asked(reviewer, make_holder(Role.SYSTEM_ADMIN, "other"))

    assert PasswordReset.objects.count() == 1


# Who may not


@pytest.mark.parametrize("role", [each for each in Role if each != Role.SYSTEM_ADMIN])
def test_only_the_system_administrator_asks_and_takes(confirmed, reviewer, role):
    by = make_holder(role, "by")

    with pytest.raises(NotAllowed):
        asked(make_holder(Role.LEADER, "leader"), by)
    with pytest.raises(NotAllowed):
        issue_confirmed(user=reviewer, by=by)

    assert is_as_before(reviewer)


def test_only_who_asked_gets_it(confirmed, reviewer):
    with pytest.raises(NotConfirmed):
        issue_confirmed(user=reviewer, by=make_holder(Role.SYSTEM_ADMIN, "other"))

    assert is_as_before(reviewer)


@pytest.mark.parametrize("decide", [confirm_reset, refuse_reset])
@pytest.mark.parametrize("role", [each for each in Role if each != Role.SECURITY_ADMIN])
def test_only_the_security_administrator_decides(system_admin, reviewer, role, decide):
    reset, more = asked(reviewer, system_admin), {"reason": "x"} if decide is refuse_reset else {}

    with pytest.raises(NotAllowed):
        decide(reset=reset, by=make_holder(role, "by"), **more)

    reset.refresh_from_db()
    assert reset.state == "requested"


@pytest.mark.parametrize("fields", WAITING_POSTS)
def test_for_a_security_administrator_the_audit_administrator_decides(
    system_admin, security_admin, audit_admin, fields
):
    """Also for one who is not yet: two of them do not let each other in."""
    guard = make_user("guard")
    make_post(guard, Role.SECURITY_ADMIN, **fields)
    reset = asked(guard, system_admin)

    with pytest.raises(NotAllowed):
        confirm_reset(reset=reset, by=security_admin)
    confirm_reset(reset=reset, by=audit_admin)
    issue_confirmed(user=guard, by=system_admin)

    assert trail()[1][2:4] == ("auditadmin", "audit_admin")


def test_nobody_decides_on_his_own_account_or_on_what_he_asked_for(
    system_admin, security_admin, audit_admin
):
    """Posts change: whoever asked may hold another one by the time it is decided."""
    own = asked(audit_admin, system_admin)
    theirs = asked(make_holder(Role.REVIEWER, "zhang"), system_admin)
    Post.objects.filter(user=audit_admin).update(role=Role.SECURITY_ADMIN)
    Post.objects.filter(user=system_admin).update(role=Role.SECURITY_ADMIN)

    for reset, by in ((own, audit_admin), (theirs, system_admin)):
        with pytest.raises(NotAllowed):
            confirm_reset(reset=reset, by=by)
        with pytest.raises(NotAllowed):
            refuse_reset(reset=reset, reason="x", by=by)


def test_nobody_asks_for_himself(system_admin):
    with pytest.raises(NotAllowed):
        asked(system_admin, system_admin)


# What ends it


@pytest.mark.parametrize(("days", "is_made"), [(2.99, True), (3.01, False)])
def test_a_confirmation_counts_for_three_days(confirmed, system_admin, reviewer, days, is_made):
    days_pass(confirmed, days)

    if is_made:
        assert issue_confirmed(user=reviewer, by=system_admin).user == reviewer
        return
    with pytest.raises(NotConfirmed):
        issue_confirmed(user=reviewer, by=system_admin)
    assert asked(reviewer, system_admin).state == "requested"


def test_what_was_asked_for_lapses_when_the_account_is_disabled(
    confirmed, system_admin, security_admin, reviewer
):
    waiting = asked(make_holder(Role.LEADER, "leader"), system_admin)

    disable_account(user=reviewer, by=system_admin)
    disable_account(user=waiting.user, by=system_admin)

    with pytest.raises(NotConfirmed):
        issue_confirmed(user=reviewer, by=system_admin)
    with pytest.raises(AlreadyDecided):
        confirm_reset(reset=waiting, by=security_admin)
    reviewer.refresh_from_db()
    assert not reviewer.is_active


def test_who_confirmed_must_still_be_the_one_who_would(confirmed, system_admin, reviewer):
    """The account becomes a security administrator's after the security administrator confirmed."""
    make_post(reviewer, Role.SECURITY_ADMIN, granted_at=None)

    with pytest.raises(NotConfirmed):
        issue_confirmed(user=reviewer, by=system_admin)

    assert is_as_before(reviewer)


def test_asking_anew_takes_the_place_of_a_confirmed_one(confirmed, system_admin, reviewer):
    other = make_holder(Role.SYSTEM_ADMIN, "other")
    asked(reviewer, other)

    for by in (system_admin, other):
        with pytest.raises(NotConfirmed):
            issue_confirmed(user=reviewer, by=by)


@pytest.mark.parametrize(("days", "opens"), [(2.99, True), (3.01, False)])
def test_the_one_time_password_opens_the_account_for_three_days(
    confirmed, system_admin, reviewer, client, days, opens
):
    issued = issue_confirmed(user=reviewer, by=system_admin)
    left = timezone.now() + timedelta(days=3) - timedelta(days=days)
    made = User.objects.get(pk=reviewer.pk).one_time_until
    User.objects.filter(pk=reviewer.pk).update(one_time_until=made - timedelta(days=days))

    response = client.post("/accounts/login/", {"username": "zhang", "password": issued.password})

    assert abs(made - timedelta(days=days) - left) < timedelta(minutes=1)
    assert response.status_code == (302 if opens else 200)
    assert ("_auth_user_id" in client.session) == opens
    assert trail()[-1][:2] == ("login" if opens else "login_failed", "user:zhang")


def test_a_password_of_ones_own_does_not_end(confirmed, system_admin, reviewer):
    issued, client = issue_confirmed(user=reviewer, by=system_admin), Client()
    client.post("/accounts/login/", {"username": "zhang", "password": issued.password})
    own = {"new_password1": "Hainan-2026", "new_password2": "Hainan-2026"}
    client.post("/accounts/password/", own)
    User.objects.filter(pk=reviewer.pk).update(one_time_until=timezone.now())

    assert Client().login(username="zhang", password="Hainan-2026")
    login = {"username": "zhang", "password": "Hainan-2026"}
    assert Client().post("/accounts/login/", login).status_code == 302


# The database


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda r: {"state": "made"}, id="unknown-state"),
        pytest.param(lambda r: {"action": "delete"}, id="unknown-action"),
        pytest.param(lambda r: {"reason": ""}, id="no-reason"),
        pytest.param(lambda r: {"requested_by": r.user}, id="asked-by-himself"),
        pytest.param(lambda r: {"decided_by": r.requested_by}, id="decided-by-who-asked"),
        pytest.param(lambda r: {"decided_by": r.user}, id="decided-by-himself"),
        pytest.param(lambda r: {"decided_by": None}, id="decided-by-nobody"),
        pytest.param(lambda r: {"decided_at": None}, id="decided-never"),
        pytest.param(lambda r: {"state": "issued", "decided_by": None}, id="made-unconfirmed"),
        pytest.param(lambda r: {"state": "requested"}, id="decided-but-waiting"),
        pytest.param(lambda r: {"state": "refused"}, id="refused-without-reason"),
    ],
)
def test_the_database_refuses(confirmed, wrong):
    rows = PasswordReset.objects.filter(pk=confirmed.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**wrong(confirmed))


def test_the_database_keeps_one_open_for_each_account(confirmed, system_admin):
    again = {"user": confirmed.user, "action": "reset_password", "reason": "x"}

    with pytest.raises(IntegrityError), transaction.atomic():
        PasswordReset.objects.create(requested_by=system_admin, **again)
