"""The three administrators of a new installation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from targets_site.accounts.models import Post, Role, User
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.factories import make_area, make_post, make_user


def run(*more, system=("zhang", "张三"), security=("li", "李四"), audit=("wang", "王五")):
    output = StringIO()
    people = ["--system", *system, "--security", *security, "--audit", *audit]
    call_command("first_administrators", *people, *more, stdout=output)
    return output.getvalue()


@pytest.fixture
def area(db):
    return make_area("460000")


def test_three_people_with_disjoint_posts_and_one_time_passwords(area):
    printed = [line.split() for line in run().splitlines()]

    assert [line[0] for line in printed] == ["zhang", "li", "wang"]
    for username, password, *_word in printed:
        user = User.objects.get(username=username)
        assert user.check_password(password)
        assert user.must_change_password
    assert [
        (post.user.username, post.user.full_name, post.role, post.area, post.granted_by)
        for post in Post.objects.today().order_by("pk")
    ] == [
        ("zhang", "张三", Role.SYSTEM_ADMIN, area, None),
        ("li", "李四", Role.SECURITY_ADMIN, area, None),
        ("wang", "王五", Role.AUDIT_ADMIN, area, None),
    ]
    assert not User.objects.filter(is_superuser=True).exists()


def test_the_trail_says_who_and_no_password(area):
    printed = run()

    assert [(each.action, each.object, each.reason) for each in Entry.objects.all()] == [
        (action, about, "first_administrators")
        for name, role in (
            ("zhang", "system_admin"), ("li", "security_admin"), ("wang", "audit_admin")
        )
        for action, about in (
            ("create_account", f"user:{name}"), ("grant_post", f"post:{name}:{role}")
        )
    ]  # fmt: skip
    trail = repr(list(Entry.objects.values()))
    assert not [line for line in printed.splitlines() if line.split()[1] in trail]


def test_they_sign_in_and_begin(area, client):
    [name, password, *_word] = run().splitlines()[0].split()

    client.post("/accounts/login/", {"username": name, "password": password})
    client.post(
        "/accounts/password/", {"new_password1": "Hainan-2026", "new_password2": "Hainan-2026"}
    )

    assert client.get("/accounts/people/").status_code == 200
    assert client.get("/accounts/posts/").status_code == 403


def test_full_names_may_come_later(area):
    run(system=["zhang"], security=["li"], audit=["wang"])

    assert list(User.objects.values_list("full_name", flat=True)) == ["", "", ""]


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_where_there_is_an_administrator_nothing_is_made(area, role):
    make_holder(role, "there")

    with pytest.raises(CommandError, match=r"已有管理员.*/ There is an administrator already"):
        run("--area", "460000")

    assert User.objects.count() == 1


def test_twice_makes_nothing_more(area):
    run()

    with pytest.raises(CommandError):
        run(system=["a1"], security=["b1"], audit=["c1"])

    assert User.objects.count() == 3


def test_an_administrator_who_was_only_asked_for_is_none(area):
    make_post(make_user("asked"), Role.SYSTEM_ADMIN, area=area, granted_at=None)

    run()

    assert Post.objects.today().count() == 3


@pytest.mark.parametrize(
    ("people", "message"),
    [
        ({"system": ["there"]}, "taken already"),
        ({"system": ["same"], "security": ["same"]}, "given twice"),
        ({"system": ["张三"]}, "A user name has 2 to 30 characters"),
        ({"system": ["zhang", "张", "三"]}, "nothing more"),
    ],
)
def test_wrong_names_make_nothing(area, people, message):
    make_user("there")

    with pytest.raises(CommandError, match=message):
        run(**people)

    assert User.objects.count() == 1
    assert not Entry.objects.exists()


def test_the_area_is_asked_for_where_there_are_several(area):
    make_area("340000")

    with pytest.raises(CommandError, match="--area"):
        run()
    with pytest.raises(CommandError, match="There is no area 999999"):
        run("--area", "999999")
    run("--area", "340000")

    assert {post.area.code for post in Post.objects.all()} == {"340000"}


def test_without_areas_it_says_what_to_load(db):
    with pytest.raises(CommandError, match="load_reference"):
        run()


def test_every_person_has_to_be_named(area):
    with pytest.raises(CommandError, match="--audit"):
        call_command("first_administrators", "--system", "zhang", "--security", "li")
