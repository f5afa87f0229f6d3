"""A lost phone: two administrators take the second factor off, and nothing else does."""

import pytest
from django.db import IntegrityError, transaction

from targets_site.accounts.access import NotAllowed
from targets_site.accounts.actions.accounts import disable_account
from targets_site.accounts.actions.resets import (
    AlreadyAsked,
    NotConfirmed,
    ask_reset,
    ask_second_factor_reset,
    confirm_reset,
    issue_confirmed,
    refuse_reset,
)
from targets_site.accounts.models import (
    AccessToken,
    Authenticator,
    PasswordReset,
    RecoveryCode,
    Role,
    Session,
)
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.accounts.second_factor_steps import (
    CODE,
    LOGIN,
    PAGE,
    give_password,
    in_english,
    is_signed_in,
    set_up,
)
from tests.factories import make_user

REASON = "手机遗失"


@pytest.fixture
def reviewer(db):
    return make_holder(Role.REVIEWER, "zhang")


@pytest.fixture
def app(reviewer):
    held = set_up(give_password(reviewer))
    held.client.post("/accounts/tokens/", {"name": "report"})
    reviewer.refresh_from_db()
    return held


def asked(user, by):
    return ask_second_factor_reset(user=user, reason=REASON, by=by)


def trail():
    return [
        (each.action, each.object, each.actor, each.role, each.reason)
        for each in Entry.objects.exclude(action__in=["login", "make_token"]).order_by("pk")
    ]


def still_has_it(user):
    user.refresh_from_db()
    rows = (Authenticator.objects.filter(user=user).count(), RecoveryCode.objects.count())
    return user.second_factor_since is not None and rows == (1, 10)


