"""PostgreSQL that cuts a connection, restarts, freezes or has no room, while people save."""

import time

import pytest
from django.conf import settings as project_settings

from tests.services.after_fault import assert_holds
from tests.services.crowd import Crowd
from tests.services.oracle import World
from tests.services.own_database import filled_up
from tests.services.people import Person
from tests.services.servers import is_ready, wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="the embedded mode has no PostgreSQL"),
]
PEOPLE = 20
FEW = 6


@pytest.mark.faults
def test_f04_immediate_restart_under_twenty_people(own_server, site, ledger):
    world = World(PEOPLE // 2 + 1)
    site.web()
    reviewer = Person.signed_in(site.url, "reviewer")
    world.approved(world.codes[-1], "98.20", by=reviewer)

    with Crowd.of(world, PEOPLE, site=site, ledger=ledger):
        time.sleep(3)
        own_server.stop_immediately()
        own_server.start()
        took = wait_until(lambda: is_ready(site.url), seconds=60)
        ready_at = time.monotonic()
        time.sleep(4)

    after = [each for each in ledger.attempts if each.begun > ready_at]
    errors = [each for each in after if each.status not in {200, 409}]
    print(f"ready after {took:.1f} s; {len(after)} attempts since, {len(errors)} of them errors")
    assert_holds(ledger, site=site, reader=reviewer)
    assert errors == []


@pytest.mark.faults
def test_f05_frozen_for_a_minute(own_server, site, ledger):
    world = World(PEOPLE // 2 + 1)
    site.web()
    reviewer = Person.signed_in(site.url, "reviewer")
    world.approved(world.codes[-1], "98.20", by=reviewer)
    alive = []

    with Crowd.of(world, PEOPLE, site=site, ledger=ledger):
        time.sleep(3)
        own_server.freeze()
        frozen_at = time.monotonic()
        while time.monotonic() < frozen_at + 60:
            alive.append(Person(site.url).get("/healthz").seconds)
            time.sleep(0.5)
        own_server.thaw()
        thawed_at = time.monotonic()
        took = wait_until(lambda: is_ready(site.url), seconds=60)
        time.sleep(4)

    during = [each for each in ledger.attempts if frozen_at < each.begun < thawed_at]
    print(f"{len(during)} attempts while it stood still; alive within {max(alive):.1f} s")
    print(f"ready {took:.1f} s after it went on")
    assert_holds(ledger, site=site, reader=reviewer)
    assert not any(each.outcome == "ok" for each in during)
    assert max(alive) < 5


@pytest.mark.faults
def test_f06_disk_full_while_people_save(own_server_on_small_disk, site, ledger):
    """Whoever saves is refused until there is room again; the server itself goes on."""
    own_server = own_server_on_small_disk
    world = World(FEW // 2 + 1)
    site.web()
    reviewer = Person.signed_in(site.url, "reviewer")
    world.approved(world.codes[-1], "98.20", by=reviewer)

    def refused():
        return [each for each in ledger.attempts if each.status == 503]

    with Crowd.of(world, FEW, site=site, ledger=ledger):
        with filled_up(own_server.folder):
            took = wait_until(lambda: len(refused()) >= FEW, seconds=60)
            page = reviewer.get(f"/targets/{world.codes[-1]}/")
        freed_at = time.monotonic()
        wait_until(
            lambda: [
                each for each in ledger.attempts if each.begun > freed_at and each.outcome == "ok"
            ],
            seconds=60,
        )

    print(f"refused after {took:.1f} s; pages meanwhile: {page.status}")
    assert own_server.process.poll() is None, "it went on by itself"
    assert {each.outcome for each in refused()} == {"fail"}
    assert page.status == 200
    assert_holds(ledger, site=site, reader=reviewer)
