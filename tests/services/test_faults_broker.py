"""Redis that refuses, hangs, comes back empty or cuts every connection, and beat that is away: the
person who saves is answered in time, and what waits is worked off by nobody's hand, once."""

import json
import time
from urllib.request import urlopen

import pytest
import redis
from django.conf import settings as project_settings

from indicators.models import StaleRow
from targets_site.health import KEPT_SECONDS
from tests.services.after_fault import assert_holds
from tests.services.oracle import World
from tests.services.people import Official, Person
from tests.services.servers import wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="the embedded mode has no Redis"),
]

TARGETS = 12
# Seconds; of a person's patience the contract says 10.
ANSWERED = 10
# A worker that lost its broker tries again after up to 30 s, beat sweeps every 30 s.
SOON = 120


@pytest.fixture
def world(site):
    return World(TARGETS, documents=3)


class Desk:
    """An official and a reviewer at work; how long each of their requests took."""

    def __init__(self, site, world, ledger):
        self.site, self.world = site, world
        self.took = {"page": [], "save": [], "approve": []}
        self.reviewer = Person.signed_in(site.url, "reviewer")
        first = world.series[world.codes[0]].code
        self.official = Official(Person.signed_in(site.url, "official"), first, ledger)
        self.saves = 0

    def read(self, code):
        page = self.reviewer.get(f"/targets/{code}/")
        assert page.status == 200
        self.took["page"].append(page.seconds)

    def save(self):
        """The next version of a draft."""
        attempt = self.official.save(2020, f"98.{self.saves + 10}", read_version=self.saves)
        self.saves += 1
        assert attempt.outcome == "ok"
        self.took["save"].append(attempt.seconds)

    def approve(self, code, value):
        page = self.world.approved(code, value, by=self.reviewer)
        self.took["approve"].append(page.seconds)

    def work(self, codes, value):
        """A round of all three for each of the targets, none of which is the one of the draft."""
        for code in codes:
            self.save()
            self.approve(code, value)
            self.read(code)

    def assert_answered(self):
        assert max(each for took in self.took.values() for each in took) < ANSWERED
        assert_holds(self.official.ledger, site=self.site, reader=self.reviewer)

    def __str__(self):
        return ", ".join(
            f"{name} {max(took):.2f} s at most, {sum(took) / len(took):.2f} s on average"
            for name, took in self.took.items()
        )


def report(capsys, fault, seconds, desk=""):
    with capsys.disabled():
        print(f"\n{fault}: worked off after {seconds:.1f} s; {desk}")


def facts(site):
    """What `/readyz` says, once what it said before is forgotten."""
    time.sleep(KEPT_SECONDS)
    with urlopen(f"{site.url}/readyz", timeout=10) as answer:
        return json.load(answer)


def worked_off(*, seconds=SOON):
    return wait_until(lambda: not StaleRow.objects.exists(), seconds=seconds)


def test_f09_a_person_is_answered_while_redis_refuses(site, world, ledger, capsys):
    """The quick one, also in the ordinary run."""
    site.web()
    site.broker.kill()
    desk = Desk(site, world, ledger)

    desk.work(world.codes[1:4], "97.95")
    assert StaleRow.objects.count() == 3
    site.broker.start()
    site.worker()
    site.nudge()
    took = worked_off()

    report(capsys, "Redis refused, then the next message", took, desk)
    desk.assert_answered()
    world.assert_effective_once()


def test_f11_redis_is_full(site, world, ledger, capsys):
    """It takes no message and throws none away; that work waits, and how long, stands in
    `/readyz`."""
    site.web()
    desk = Desk(site, world, ledger)
    desk.work(world.codes[1:2], "97.95")
    with redis.Redis(port=site.broker.port) as broker:
        assert broker.llen("celery") == 1
        broker.config_set("maxmemory", "1mb")
        with pytest.raises(redis.exceptions.OutOfMemoryError):
            broker.set("more", "x" * 1_000_000)

        desk.work(world.codes[2:5], "97.95")
        waiting = facts(site)["stale_rows"]
        kept = (broker.llen("celery"), broker.info("stats")["evicted_keys"])
        broker.config_set("maxmemory", "0")

    assert (waiting["count"], kept) == (4, (1, 0))
    assert waiting["oldest_seconds"] >= 1
    site.worker()
    site.nudge()
    took = worked_off()
    report(capsys, "Redis full, then the next message", took, desk)
    desk.assert_answered()
    world.assert_effective_once()


