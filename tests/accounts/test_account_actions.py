"""Who makes, disables and opens accounts, and what of it stands in the trail."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from targets_site.accounts.access import NotAllowed
from targets_site.accounts.actions.accounts import (
    NameTaken,
    WantedAccount,
    change_own_email,
    change_own_password,
    create_account,
    create_accounts,
    disable_account,
    enable_account,
    import_accounts,
    reset_password,
    set_email,
)
from targets_site.accounts.actions.posts import WantedPost
from targets_site.accounts.models import Post, Role, User
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.factories import make_post, make_user

ZHANG = WantedAccount("zhang", "张三")
ACTIONS = {
    "create": lambda user, by: create_account(wanted=WantedAccount("new", "新人"), by=by),
    "import": lambda user, by: import_accounts(
        wanted=[WantedAccount("new", "新人")], name="a.csv", sha256="0" * 64, by=by
    ),
    "disable": lambda user, by: disable_account(user=user, by=by),
    "enable": lambda user, by: enable_account(user=user, by=by),
    "reset": lambda user, by: reset_password(user=user, by=by),
    "email": lambda user, by: set_email(user=user, email="wang@a.cn", by=by),
}


def trail():
    return [(each.action, each.object, each.actor, each.role) for each in Entry.objects.all()]


def state_of_everything():
    return list(User.objects.order_by("pk").values()), list(Post.objects.order_by("pk").values())


def test_create_account_makes_a_person_who_must_choose_a_password(system_admin):
    issued = create_account(wanted=ZHANG, by=system_admin)

    user = User.objects.get(username="zhang")
    assert (issued.user, user.full_name, user.must_change_password) == (user, "张三", True)
    assert user.check_password(issued.password)
    assert not user.is_superuser
    assert not user.is_staff
    assert trail() == [("create_account", "user:zhang", "sysadmin", "system_admin")]
    assert Entry.objects.get().after == {"full_name": "张三"}


def test_create_account_asks_for_the_post_and_does_not_grant_it(system_admin, hainan, farming):
    wanted = WantedPost(Role.OFFICIAL, hainan, farming, date(2026, 3, 1), date(2030, 3, 1))

    create_account(wanted=WantedAccount("zhang", "张三", (wanted,)), by=system_admin)

    post = Post.objects.get(user__username="zhang")
    assert (post.role, post.area, post.department) == ("official", hainan, farming)
    assert (post.from_date, post.to_date) == (date(2026, 3, 1), date(2030, 3, 1))
    assert (post.requested_by, post.granted_at, post.granted_by) == (system_admin, None, None)
    assert post.requested_at is not None
    asked = Entry.objects.get(action="request_post")
    assert (asked.object, asked.actor, asked.role) == (
        "post:zhang:official", "sysadmin", "system_admin"
    )  # fmt: skip
    assert asked.after == {
        "area": "460000",
        "department": "460000-nynct",
        "from_date": "2026-03-01",
        "to_date": "2030-03-01",
    }


def test_a_password_is_seen_once_and_stands_nowhere(system_admin):
    issued = create_account(wanted=ZHANG, by=system_admin)
    again = reset_password(user=issued.user, by=system_admin)

    stored = repr([list(model.objects.values()) for model in (User, Post, Entry)])
    assert issued.password != again.password
    for each in (issued, again):
        assert each.password not in repr(each)
        assert each.password not in stored


@pytest.mark.parametrize("name", ["zhang", "reference"])
def test_create_account_refuses_a_name_that_is_taken(system_admin, name):
    make_user("Zhang")

    with pytest.raises(NameTaken):
        create_account(wanted=WantedAccount(name, "张三"), by=system_admin)


def test_create_account_refuses_what_is_no_user_name(system_admin):
    with pytest.raises(ValidationError):
        create_account(wanted=WantedAccount("张三", "张三"), by=system_admin)

    assert list(User.objects.all()) == [system_admin]


@pytest.mark.parametrize("email", ["zhang", "a@b.cn\nBcc: c@d.cn", "张@b.cn"])
def test_what_is_no_address_is_stored_by_no_action(system_admin, email):
    wang = make_user("wang")

    with pytest.raises(ValidationError):
        create_account(wanted=WantedAccount("zhang", "张三", email=email), by=system_admin)
    with pytest.raises(ValidationError):
        set_email(user=wang, email=email, by=system_admin)
    with pytest.raises(ValidationError):
        change_own_email(user=wang, email=email)

    assert set(User.objects.values_list("username", "email")) == {("sysadmin", ""), ("wang", "")}
    assert trail() == []


def test_create_accounts_makes_all_or_none(system_admin):
    make_user("li")
    before = state_of_everything()

    with pytest.raises(NameTaken):
        create_accounts(wanted=[ZHANG, WantedAccount("li", "李四")], by=system_admin)
    with pytest.raises(NameTaken):
        create_accounts(wanted=[ZHANG, ZHANG], by=system_admin)

    assert state_of_everything() == before
    assert trail() == []


def test_import_accounts_names_the_sheet_in_the_trail(system_admin):
    issued = import_accounts(
        wanted=[ZHANG, WantedAccount("li", "李四")], name="名单.xlsx", sha256="a" * 64,
        by=system_admin,
    )  # fmt: skip

    assert [each.user.username for each in issued] == ["zhang", "li"]
    assert trail() == [
        ("create_account", "user:zhang", "sysadmin", "system_admin"),
        ("create_account", "user:li", "sysadmin", "system_admin"),
        ("import_accounts", "sheet:名单.xlsx", "sysadmin", "system_admin"),
    ]
    assert Entry.objects.last().after == {"sha256": "a" * 64, "accounts": 2, "posts": 0}


def test_disable_account_lets_nobody_in_and_ends_sessions(system_admin, client):
    wang = make_user("wang")
    client.force_login(wang)

    disable_account(user=wang, by=system_admin)

    wang.refresh_from_db()
    assert (wang.is_active, wang.has_usable_password()) == (False, False)
    assert not client.login(username="wang", password="Passw0rd-2026")
    assert trail()[-3:] == [
        ("disable_account", "user:wang", "sysadmin", "system_admin"),
        ("end_session", "session:wang", "sysadmin", "system_admin"),
        ("login_failed", "user:wang", "", ""),
    ]


def test_enable_account_gives_a_new_password_and_no_old_session(system_admin, client):
    wang = make_user("wang")
    client.force_login(wang)
    disable_account(user=wang, by=system_admin)

    issued = enable_account(user=wang, by=system_admin)

    wang.refresh_from_db()
    assert (wang.is_active, wang.must_change_password) == (True, True)
    assert wang.check_password(issued.password)
    assert client.get("/entry/").status_code == 302
    assert "/accounts/login/" in client.get("/entry/").url
    assert trail()[-1] == ("enable_account", "user:wang", "sysadmin", "system_admin")


def test_reset_password_replaces_the_password_and_ends_sessions(system_admin, client):
    wang = make_user("wang")
    client.force_login(wang)

    issued = reset_password(user=wang, by=system_admin)

    wang.refresh_from_db()
    assert wang.must_change_password
    assert (wang.check_password("Passw0rd-2026"), wang.check_password(issued.password)) == (
        False, True
    )  # fmt: skip
    assert "/accounts/login/" in client.get("/entry/").url
    assert trail()[-2:] == [
        ("reset_password", "user:wang", "sysadmin", "system_admin"),
        ("end_session", "session:wang", "sysadmin", "system_admin"),
    ]


def test_reset_password_does_not_open_a_disabled_account(system_admin):
    wang = make_user("wang", is_active=False)

    with pytest.raises(NotAllowed):
        reset_password(user=wang, by=system_admin)

    wang.refresh_from_db()
    assert (wang.is_active, wang.check_password("Passw0rd-2026")) == (False, True)


def test_change_own_password(db):
    wang = make_user("wang", must_change_password=True)

    change_own_password(user=wang, password="Hainan-2026")

    wang.refresh_from_db()
    assert (wang.must_change_password, wang.check_password("Hainan-2026")) == (False, True)
    assert trail() == [("change_password", "user:wang", "wang", "")]
    assert "Hainan-2026" not in repr(list(Entry.objects.values()))


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", [each for each in Role if each != Role.SYSTEM_ADMIN])
def test_accounts_are_for_the_system_administrator_only(db, role, action):
    by, wang = make_holder(role), make_user("wang")
    before = state_of_everything()

    with pytest.raises(NotAllowed):
        ACTIONS[action](wang, by)

    assert state_of_everything() == before
    assert trail() == []


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    "post",
    [
        pytest.param({"granted_at": None}, id="only-asked-for"),
        pytest.param({"to_date": date(2020, 1, 1)}, id="over"),
        pytest.param({"from_date": date(2098, 1, 1)}, id="not-begun"),
    ],
)
def test_a_post_that_does_not_count_today_allows_nothing(db, post, action):
    by = make_user("formerly")
    make_post(by, Role.SYSTEM_ADMIN, **post)

    with pytest.raises(NotAllowed):
        ACTIONS[action](make_user("wang"), by)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_disabled_administrator_does_nothing(system_admin, action):
    User.objects.filter(pk=system_admin.pk).update(is_active=False)

    with pytest.raises(NotAllowed):
        ACTIONS[action](make_user("wang"), system_admin)


@pytest.mark.parametrize("action", ["disable", "enable", "reset", "email"])
def test_nobody_decides_on_his_own_account_or_that_of_nobody(system_admin, action):
    before = state_of_everything()

    with pytest.raises(NotAllowed):
        ACTIONS[action](system_admin, system_admin)
    reference = make_user(User.REFERENCE)
    with pytest.raises(NotAllowed):
        ACTIONS[action](reference, system_admin)

    reference.delete()
    assert state_of_everything() == before
