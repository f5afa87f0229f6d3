"""Workers, their children and their database connections that are killed in the middle of a batch:
every stale row is worked off in the end, effective once, by nobody's hand."""

import os
import signal

import pytest
from django.conf import settings as project_settings

from indicators.models import StaleRow
from tests.services.oracle import Slowed, World
from tests.services.servers import wait_until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="the embedded mode has no worker"),
]

TARGETS = 40
# The next sweep of beat is at most 30 s away, and a dead worker's transaction ends first.
SOON = 90


@pytest.fixture
def world(site):
    return World(TARGETS, documents=4)


@pytest.fixture
def hindered(world):
    """One target in the middle of the batch, at which whoever computes it stands for a while."""
    return world.codes[TARGETS // 2]


def report(capsys, fault, seconds):
    with capsys.disabled():
        print(f"\n{fault}: worked off after {seconds:.1f} s")


def worked_off(*, seconds=SOON):
    return wait_until(lambda: not StaleRow.objects.exists(), seconds=seconds)


def test_f14_a_worker_killed_in_mid_batch(site, world, hindered, capsys):
    with Slowed(world.target(hindered), seconds=4) as slowed:
        first = site.worker("first")
        site.beat()
        world.put_in_force("97.95")
        site.nudge()
        slowed.wait()
        first.kill()
        assert StaleRow.objects.count() == TARGETS

        site.worker("second")
        took = worked_off()

    report(capsys, "worker killed", took)
    world.assert_effective_once()


def test_f15_a_child_killed_in_mid_batch(site, world, hindered, capsys):
    with Slowed(world.target(hindered), seconds=4) as slowed:
        worker = site.worker()
        site.beat()
        world.put_in_force("97.95")
        site.nudge()
        slowed.wait()
        for child in worker.children():
            os.kill(child, signal.SIGKILL)
        assert StaleRow.objects.count() == TARGETS
        took = worked_off()

    report(capsys, "child killed", took)
    world.assert_effective_once()
    assert worker.process.poll() is None


def test_f15_a_row_that_kills_its_child_each_time_is_left_alone_and_holds_up_no_other(
    site, world, hindered, capsys
):
    """As one that takes more memory than there is: the kernel kills whoever computes it."""
    left_at_kill = {}
    with Slowed(world.target(hindered), seconds=20) as slowed:
        worker = site.worker(more=["--concurrency=1"])
        site.beat()
        world.put_in_force("97.95")
        site.nudge()

        def killed_as_often_as_it_may():
            for backend in slowed.backends():
                if backend not in left_at_kill:
                    left_at_kill[backend] = StaleRow.objects.count()
                    os.kill(worker.children()[0], signal.SIGKILL)
                    slowed.terminate(backend)
            return len(left_at_kill) == StaleRow.MAX_ATTEMPTS

        took = wait_until(killed_as_often_as_it_may, seconds=4 * SOON)

        world.put_in_force("98.60", [code for code in world.codes if code != hindered])
        wait_until(lambda: StaleRow.objects.count() == 1, seconds=SOON)

    report(capsys, "a row that kills, after three kills", took)
    first, *_, last = left_at_kill.values()
    assert (first, last) == (TARGETS, 1), "the others were worked off before it was tried again"
    assert StaleRow.objects.get().attempts == StaleRow.MAX_ATTEMPTS
    assert StaleRow.objects.get().error == "the process ended while it was computed"
    world.assert_effective_once(without=[hindered])


def test_f03_a_database_connection_ended_in_mid_batch(site, world, hindered, capsys):
    with Slowed(world.target(hindered), seconds=4) as slowed:
        site.worker()
        site.beat()
        world.put_in_force("97.95")
        site.nudge()
        slowed.terminate(slowed.wait())
        took = worked_off()

    report(capsys, "database connection ended", took)
    world.assert_effective_once()
