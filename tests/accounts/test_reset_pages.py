"""The pages on which one administrator asks for a one-time password and another confirms it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from targets_site.accounts.actions.resets import ask_reset, confirm_reset
from targets_site.accounts.models import PasswordReset, Role
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.factories import make_user

PEOPLE, POSTS, RESETS = "/accounts/people/", "/accounts/posts/", "/accounts/resets/"
OLD = "Passw0rd-2026"


@pytest.fixture
def zhang(db):
    return make_holder(Role.REVIEWER, "zhang")


@pytest.fixture
def system(system_admin):
    return browser_of(system_admin)


@pytest.fixture
def security(security_admin):
    return browser_of(security_admin)


def browser_of(user):
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def address(name, user):
    return reverse(f"accounts:{name}", args=[user.pk])


def ask(client, user, reason="忘记密码"):
    return client.post(address("ask_reset", user), {"reason": reason}, follow=True)


def decide(client, user, decision="confirm", **more):
    reset = PasswordReset.objects.of_user(user).latest("pk")
    typed = {"decision": decision, **more}
    return client.post(reverse("accounts:decide_reset", args=[reset.pk]), typed, follow=True)


def issue(client, user):
    return client.post(address("issue_reset", user))


def page(response):
    return response.content.decode()


def test_two_administrators_give_a_new_password(system, security, zhang):
    before = page(system.get(address("account", zhang)))
    asked = ask(system, zhang)
    waiting = page(security.get(RESETS))
    confirmed = decide(security, zhang)
    ready = page(system.get(address("account", zhang)))
    [row] = issue(system, zhang).context["rows"]

    zhang.refresh_from_db()
    assert address("ask_reset", zhang) in before
    assert "Asked for; another administrator confirms it." in page(asked)
    assert address("issue_reset", zhang) not in page(asked)
    for text in ("zhang", "Reviewer", "忘记密码", "sysadmin", "New one-time password"):
        assert text in waiting
    assert confirmed.redirect_chain == [(RESETS, 302)]
    assert "Confirmed: a one-time password for zhang." in page(confirmed)
    assert "No reset waits to be confirmed." in page(confirmed)
    assert address("issue_reset", zhang) in ready
    assert "confirmed by secadmin" in ready
    assert zhang.check_password(row.password)


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.REVIEWER])
def test_the_system_administrator_alone_gets_into_no_account_with_a_post(system, role):
    target = make_holder(role, "target")

    alone = [system.post(address("reset_password", target)).status_code]
    ask(system, target)
    alone += [decide(system, target).status_code, issue(system, target).status_code]
    system.post(address("disable_account", target))
    alone += [system.post(address("enable_account", target)).status_code]
    ask(system, target)
    alone += [decide(system, target).status_code, issue(system, target).status_code]

    target.refresh_from_db()
    assert alone == [403, 403, 409, 403, 403, 409]
    assert (target.is_active, target.has_usable_password()) == (False, False)
    own_page = page(system.get(address("account", target)))
    assert address("reset_password", target) + '"' not in own_page
    assert address("enable_account", target) not in own_page


def test_a_security_administrators_waits_for_the_audit_administrator(
    system, security, security_admin
):
    audit = browser_of(make_holder(Role.AUDIT_ADMIN, "auditadmin"))
    ask(system, security_admin)

    seen = [len(client.get(RESETS).context["rows"]) for client in (audit, security)]
    by_security = decide(security, security_admin).status_code
    by_audit = decide(audit, security_admin).status_code
    [row] = issue(system, security_admin).context["rows"]

    security_admin.refresh_from_db()
    assert (by_security, by_audit) == (403, 200)
    assert seen == [1, 0]
    assert security_admin.check_password(row.password)


def test_refusing_needs_a_reason_which_who_asked_reads(system, security, zhang):
    ask(system, zhang)

    without = decide(security, zhang, "refuse", reason="\u200b")
    neither = decide(security, zhang, "delete")
    refused = decide(security, zhang, "refuse", reason="本人未申请")
    again = decide(security, zhang)

    assert [each.status_code for each in (without, neither, refused, again)] == [422, 422, 200, 409]
    assert "“Reason” is missing: say why." in page(without)
    assert "Refused: a one-time password for zhang." in page(refused)
    assert "it does not wait any more" in page(again)
    assert "本人未申请" in page(system.get(address("account", zhang)))
    assert issue(system, zhang).status_code == 409
    zhang.refresh_from_db()
    assert zhang.check_password(OLD)


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "“Reason” is missing: say why."),
        ("\u200b\u202e", "“Reason” is missing: say why."),
        ("a\x07b", "contains control characters"),
        ("长" * 501, "is too long"),
    ],
)
def test_asking_says_what_is_wrong_with_the_reason(system, zhang, reason, message):
    response = ask(system, zhang, reason)

    assert response.status_code == 422
    assert message in page(response)
    assert not PasswordReset.objects.exists()


def test_asking_twice_says_so(system, zhang):
    ask(system, zhang)

    again = ask(system, zhang)

    assert again.status_code == 409
    assert "it has been asked for already" in page(again)
    assert Entry.objects.filter(action="ask_reset_password").count() == 1


def test_what_was_confirmed_too_long_ago_is_asked_for_anew(system, security, zhang):
    ask(system, zhang)
    decide(security, zhang)
    long_ago = timezone.now() - timedelta(days=4)
    PasswordReset.objects.update(decided_at=long_ago)

    late = issue(system, zhang)

    assert late.status_code == 409
    assert "no confirmed one-time password waits here" in page(late)
    assert "Lapsed" in page(late)
    assert ask(system, zhang).status_code == 200


def test_lists_show_how_far_it_is(system, security, zhang):
    tags = ["Reset asked for", "Reset confirmed"]
    ask(system, zhang)
    asked = [tag in page(system.get(PEOPLE)) for tag in tags]
    waits = page(security.get(POSTS))
    decide(security, zhang)
    confirmed = [tag in page(system.get(PEOPLE)) for tag in tags]

    assert (asked, confirmed) == ([True, False], [False, True])
    assert "1 reset waits to be confirmed" in waits
    assert RESETS in waits
    assert "waits to be confirmed" not in page(security.get(POSTS))


def test_nobody_asks_for_himself(system, system_admin):
    assert ask(system, system_admin).status_code == 403
    assert address("ask_reset", system_admin) not in page(
        system.get(address("account", system_admin))
    )


def test_what_does_not_exist_is_not_found(system, security):
    for client, there in (
        (system, "/accounts/people/999/reset/ask/"),
        (system, "/accounts/people/999/reset/issue/"),
        (security, "/accounts/resets/999/decide/"),
        (security, f"/accounts/resets/{10**30}/decide/"),
        (security, f"/accounts/resets/{'9' * 5000}/decide/"),
    ):
        assert client.post(there).status_code == 404


@pytest.mark.parametrize("number", [1, 5])
def test_page_costs_the_same_for_one_and_five(
    security, system_admin, number, django_assert_num_queries
):
    for each in range(number):
        ask_reset(user=make_holder(Role.LEADER, f"leader{each}"), reason="x", by=system_admin)

    with django_assert_num_queries(8):
        assert len(security.get(RESETS).context["rows"]) == number


def test_account_page_without_posts_keeps_the_one_step(system, security_admin, system_admin):
    wang = make_user("wang")

    before = page(system.get(address("account", wang)))
    confirm_reset(reset=ask_reset(user=wang, reason="x", by=system_admin), by=security_admin)
    at_once = system.post(address("reset_password", wang))
    then = issue(system, wang)

    assert address("reset_password", wang) in before
    assert address("ask_reset", wang) not in before
    assert (at_once.status_code, then.status_code) == (200, 409)
