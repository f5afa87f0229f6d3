"""The trail for programs: for those who audit, with the cells that its hashes cover."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from targets_site.accounts.models import Role
from targets_site.audit.actions import record
from targets_site.audit.chain import digest
from targets_site.audit.models import Entry
from targets_site.audit.sealing import seal
from tests.factories import make_area, make_auditor, make_post, make_user

pytestmark = pytest.mark.django_db
TRAIL = "/api/v1/trail/"


@pytest.fixture
def auditor(client):
    auditor = make_auditor()
    client.force_login(auditor)
    return auditor


@pytest.fixture
def entries(auditor):
    with transaction.atomic():
        record("save", "observation:x:2019", by="wang", after={"value": "98.50", "b": None})
        record("approve", "observation:x:2019", by="li", reason="核对无误")
    return Entry.objects.order_by("seq")


def test_the_cells_are_those_that_the_hashes_cover(client, entries):
    seal()

    said = client.get(TRAIL).json()["results"]

    assert [each["seq"] for each in said] == [each.seq for each in entries]
    # The last one says who asks now.
    *chained, search = said
    assert search["hash"] == ""
    before = "0" * 64
    for each in chained:
        cells = [str(each["seq"]), *(each[name] for name in CELLS)]
        assert each["prev_hash"] == before
        assert each["hash"] == digest(before, cells)
        before = each["hash"]


CELLS = ("at", "actor", "role", "action", "object", "before", "after", "reason", "ip")


def test_what_is_not_chained_yet_says_so(client, entries):
    said = client.get(TRAIL, {"action": "save"}).json()["results"]

    assert [(each["position"], each["hash"]) for each in said] == [(None, "")]
    assert said[0]["after"] == '{"b":null,"value":"98.50"}'


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"actor": "li"}, ["approve"]),
        ({"object": "observation:x:2019"}, ["save", "approve"]),
        ({"since": "2020-01-01", "actor": "wang"}, ["save"]),
        ({"until": "2020-01-01"}, []),
    ],
)
def test_it_is_searched(client, entries, asked, expected):
    said = client.get(TRAIL, asked).json()["results"]

    assert [each["action"] for each in said] == expected


@pytest.mark.parametrize("query", ["since=0001-01-01", "until=1", "since=%00", "action=X", "at=1"])
def test_an_odd_question_is_refused(client, auditor, query):
    assert client.get(f"{TRAIL}?{query}").status_code == 400


def test_an_audit_administrator_reads_it(client):
    user = make_user()
    make_post(user, Role.AUDIT_ADMIN, area=make_area())
    client.force_login(user)

    assert client.get(TRAIL).status_code == 200


@pytest.mark.parametrize(
    "role", ["", Role.REVIEWER, Role.LEADER, Role.STEWARD, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN]
)
def test_nobody_else_reads_it_and_the_attempt_stands_in_it(client, settings, role):
    settings.OPEN_READING = True
    user = make_user("curious")
    if role:
        make_post(user, role, area=make_area())
    client.force_login(user)

    assert client.get(TRAIL).status_code == 403
    denied = Entry.objects.get(action="denied")
    assert (denied.actor, denied.object) == ("curious", "page:/api/v1/trail/")


def test_nobody_reads_it_without_login(client, settings):
    settings.OPEN_READING = True

    assert client.get(TRAIL).status_code == 401


def test_a_post_that_ended_opens_it_no_more(client, auditor):
    auditor.posts.update(to_date=timezone.localdate() - timedelta(days=1))

    assert client.get(TRAIL).status_code == 403
