"""The migrations that move rows, with rows in them."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from targets_site.audit.models import Entry

BEFORE, AFTER = "0003_post_granted", "0004_fill_post_granted_at"


def migrate(name):
    executor = MigrationExecutor(connection)
    executor.migrate([("accounts", name)])
    return executor.loader.project_state([("accounts", name)]).apps


@pytest.fixture
def latest(transactional_db):
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def make_posts(apps):
    area = apps.get_model("places", "Area").objects.create(
        code="460000", level="province", name_zh="海南省", name_en="Hainan"
    )
    user = apps.get_model("accounts", "User").objects.create(username="wang")
    posts = apps.get_model("accounts", "Post").objects
    day = date(2026, 1, 1)
    posts.create(user=user, role="leader", area=area, from_date=day)
    posts.create(
        user=user, role="auditor", area=area, from_date=day, requested_at="2026-03-01T00:00Z"
    )


@pytest.mark.usefixtures("latest")
def test_posts_of_before_count_as_granted_and_requests_do_not():
    make_posts(migrate(BEFORE))

    posts = migrate(AFTER).get_model("accounts", "Post").objects.order_by("pk")

    assert [(post.role, post.granted_at is None) for post in posts] == [
        ("leader", False),
        ("auditor", True),
    ]


@pytest.mark.usefixtures("latest")
def test_backwards_what_was_never_granted_does_not_begin_to_count():
    make_posts(migrate(BEFORE))
    migrate(AFTER)

    posts = migrate(BEFORE).get_model("accounts", "Post").objects

    assert list(posts.values_list("role", flat=True)) == ["leader"]


@pytest.mark.usefixtures("latest")
def test_all_of_it_goes_backwards_and_forwards():
    migrate("0001_initial")
    apps = migrate("0005_one_duty_at_a_time")

    assert apps.get_model("accounts", "Post").objects.count() == 0


@pytest.mark.usefixtures("latest")
def test_passwords_of_before_are_as_old_as_the_trail_says():
    before = migrate("0010_password_history")
    for username in ("wang", "li"):
        before.get_model("accounts", "User").objects.create(username=username)
    for at, about in [
        ("2026-01-01T00:00Z", "user:wang"),
        ("2026-03-01T00:00Z", "user:wang"),
        ("2026-05-01T00:00Z", "user:wang2"),
    ]:
        Entry.objects.create(action="change_password", object=about, at=at)

    users = migrate("0011_date_passwords_from_the_trail").get_model("accounts", "User").objects

    assert dict(users.values_list("username", "password_changed_at")) == {
        "wang": datetime(2026, 3, 1, tzinfo=UTC),
        "li": None,
    }