def test_two_administrators_take_it_off(app, reviewer, system_admin, security_admin):
    reset = asked(reviewer, system_admin)
    before = still_has_it(reviewer)

    reset = confirm_reset(reset=reset, by=security_admin)

    reviewer.refresh_from_db()
    assert before
    assert reviewer.second_factor_since is None
    assert (Authenticator.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    assert AccessToken.objects.count() == 0
    assert app.client.get("/entry/").url.startswith(LOGIN)
    assert reset.state_word == "已办结"
    about = "user:zhang"
    assert trail()[1:-2] == [
        ("ask_reset_second_factor", about, "sysadmin", "system_admin", REASON),
        ("confirm_reset_second_factor", about, "secadmin", "security_admin", ""),
        ("reset_second_factor", about, "secadmin", "security_admin", ""),
    ]
    assert Session.objects.of_user(reviewer).count() == 0
    assert trail()[-2][0] == "end_token"
    assert trail()[-1] == (
        "end_session", "session:zhang", "secadmin", "security_admin", "reset_second_factor"
    )  # fmt: skip
    assert Entry.objects.get(action="reset_second_factor").after == {"asked_by": "sysadmin"}


def test_the_person_sets_up_a_new_one_at_the_next_login(
    app, reviewer, system_admin, security_admin, settings
):
    settings.SECOND_FACTOR_ROLES = ["reviewer"]
    confirm_reset(reset=asked(reviewer, system_admin), by=security_admin)

    client = give_password(reviewer)
    first = client.get("/review/").url
    held = set_up(client)

    assert first == PAGE
    assert held.key != app.key
    assert client.get("/review/").status_code == 200


def test_no_confirmation_no_reset(app, reviewer, system_admin, security_admin):
    reset = asked(reviewer, system_admin)

    refuse_reset(reset=reset, reason="本人未申请", by=security_admin)

    assert still_has_it(reviewer)
    assert trail()[-1][0] == "refuse_reset_second_factor"


def test_it_is_no_one_time_password(app, reviewer, system_admin, security_admin):
    confirm_reset(reset=asked(reviewer, system_admin), by=security_admin)

    with pytest.raises(NotConfirmed):
        issue_confirmed(user=reviewer, by=system_admin)

    assert reviewer.check_password("Passw0rd-2026")


def test_also_for_who_has_no_post(system_admin, security_admin):
    """A password alone would be reset by one administrator; this never."""
    wang = make_user("wang")
    set_up(give_password(wang))
    wang.refresh_from_db()

    with pytest.raises(NotAllowed):
        confirm_reset(reset=asked(wang, system_admin), by=system_admin)
    confirm_reset(reset=PasswordReset.objects.get(), by=security_admin)

    assert not Authenticator.objects.exists()


def test_a_security_administrators_own_is_confirmed_by_the_audit_administrator(
    system_admin, security_admin
):
    guard, audit = make_holder(Role.SECURITY_ADMIN, "guard"), make_holder(Role.AUDIT_ADMIN, "audit")
    set_up(give_password(guard))
    reset = asked(guard, system_admin)

    with pytest.raises(NotAllowed):
        confirm_reset(reset=reset, by=security_admin)
    confirm_reset(reset=reset, by=audit)

    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("role", [each for each in Role if each != Role.SYSTEM_ADMIN])
def test_only_the_system_administrator_asks(app, reviewer, role):
    with pytest.raises(NotAllowed):
        asked(reviewer, make_holder(role, "by"))


def test_nobody_asks_for_himself_or_where_there_is_none(system_admin, reviewer):
    set_up(give_password(system_admin))

    with pytest.raises(NotAllowed):
        asked(system_admin, system_admin)
    with pytest.raises(NotAllowed):
        asked(reviewer, system_admin)


def test_one_thing_waits_at_a_time(app, reviewer, system_admin):
    asked(reviewer, system_admin)

    with pytest.raises(AlreadyAsked):
        ask_reset(user=reviewer, reason="忘记密码", by=system_admin)


# What does not take it off


def test_a_password_reset_keeps_the_factor(app, reviewer, system_admin, security_admin):
    confirm_reset(reset=ask_reset(user=reviewer, reason="x", by=system_admin), by=security_admin)
    issued = issue_confirmed(user=reviewer, by=system_admin)

    client = give_password(reviewer, password=issued.password)

    assert still_has_it(reviewer)
    assert not is_signed_in(client)
    assert client.get("/accounts/password/").url.startswith(LOGIN)
    client.post(f"{CODE}?recovery", {"code": app.codes[0]})
    assert client.get("/entry/").url == "/accounts/password/"


def test_a_one_time_password_is_spent_by_the_whole_login_only(
    app, reviewer, system_admin, security_admin
):
    confirm_reset(reset=ask_reset(user=reviewer, reason="x", by=system_admin), by=security_admin)
    issued = issue_confirmed(user=reviewer, by=system_admin)
    first = give_password(reviewer, password=issued.password)
    second = give_password(reviewer, password=issued.password)

    second.post(f"{CODE}?recovery", {"code": app.codes[0]})
    late = first.post(f"{CODE}?recovery", {"code": app.codes[1]})

    assert is_signed_in(second)
    assert (late.url, is_signed_in(first)) == (LOGIN, False)


def test_disabling_and_opening_an_account_keeps_the_factor(
    app, reviewer, system_admin, security_admin
):
    disable_account(user=reviewer, by=system_admin)
    confirm_reset(reset=ask_reset(user=reviewer, reason="x", by=system_admin), by=security_admin)
    issued = issue_confirmed(user=reviewer, by=system_admin)

    assert still_has_it(reviewer)
    assert not is_signed_in(give_password(reviewer, password=issued.password))


def test_what_waits_lapses_when_the_account_is_disabled(
    app, reviewer, system_admin, security_admin
):
    reset = asked(reviewer, system_admin)

    disable_account(user=reviewer, by=system_admin)

    reset.refresh_from_db()
    assert reset.state == "lapsed"
    assert Authenticator.objects.count() == 1


# Pages


def test_asked_for_and_confirmed_on_pages(app, reviewer, system_admin, security_admin):
    by_system, by_security = in_english(), in_english()
    by_system.force_login(system_admin)
    by_security.force_login(security_admin)
    account = f"/accounts/people/{reviewer.pk}/"
    ask = f"{account}second-factor/reset/ask/"

    empty = by_system.post(ask, {"reason": " "})
    done = by_system.post(ask, {"reason": REASON}, follow=True)
    twice = by_system.post(ask, {"reason": REASON})
    waits = by_security.get("/accounts/resets/").text
    reset = PasswordReset.objects.get()
    decided = by_security.post(
        f"/accounts/resets/{reset.pk}/decide/", {"decision": "confirm"}, follow=True
    )

    assert empty.status_code == 422
    assert empty.text.count("“Reason” is missing: say why.") == 1
    assert "Asked for; another administrator confirms it." in done.text
    assert "Something waits for another administrator already" in done.text
    assert twice.status_code == 409
    assert "Take the second factor off" in waits
    assert REASON in waits
    assert "Done: the second factor of zhang is off." in decided.text
    after = by_system.get(account).text
    assert "second-factor/reset/ask" not in after
    assert "Done" in after


@pytest.mark.parametrize("role", [each for each in Role if each != Role.SYSTEM_ADMIN])
def test_the_address_is_the_system_administrators(app, reviewer, client, role):
    client.force_login(make_holder(role, "by"))

    response = client.post(
        f"/accounts/people/{reviewer.pk}/second-factor/reset/ask/", {"reason": REASON}
    )

    assert response.status_code == 403
    assert not PasswordReset.objects.exists()


# The database


@pytest.mark.django_db
def test_the_database_refuses_what_no_action_is(system_admin, reviewer):
    wrong = {"user": reviewer, "action": "reset_everything", "reason": "x"}

    with pytest.raises(IntegrityError), transaction.atomic():
        PasswordReset.objects.create(requested_by=system_admin, **wrong)
