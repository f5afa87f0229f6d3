"""When a post counts, and what the database refuses."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from targets_site.accounts.models import Post, PostState, Role, exclude_each_other
from tests.factories import make_area, make_department, make_post, make_user

GRANTED = datetime(2026, 1, 1, tzinfo=UTC)
FIGURES = {Role.OFFICIAL, Role.SIGNER, Role.REVIEWER}
ADMINISTRATORS = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
READERS = {Role.LEADER, Role.AUDITOR, Role.STEWARD}


def hold(user, role, **fields):
    return make_post(user, role, department=make_department(), **fields)


def in_words(first, second):
    """The rule anew, as the contract says it."""
    pair = {first, second}
    if pair & ADMINISTRATORS:
        return True
    return bool(pair & FIGURES) and bool(pair & READERS)


def test_a_post_counts_once_it_is_granted(db):
    asked_for = hold(make_user("asked"), Role.REVIEWER, granted_at=None)
    granted = hold(make_user("granted"), Role.REVIEWER)

    assert list(Post.objects.today()) == [granted]
    assert list(Post.objects.on(date(2015, 1, 1))) == [granted]
    assert list(Post.objects.requested()) == [asked_for]


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2026-02-28", False), ("2026-03-01", True), ("2026-03-31", True), ("2026-04-01", False)],
)
def test_a_post_counts_from_its_first_to_its_last_day(db, day, counts):
    hold(make_user(), Role.LEADER, from_date=date(2026, 3, 1), to_date=date(2026, 3, 31))

    assert Post.objects.on(date.fromisoformat(day)).exists() is counts


def test_a_post_that_ended_before_it_began_counts_never(db):
    hold(
        make_user(),
        Role.LEADER,
        from_date=date(2026, 3, 1),
        to_date=date(2026, 2, 20),
        ended_at=GRANTED,
    )

    days = [date(2026, 2, 19), date(2026, 2, 20), date(2026, 2, 25), date(2026, 3, 1)]
    assert [Post.objects.on(day).exists() for day in days] == [False] * 4
    assert not Post.objects.until(date(2026, 2, 1)).exists()


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"granted_at": None}, PostState.REQUESTED),
        ({"granted_at": None, "refused_at": GRANTED, "refused_reason": "无"}, PostState.REFUSED),
        ({}, PostState.HELD),
        ({"from_date": date(2098, 1, 1)}, PostState.PLANNED),
        ({"to_date": date(2015, 1, 1)}, PostState.OVER),
        (
            {"from_date": date(2098, 1, 1), "to_date": date(2097, 1, 1), "ended_at": GRANTED},
            PostState.OVER,
        ),
    ],
)
def test_state_of_a_post(db, fields, state):
    assert hold(make_user(), Role.LEADER, **fields).state == state


@pytest.mark.parametrize("first", Role)
def test_nobody_holds_two_posts_that_exclude_each_other(db, first):
    elsewhere = make_department(make_area("340000"), "省粮食局")
    refused = set()

    for second in Role:
        user = make_user(f"{first}-{second}")
        hold(user, first)
        with suppress(IntegrityError), transaction.atomic():
            make_post(user, second, department=elsewhere)
        if user.posts.count() == 1:
            refused.add(second)

    assert refused == {second for second in Role if in_words(first, second)}
    assert refused == {second for second in Role if exclude_each_other(first, second)}


@pytest.mark.parametrize(
    ("from_date", "to_date", "refused"),
    [
        pytest.param("2026-01-01", "2026-02-28", False, id="before"),
        pytest.param("2026-01-01", "2026-03-01", True, id="until-its-first-day"),
        pytest.param("2026-03-31", None, True, id="from-its-last-day"),
        pytest.param("2026-04-01", None, False, id="after"),
        pytest.param("2026-01-01", None, True, id="around"),
        pytest.param("2026-03-10", "2026-03-20", True, id="within"),
    ],
)
def test_posts_exclude_each_other_while_both_run(db, from_date, to_date, refused):
    user = make_user()
    hold(user, Role.LEADER, from_date=date(2026, 3, 1), to_date=date(2026, 3, 31))
    period = {
        "from_date": date.fromisoformat(from_date),
        "to_date": to_date and date.fromisoformat(to_date),
    }

    if refused:
        with pytest.raises(IntegrityError):
            hold(user, Role.OFFICIAL, **period)
    else:
        hold(user, Role.OFFICIAL, **period)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"granted_at": GRANTED}, id="granted"),
        pytest.param({"granted_at": GRANTED, "role": Role.SIGNER}, id="granted-as-another"),
    ],
)
def test_an_update_cannot_pass_what_an_insert_cannot(db, change):
    user = make_user()
    hold(user, Role.LEADER)
    asked_for = hold(user, Role.OFFICIAL, granted_at=None)

    with pytest.raises(IntegrityError):
        Post.objects.filter(pk=asked_for.pk).update(**change)


@pytest.mark.parametrize(
    ("which", "change"),
    [
        pytest.param("before", {"to_date": None}, id="open-end"),
        pytest.param("before", {"to_date": date(2026, 2, 1)}, id="later-end"),
        pytest.param("after", {"from_date": date(2026, 2, 28)}, id="earlier-start"),
    ],
)
def test_a_granted_post_cannot_grow_into_another(db, which, change):
    user = make_user()
    posts = {
        "before": hold(user, Role.REVIEWER, from_date=date(2026, 1, 1), to_date=date(2026, 1, 31)),
        "between": hold(user, Role.LEADER, from_date=date(2026, 2, 1), to_date=date(2026, 2, 28)),
        "after": hold(user, Role.REVIEWER, from_date=date(2026, 3, 1)),
    }

    with pytest.raises(IntegrityError):
        Post.objects.filter(pk=posts[which].pk).update(**change)


@pytest.mark.parametrize("field", ["role", "user"])
def test_a_granted_post_cannot_become_one_that_is_excluded(db, field):
    leader, official = make_user("leader"), make_user("official")
    hold(leader, Role.LEADER)
    post = hold(official, Role.OFFICIAL)
    hold(official, Role.REVIEWER)
    change = {"role": Role.LEADER} if field == "role" else {"user": leader}

    with pytest.raises(IntegrityError):
        Post.objects.filter(pk=post.pk).update(**change)


def test_a_post_can_always_be_made_shorter(db):
    """Also one that stood beside another before the database refused that."""
    user = make_user()
    hold(user, Role.LEADER)
    beside = hold(user, Role.OFFICIAL, granted_at=None)
    without_triggers(lambda: Post.objects.filter(pk=beside.pk).update(granted_at=GRANTED))

    Post.objects.filter(pk=beside.pk).update(to_date=date(2020, 1, 1))

    beside.refresh_from_db()
    assert beside.to_date == date(2020, 1, 1)


def test_nobody_grants_a_post_to_himself(db):
    user = make_user()

    with pytest.raises(IntegrityError, match="post_granted_by_somebody_else"):
        hold(user, Role.LEADER, granted_by=user)


def test_a_grant_has_a_moment(db):
    with pytest.raises(IntegrityError, match="post_granted_by_somebody_else"):
        hold(make_user(), Role.LEADER, granted_by=make_user("li"), granted_at=None)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"refused_at": GRANTED, "granted_at": None}, id="without-a-reason"),
        pytest.param({"refused_at": GRANTED, "refused_reason": "无"}, id="beside-a-grant"),
    ],
)
def test_a_refusal_has_a_reason_and_no_grant(db, fields):
    with pytest.raises(IntegrityError, match="post_refused_with_reason"):
        hold(make_user(), Role.LEADER, **fields)


def test_only_who_ended_a_post_at_once_ends_it_before_its_start(db):
    period = {"from_date": date(2026, 3, 1), "to_date": date(2026, 2, 28)}

    with pytest.raises(IntegrityError, match="post_ends_after_start"), transaction.atomic():
        hold(make_user(), Role.LEADER, **period)
    hold(make_user("li"), Role.LEADER, **period, ended_at=GRANTED)


def test_the_same_post_again_only_where_it_was_refused_or_ended(db):
    user = make_user()
    refused = {"granted_at": None, "refused_at": GRANTED, "refused_reason": "无"}
    hold(user, Role.REVIEWER, **refused)
    hold(user, Role.REVIEWER, to_date=date(2015, 1, 1), ended_at=GRANTED)
    hold(user, Role.REVIEWER)

    with pytest.raises(IntegrityError):
        hold(user, Role.REVIEWER)


def test_today_is_the_day_in_shanghai(db, monkeypatch):
    hold(make_user(), Role.LEADER, from_date=date(2026, 3, 1))
    almost = datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC)

    monkeypatch.setattr(timezone, "now", lambda: almost)
    before = Post.objects.today().exists()
    monkeypatch.setattr(timezone, "now", lambda: almost + timedelta(seconds=1))

    assert (before, Post.objects.today().exists()) == (False, True)


def without_triggers(act):
    """Do what the database would refuse, as it was done before it did."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE accounts_post DISABLE TRIGGER accounts_one_duty_at_a_time")
            act()
            cursor.execute("ALTER TABLE accounts_post ENABLE TRIGGER accounts_one_duty_at_a_time")
            return
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'accounts_one_duty_update'")
        [sql] = cursor.fetchone()
        cursor.execute("DROP TRIGGER accounts_one_duty_update")
        act()
        cursor.execute(sql)
