"""The accounts of the try-out."""

import stat
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from targets_site.accounts.models import Post, User
from targets_site.audit.models import Entry
from tests.factories import make_area, make_department, make_user


@pytest.fixture
def tryout(settings, tmp_path):
    settings.OPEN_READING, settings.EMBEDDED, settings.VAR_DIR = True, True, tmp_path
    return tmp_path


@pytest.fixture
def reference(db):
    hainan = make_area("460000")
    make_department(hainan, "省生态环境厅", code="460000-sthjt")
    make_department(hainan, "省农业农村厅", code="460000-nynct")


def run():
    output = StringIO()
    call_command("demo_accounts", stdout=output)
    return output.getvalue()


def test_demo_accounts_are_made_and_printed_with_their_password(tryout, reference):
    printed = run()

    password = (tryout / "demo_password").read_text()
    assert [line.split()[:2] for line in printed.splitlines()] == [
        [name, password]
        for name in (
            "official official2 signer reviewer leader auditor steward steward2 sysadmin secadmin "
            "auditadmin"
        ).split()
    ]
    assert all(user.check_password(password) for user in User.objects.all())
    assert all(user.full_name.startswith("演示") for user in User.objects.all())
    assert not User.objects.filter(is_superuser=True).exists()
    counting = Post.objects.today()
    assert [(post.user.username, post.role, post.area.code) for post in counting] == [
        ("official", "official", "460000"),
        ("official2", "official", "460000"),
        ("signer", "signer", "460000"),
        ("reviewer", "reviewer", "460000"),
        ("leader", "leader", "460000"),
        ("auditor", "auditor", "460000"),
        ("steward", "steward", "460000"),
        ("steward2", "steward", "460000"),
        ("sysadmin", "system_admin", "460000"),
        ("secadmin", "security_admin", "460000"),
        ("auditadmin", "audit_admin", "460000"),
    ]


def test_demo_signer_signs_for_the_second_official(tryout, reference):
    run()

    departments = dict(Post.objects.values_list("user__username", "department__code"))
    assert departments["signer"] == departments["official2"] == "460000-nynct"
    assert departments["official"] == "460000-sthjt"


def test_demo_accounts_have_a_password_of_their_own(tryout, reference):
    run()

    assert not User.objects.filter(must_change_password=True).exists()


def test_demo_accounts_take_the_demo_password_again_after_a_reset(tryout, reference):
    run()
    User.objects.filter(username="leader").update(must_change_password=True, password="!")

    printed = run()

    leader = User.objects.get(username="leader")
    assert not leader.must_change_password
    assert leader.check_password(printed.split()[1])


def test_demo_accounts_leave_the_posts_that_somebody_tried_out(tryout, reference):
    run()
    leader = User.objects.get(username="leader")
    Post.objects.filter(user=leader).update(role="auditor")

    run()

    assert [post.role for post in Post.objects.filter(user=leader)] == ["auditor"]


def test_demo_accounts_get_a_post_again_where_it_was_ended(tryout, reference):
    run()
    leader = User.objects.get(username="leader")
    Post.objects.filter(user=leader).update(
        to_date=date(2020, 1, 1), ended_at=datetime(2020, 1, 1, tzinfo=UTC)
    )

    run()

    assert [post.role for post in Post.objects.today().filter(user=leader)] == ["leader"]


def test_demo_password_is_readable_for_its_owner_only(tryout, reference):
    run()

    assert stat.S_IMODE((tryout / "demo_password").stat().st_mode) == 0o600


def test_demo_accounts_twice_print_the_same_and_change_nothing(tryout, reference):
    first = run()
    before = list(User.objects.values()), list(Post.objects.values()), Entry.objects.count()

    second = run()

    assert second == first
    after = list(User.objects.values()), list(Post.objects.values()), Entry.objects.count()
    assert after == before


def test_demo_accounts_can_sign_in_again_where_one_was_closed(tryout, reference):
    run()
    User.objects.filter(username="leader").update(is_active=False)

    run()

    assert User.objects.get(username="leader").is_active


@pytest.mark.parametrize(("open_reading", "embedded"), [(False, True), (True, False)])
def test_demo_accounts_refuse_outside_the_tryout(
    tryout, reference, settings, open_reading, embedded
):
    settings.OPEN_READING, settings.EMBEDDED = open_reading, embedded

    with pytest.raises(CommandError, match=r"试用模式.*/ .*try-out only"):
        run()

    assert not User.objects.exists()
    assert not (tryout / "demo_password").exists()


def test_demo_accounts_say_what_to_load_first(tryout, db):
    with pytest.raises(CommandError, match=r"请先载入基础数据.* / There is no area"):
        run()

    assert not User.objects.exists()


def test_demo_accounts_leave_a_real_account_of_the_same_name_alone(tryout, reference):
    real = make_user("reviewer", full_name="李审核")

    with pytest.raises(CommandError, match=r"用户名 reviewer .*/ The user name reviewer"):
        run()

    assert list(User.objects.all()) == [real]
