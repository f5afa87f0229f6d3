"""Every page of accounts and posts against every post, and who nobody can become."""

from contextlib import suppress
from datetime import date
from unittest.mock import Mock

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from targets_site.accounts.models import PasswordReset, Post, ResetAction, Role, User
from targets_site.accounts.urls import urlpatterns
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.factories import make_post, make_user

SYSTEM, SECURITY, ANYBODY = {"system_admin"}, {"security_admin"}, set(Role.values)
CONFIRMING = {"security_admin", "audit_admin"}
# Each address: its method, and for whom it is.
PAGES = {
    "login": ("get", ANYBODY),
    "logout": ("post", ANYBODY),
    "password": ("get", ANYBODY),
    "second_step": ("get", ANYBODY),
    "second_factor": ("get", ANYBODY),
    "recovery_codes": ("post", ANYBODY),
    "end_second_factor": ("post", ANYBODY),
    "own_email": ("get", ANYBODY),
    "tokens": ("get", ANYBODY),
    "end_token": ("post", ANYBODY),
    "own_sessions": ("get", ANYBODY),
    "confirm_identity": ("post", ANYBODY),
    "end_own_session": ("post", ANYBODY),
    "sessions": ("get", SYSTEM),
    "end_session": ("post", SYSTEM),
    "end_sessions": ("post", SYSTEM),
    "people": ("get", SYSTEM),
    "new_account": ("post", SYSTEM),
    "account_sheet": ("post", SYSTEM),
    "confirm_sheet": ("post", SYSTEM),
    "sheet_template": ("get", SYSTEM),
    "passwords_csv": ("post", SYSTEM),
    "passwords_xlsx": ("post", SYSTEM),
    "account": ("get", SYSTEM),
    "set_email": ("post", SYSTEM),
    "disable_account": ("post", SYSTEM),
    "enable_account": ("post", SYSTEM),
    "reset_password": ("post", SYSTEM),
    "ask_reset": ("post", SYSTEM),
    "issue_reset": ("post", SYSTEM),
    "ask_second_factor_reset": ("post", SYSTEM),
    "unlock_account": ("post", SYSTEM),
    "bring_back_account": ("post", SYSTEM),
    "resets": ("get", CONFIRMING),
    "decide_reset": ("post", CONFIRMING),
    "posts": ("get", SECURITY),
    "decide_requests": ("post", SECURITY),
    "end_post": ("post", SECURITY),
    "posts_of_person": ("get", SECURITY),
    "grant_post": ("post", SECURITY),
}
PROTECTED = [name for name, (_method, roles) in PAGES.items() if roles != ANYBODY]
# Only for accounts without posts: those of all others are opened by two.
FOR_NEWCOMERS = {"enable_account", "reset_password"}
WRITES = [name for name in PROTECTED if PAGES[name][0] == "post"]


@pytest.fixture
def somebody(db):
    """Whose account, post and one-time password the addresses name; a leader with an account in
    use."""
    user = make_holder(Role.LEADER, "somebody")
    user.newcomer = make_user("newcomer")
    asked = {"action": ResetAction.RESET, "reason": "忘记", "requested_by": make_user("asker")}
    PasswordReset.objects.create(user=user, **asked)
    return user


def address(name, user):
    account = user.newcomer if name in FOR_NEWCOMERS else user
    ids = {"user_id": account, "post_id": user.posts.get(), "reset_id": user.resets.get()}
    for kwargs in ({}, *({key: each.pk} for key, each in ids.items())):
        with suppress(NoReverseMatch):
            return reverse(f"accounts:{name}", kwargs=kwargs)
    raise AssertionError(name)


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (User, Post, PasswordReset)]


def refused(client, user):
    """The pages that answer 403, each asked for by its own method."""
    return [
        name
        for name in PROTECTED
        if getattr(client, PAGES[name][0])(address(name, user)).status_code == 403
    ]


def test_the_table_names_every_address():
    assert {entry.name for entry in urlpatterns} == PAGES.keys()