@pytest.mark.faults
def test_f09_redis_refuses_from_the_first_message_on(site, world, ledger, capsys):
    site.broker.kill()
    site.web()
    desk = Desk(site, world, ledger)

    desk.work(world.codes[1:9], "97.95")
    assert StaleRow.objects.count() == 8
    site.broker.start()
    site.worker(), site.beat()
    took = worked_off()

    report(capsys, "Redis refused, before any worker", took, desk)
    desk.assert_answered()
    world.assert_effective_once()


@pytest.mark.faults
def test_f09_redis_refuses_under_a_running_worker_and_beat(site, world, ledger, capsys):
    site.web(), site.worker(), site.beat()
    desk = Desk(site, world, ledger)
    desk.work(world.codes[1:2], "97.95")
    worked_off()

    site.broker.kill()
    desk.work(world.codes[2:9], "97.95")
    time.sleep(20)
    assert StaleRow.objects.count() == 7
    site.broker.start()
    took = worked_off()

    report(capsys, "Redis refused, under a worker", took, desk)
    desk.assert_answered()
    world.assert_effective_once()


@pytest.mark.faults
def test_f10_redis_freezes_for_a_minute(site, world, ledger, capsys):
    site.web(), site.worker(), site.beat()
    desk = Desk(site, world, ledger)
    desk.work(world.codes[1:2], "97.95")
    worked_off()

    site.broker.freeze()
    frozen_at = time.monotonic()
    desk.work(world.codes[2:9], "97.95")
    while time.monotonic() < frozen_at + 60:
        desk.read(world.codes[1])
        time.sleep(2)
    assert StaleRow.objects.count() == 7
    site.broker.thaw()
    took = worked_off()

    report(capsys, "Redis frozen for a minute", took, desk)
    desk.assert_answered()
    world.assert_effective_once()


@pytest.mark.faults
def test_f12_redis_comes_back_empty_while_rows_wait(site, world, ledger, capsys):
    """Every message is gone; nobody sends one again but beat, which lost its connection too."""
    site.web(), site.beat()
    desk = Desk(site, world, ledger)
    desk.work(world.codes[1:9], "97.95")
    world.put_in_force("98.20", world.codes[9:])
    site.broker.lose_everything()
    assert StaleRow.objects.count() == TARGETS - 1

    site.worker()
    took = worked_off()

    report(capsys, "Redis emptied", took, desk)
    desk.assert_answered()
    world.assert_effective_once()


@pytest.mark.faults
def test_f13_connections_are_reset_twenty_times_in_ten_seconds(site, world, ledger, capsys):
    site.web()
    worker, beat = site.worker(), site.beat()
    desk = Desk(site, world, ledger)
    for turn in range(20):
        site.broker.reset_connections()
        if turn % 2:
            desk.work([world.codes[1 + turn // 2]], "97.95")
        time.sleep(0.5)
    took = worked_off()

    report(capsys, "connections reset", took, desk)
    desk.assert_answered()
    world.assert_effective_once()
    desk.work([world.codes[11]], "98.40")
    again = worked_off(seconds=20)
    report(capsys, "the next approval after the resets", again)
    world.assert_effective_once()
    assert (worker.process.poll(), beat.process.poll()) == (None, None)


@pytest.mark.faults
def test_f18_beat_is_dead_and_then_there_are_two(site, world, capsys):
    site.worker()
    world.put_in_force("97.95")
    time.sleep(35)
    assert StaleRow.objects.count() == TARGETS, "nobody said anything to the worker"

    beats = [site.beat("first"), site.beat("second")]
    took = worked_off()
    report(capsys, "beat dead, then two of them", took)
    world.assert_effective_once()
    world.put_in_force("98.30")
    worked_off()
    time.sleep(31)
    world.assert_effective_once()
    beats[0].kill()
    world.put_in_force("97.10")
    worked_off()
    world.assert_effective_once()
