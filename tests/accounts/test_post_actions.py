"""Who grants, refuses and ends posts, which of them exclude each other, and the trail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from targets_site.accounts.access import NotAllowed
from targets_site.accounts.actions import posts as actions
from targets_site.accounts.actions.posts import (
    AlreadyDecided,
    CannotHold,
    WantedPost,
    end_post,
    grant_post,
    grant_requests,
    refuse_requests,
)
from targets_site.accounts.models import Post, Role, User, exclude_each_other
from targets_site.audit.models import Entry
from tests.accounts.conftest import make_holder
from tests.factories import make_area, make_department, make_post, make_user


def today():
    return timezone.localdate()


def wanted(role=Role.REVIEWER, *, area=None, department=None, **period):
    if department is None and role in {Role.OFFICIAL, Role.SIGNER}:
        department = make_department()
    area = area or (department.area if department else make_area())
    return WantedPost(role, area, department, **{"from_date": date(2026, 1, 1), **period})


def ask(user, role=Role.REVIEWER, **fields):
    department = make_department() if role in {Role.OFFICIAL, Role.SIGNER} else None
    return make_post(user, role, department=department, granted_at=None, **fields)


def act_on(action, by):
    """Try one action on the posts of wang."""
    wang = User.objects.filter(username="wang").first() or make_user("wang")
    if action == "grant":
        return grant_post(user=wang, wanted=wanted(), by=by)
    if action == "end":
        return end_post(post=make_post(wang, Role.REVIEWER), last_day=None, by=by)
    asked = ask(wang)
    if action == "grant_requests":
        return grant_requests(posts=[asked.pk], by=by)
    return refuse_requests(posts=[asked.pk], reason="重复", by=by)


ACTIONS = ["grant", "grant_requests", "refuse", "end"]


def test_grant_post_counts_at_once_and_stands_in_the_trail(security_admin, farming):
    wang = make_user("wang")

    post = grant_post(
        user=wang, wanted=wanted(Role.OFFICIAL, department=farming), by=security_admin
    )

    assert list(Post.objects.of_user(wang).today()) == [post]
    assert (post.granted_by, post.department) == (security_admin, farming)
    entry = Entry.objects.get()
    assert (entry.action, entry.object, entry.actor, entry.role) == (
        "grant_post", "post:wang:official", "secadmin", "security_admin"
    )  # fmt: skip
    assert entry.after == {
        "area": "460000",
        "department": "460000-nynct",
        "from_date": "2026-01-01",
        "to_date": None,
    }


def test_grant_requests_grants_what_was_asked_for(security_admin):
    first, second = ask(make_user("li")), ask(make_user("wang"), Role.LEADER)

    granted = grant_requests(posts=[second.pk, first.pk], by=security_admin)

    assert {post.pk for post in granted} == {first.pk, second.pk}
    assert Post.objects.granted().filter(granted_by=security_admin).count() == 2
    assert [(each.action, each.object) for each in Entry.objects.all()] == [
        ("grant_post", "post:li:reviewer"),
        ("grant_post", "post:wang:leader"),
    ]


def test_grant_requests_grants_all_or_none_and_says_every_reason(security_admin):
    leader = make_holder(Role.LEADER, "leader", full_name="钱领导")
    gone = make_user("gone", full_name="赵离职", is_active=False)
    asked = [ask(make_user("wang")), ask(leader), ask(gone)]

    with override("en"), pytest.raises(CannotHold) as refused:
        grant_requests(posts=[post.pk for post in asked], by=security_admin)

    assert refused.value.reasons == [
        "钱领导: nobody is Leader (from 2011-01-01) and Reviewer at the same time.",
        "赵离职: the account is disabled.",
    ]
    assert Post.objects.requested().count() == 3
    assert Entry.objects.count() == 0


def test_requests_that_exclude_each_other_are_not_granted_together(security_admin):
    wang = make_user("wang")
    asked = [ask(wang), ask(wang, Role.LEADER)]

    with override("en"), pytest.raises(CannotHold) as refused:
        grant_requests(posts=[post.pk for post in asked], by=security_admin)
    grant_requests(posts=[asked[1].pk], by=security_admin)

    assert refused.value.reasons == [
        "wang: nobody is Reviewer (from 2011-01-01) and Leader at the same time."
    ]
    assert [post.role for post in Post.objects.of_user(wang).today()] == ["leader"]


def test_refuse_requests_keeps_the_reason_and_the_post_never_counts(security_admin):
    asked = ask(make_user("wang"))

    refuse_requests(posts=[asked.pk], reason="岗位已有人担任", by=security_admin)

    asked.refresh_from_db()
    assert (asked.refused_by, asked.refused_reason) == (security_admin, "岗位已有人担任")
    assert not Post.objects.of_user(asked.user).today().exists()
    entry = Entry.objects.get()
    assert (entry.action, entry.object, entry.reason) == (
        "refuse_post", "post:wang:reviewer", "岗位已有人担任"
    )  # fmt: skip


def test_refuse_requests_needs_a_reason(security_admin):
    asked = ask(make_user("wang"))

    with pytest.raises(ValidationError):
        refuse_requests(posts=[asked.pk], reason=" ", by=security_admin)

    assert list(Post.objects.requested()) == [asked]


@pytest.mark.parametrize(
    "decide",
    [
        pytest.param(grant_requests, id="grant"),
        pytest.param(partial(refuse_requests, reason="重复"), id="refuse"),
    ],
)
def test_what_is_decided_is_not_decided_again(security_admin, decide):
    granted, refused = ask(make_user("li")), ask(make_user("wang"))
    grant_requests(posts=[granted.pk], by=security_admin)
    refuse_requests(posts=[refused.pk], reason="重复", by=security_admin)

    for post in (granted, refused, Post(pk=999)):
        with pytest.raises(AlreadyDecided):
            decide(posts=[post.pk], by=security_admin)

    assert Entry.objects.count() == 2


@pytest.mark.parametrize("first", Role)
def test_one_duty_at_a_time(security_admin, first):
    elsewhere = make_department(make_area("340000"), "省粮食局")
    refused = set()

    for second in Role:
        user = make_user(f"{first}-{second}")
        grant_post(user=user, wanted=wanted(first), by=security_admin)
        department = elsewhere if second in {Role.OFFICIAL, Role.SIGNER} else None
        other = wanted(second, area=elsewhere.area, department=department)
        try:
            grant_post(user=user, wanted=other, by=security_admin)
        except CannotHold:
            refused.add(second)

    assert refused == {second for second in Role if exclude_each_other(first, second)}


def test_one_duty_after_the_other(security_admin):
    wang = make_user("wang")
    last = date(2026, 12, 31)
    grant_post(
        user=wang, wanted=wanted(Role.OFFICIAL, to_date=max(last, today())), by=security_admin
    )

    grant_post(
        user=wang,
        wanted=wanted(Role.LEADER, from_date=max(last, today()) + timedelta(days=1)),
        by=security_admin,
    )

    assert Post.objects.granted().of_user(wang).count() == 2


def test_the_same_post_twice_is_refused(security_admin):
    wang = make_user("wang")
    grant_post(user=wang, wanted=wanted(), by=security_admin)

    with pytest.raises(CannotHold):
        grant_post(user=wang, wanted=wanted(from_date=date(2027, 1, 1)), by=security_admin)


def test_what_is_asked_for_is_decided_first(security_admin):
    wang = make_user("wang")
    asked = ask(wang, from_date=date(2026, 1, 1))

    with override("en"), pytest.raises(CannotHold) as refused:
        grant_post(user=wang, wanted=wanted(from_date=date(2026, 1, 1)), by=security_admin)
    grant_post(user=wang, wanted=wanted(area=make_area("340000")), by=security_admin)
    grant_requests(posts=[asked.pk], by=security_admin)

    assert refused.value.reasons == ["wang: this post is asked for; grant or refuse that first."]


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: wanted_in("official", None), id="official-without-a-department"),
        pytest.param(lambda: wanted_in("reviewer", "own"), id="reviewer-with-a-department"),
        pytest.param(lambda: wanted_in("official", "other"), id="department-of-another-area"),
        pytest.param(
            lambda: wanted(from_date=date(2030, 1, 2), to_date=date(2030, 1, 1)), id="ends-first"
        ),
        pytest.param(lambda: wanted(to_date=date(2026, 2, 1)), id="over-before-it-counts"),
        pytest.param(lambda: wanted(from_date=date(1999, 12, 31)), id="too-early"),
        pytest.param(lambda: wanted(from_date=date(2100, 1, 1)), id="too-late"),
        pytest.param(lambda: wanted(to_date=date(9999, 1, 1)), id="ends-too-late"),
    ],
)
def test_a_post_that_makes_no_sense_is_not_granted(security_admin, make):
    with pytest.raises(CannotHold):
        grant_post(user=make_user("wang"), wanted=make(), by=security_admin)

    assert Post.objects.count() == 1
    assert Entry.objects.count() == 0


def wanted_in(role, department):
    of_area = {
        "own": make_department(),
        "other": make_department(make_area("340000"), "省粮食局"),
        None: None,
    }
    return WantedPost(Role(role), make_area(), of_area[department], date(2026, 1, 1))


def test_end_post_at_once_counts_from_the_next_request_on(security_admin):
    post = make_post(make_user("wang"), Role.REVIEWER)

    end_post(post=post, last_day=None, by=security_admin)

    post.refresh_from_db()
    assert post.to_date == today() - timedelta(days=1)
    assert (post.ended_by, post.ended_at is not None) == (security_admin, True)
    assert not Post.objects.of_user(post.user).today().exists()
    entry = Entry.objects.get()
    assert (entry.action, entry.object, entry.before, entry.after["at_once"]) == (
        "end_post", "post:wang:reviewer", {"to_date": None}, True
    )  # fmt: skip


@pytest.mark.parametrize("days", [0, 1, 400])
def test_end_post_at_once_also_before_it_began(security_admin, days):
    wang = make_user("wang")
    post = make_post(wang, Role.REVIEWER, from_date=today() + timedelta(days=days))

    end_post(post=post, last_day=None, by=security_admin)

    assert not Post.objects.on(post.from_date).of_user(wang).exists()
    grant_post(user=wang, wanted=wanted(Role.LEADER), by=security_admin)


def test_end_post_after_a_last_day(security_admin):
    post = make_post(make_user("wang"), Role.REVIEWER)

    end_post(post=post, last_day=today(), by=security_admin)

    posts = Post.objects.of_user(post.user)
    assert posts.on(today()).exists()
    assert not posts.on(today() + timedelta(days=1)).exists()


@pytest.mark.parametrize(
    "last_day",
    [
        pytest.param(lambda: today() - timedelta(days=1), id="passed"),
        pytest.param(lambda: today() + timedelta(days=9), id="before-it-begins"),
        pytest.param(lambda: today() + timedelta(days=21), id="longer-than-it-was"),
        pytest.param(lambda: today() + timedelta(days=20), id="as-long-as-it-was"),
    ],
)
def test_end_post_only_makes_a_post_shorter(security_admin, last_day):
    period = {
        "from_date": today() + timedelta(days=10),
        "to_date": today() + timedelta(days=20),
    }
    post = make_post(make_user("wang"), Role.REVIEWER, **period)

    with pytest.raises(ValidationError):
        end_post(post=post, last_day=last_day(), by=security_admin)

    post.refresh_from_db()
    assert (post.to_date, post.ended_at) == (period["to_date"], None)


def test_end_post_only_what_is_granted_and_not_over(security_admin):
    wang = make_user("wang")
    over = make_post(wang, Role.LEADER, to_date=date(2020, 1, 1))

    for post in (ask(wang), over):
        with pytest.raises(AlreadyDecided):
            end_post(post=post, last_day=None, by=security_admin)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", [each for each in Role if each != Role.SECURITY_ADMIN])
def test_posts_are_for_the_security_administrator_only(db, role, action):
    by = make_holder(role, "by")
    granted = Post.objects.granted().count()

    with pytest.raises(NotAllowed):
        act_on(action, by)

    assert Post.objects.filter(granted_by__isnull=False).count() == 0
    assert Post.objects.granted().count() == granted + (action == "end")
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    "post",
    [{"granted_at": None}, {"to_date": date(2020, 1, 1)}, {"from_date": date(2098, 1, 1)}],
)
def test_a_post_that_does_not_count_today_allows_nothing(db, post, action):
    by = make_user("by")
    make_post(by, Role.SECURITY_ADMIN, **post)

    with pytest.raises(NotAllowed):
        act_on(action, by)


def test_nobody_decides_on_his_own_posts(security_admin):
    own = Post.objects.get(user=security_admin)
    asked = ask(security_admin)

    for attempt in (
        lambda: grant_post(user=security_admin, wanted=wanted(), by=security_admin),
        lambda: grant_requests(posts=[asked.pk], by=security_admin),
        lambda: refuse_requests(posts=[asked.pk], reason="重复", by=security_admin),
        lambda: end_post(post=own, last_day=None, by=security_admin),
    ):
        with pytest.raises(NotAllowed):
            attempt()

    assert list(Post.objects.granted()) == [own]
    assert Entry.objects.count() == 0


def test_nothing_is_granted_to_nobody(security_admin):
    with pytest.raises(NotAllowed):
        grant_post(user=make_user(User.REFERENCE), wanted=wanted(), by=security_admin)


def test_what_only_the_database_saw_is_said_as_well(security_admin, monkeypatch):
    """As when another grant came between the look and the write."""
    wang = make_holder(Role.LEADER, "wang")
    monkeypatch.setattr(actions, "_reasons_against", lambda *_args, **_options: [])

    with pytest.raises(CannotHold):
        grant_post(user=wang, wanted=wanted(), by=security_admin)

    assert [post.role for post in Post.objects.of_user(wang).granted()] == ["leader"]


@pytest.mark.django_db(transaction=True)
def test_of_two_grants_at_once_that_exclude_each_other_one_wins():
    """Two security administrators, who do not see each other's work yet."""
    admins = [make_holder(Role.SECURITY_ADMIN, name) for name in ("first", "second")]
    wang, barrier = make_user("wang"), Barrier(2)
    posts = [wanted(Role.OFFICIAL), wanted(Role.LEADER)]

    def grant(which):
        try:
            barrier.wait(10)
            grant_post(user=wang, wanted=posts[which], by=admins[which])
        except CannotHold:
            return "refused"
        finally:
            connection.close()
        return "granted"

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(grant, [0, 1]))

    assert done == ["granted", "refused"]
    assert Post.objects.granted().of_user(wang).count() == 1