@pytest.mark.parametrize("role", Role)
def test_every_page_is_for_its_administrators(client, somebody, role):
    by = somebody if role == Role.LEADER else make_holder(role, "by")
    client.force_login(by)
    closed = [name for name in PROTECTED if role not in PAGES[name][1]]

    assert refused(client, somebody) == closed

    assert [
        (entry.object, entry.actor, entry.reason, entry.ip)
        for entry in Entry.objects.filter(action="denied")
    ] == [
        (f"page:{address(name, somebody)}", by.username, PAGES[name][0].upper(), "127.0.0.1")
        for name in closed
    ]


@pytest.mark.parametrize("role", [each for each in Role if each not in SYSTEM | SECURITY])
def test_who_is_refused_changes_nothing(client, somebody, role):
    client.force_login(somebody if role == Role.LEADER else make_holder(role, "by"))
    before = everything()

    refused(client, somebody)

    assert everything() == before


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
@pytest.mark.parametrize(
    "post",
    [
        pytest.param({"granted_at": None}, id="asked-for"),
        pytest.param({"to_date": date(2020, 1, 1)}, id="over"),
        pytest.param({"from_date": date(2098, 1, 1)}, id="not-begun"),
        pytest.param(
            {"granted_at": None, "refused_at": "2026-01-01T00:00Z", "refused_reason": "无"},
            id="refused",
        ),
    ],
)
def test_a_post_that_does_not_count_opens_nothing(client, somebody, role, post):
    by = make_user("by")
    make_post(by, role, **post)
    client.force_login(by)

    assert refused(client, somebody) == PROTECTED


def test_django_rights_open_nothing(client, somebody):
    """Posts decide, and no flag on the account."""
    client.force_login(make_user("root", is_superuser=True, is_staff=True))

    assert refused(client, somebody) == PROTECTED


def test_without_login_every_page_leads_to_it(client, settings, somebody):
    settings.OPEN_READING = True

    for name in PROTECTED:
        method = PAGES[name][0]
        response = getattr(client, method)(address(name, somebody))
        if method == "get":
            assert response.url.startswith("/accounts/login/?next=")
        else:
            assert response.status_code == 401


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_no_get_writes(client, somebody, role):
    client.force_login(make_holder(role, "by"))
    before = everything(), Entry.objects.count()

    answers = {
        name: client.get(address(name, somebody)).status_code
        for name in WRITES
        if role in PAGES[name][1]
    }

    forms = {"new_account", "account_sheet"}
    assert answers == {name: 200 if name in forms else 405 for name in answers}
    assert (everything(), Entry.objects.count()) == before


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_no_write_without_the_forms_token(somebody, role):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_holder(role, "by"))
    before = everything()

    answers = [client.post(address(name, somebody)).status_code for name in WRITES]

    assert answers == [403] * len(WRITES)
    assert everything() == before


def test_whoever_does_not_exist_is_hidden_from_who_may_not_ask(client, db):
    """The answer to others does not tell whether there is such an account or post."""
    client.force_login(make_holder(Role.LEADER, "by"))

    unknown = Mock(pk=999)
    for each in (unknown.newcomer, unknown.posts.get.return_value, unknown.resets.get.return_value):
        each.pk = 999

    assert refused(client, unknown) == PROTECTED


def test_the_two_administrators_need_each_other(client, system_admin, security_admin, hainan):
    """One makes the account, the other lets it count; neither can do both."""
    client.force_login(system_admin)
    line = {"username": "zhang", "full_name": "张三", "role": "leader", "area_code": "460000"}
    made = client.post("/accounts/people/new/", line)
    zhang = User.objects.get(username="zhang")
    asked = zhang.posts.get()
    decision = {"decision": "grant", "post": [asked.pk]}
    by_system = client.post("/accounts/posts/decide/", decision).status_code
    client.force_login(security_admin)
    by_security = client.post("/accounts/people/new/", {**line, "username": "li"}).status_code
    granted = client.post("/accounts/posts/decide/", decision).status_code

    assert (made.status_code, by_system, by_security, granted) == (200, 403, 403, 302)
    assert [post.role for post in Post.objects.today().of_user(zhang)] == ["leader"]
    assert not User.objects.filter(username="li").exists()
