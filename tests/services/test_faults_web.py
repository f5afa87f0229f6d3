"""A web worker, or its connection to the database, that dies while somebody saves."""

import os
import signal
import threading

import pytest
from django.conf import settings as project_settings

from tests.services.after_fault import assert_holds
from tests.services.held import AT_COMMIT, BEFORE_COMMIT, FOLDER_VARIABLE, Held, held_answers
from tests.services.people import Person
from tests.services.servers import is_ready, wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="held by triggers of PostgreSQL"),
]


@pytest.fixture
def reviewer(site, world, web):
    person = Person.signed_in(site.url, "reviewer")
    world.approved(world.codes[1], "98.20", by=person)
    return person


class Saving:
    """A save that is under way, in a thread."""

    def __init__(self, official, value):
        self.thread = threading.Thread(target=official.save, args=(2020, value))
        self.thread.start()

    def ended(self):
        self.thread.join(30)
        assert not self.thread.is_alive()


def kill_workers(site, web):
    """All of them at once; the master starts others."""
    for worker in web.children():
        os.kill(worker, signal.SIGKILL)
    wait_until(lambda: is_ready(site.url), seconds=60)


def test_f01_web_worker_killed_before_commit(site, world, web, reviewer, official, ledger):
    with Held() as held:
        saving = Saving(official, "62.10")
        held.wait()
        kill_workers(site, web)
        saving.ended()

    assert ledger.outcomes() == {"unknown": 1}
    assert world.versions(world.codes[0]) == []
    assert official.save(2020, "62.10").outcome == "ok"
    assert world.versions(world.codes[0]) == ["62.10"]
    assert_holds(ledger, site=site, reader=reviewer)


@pytest.fixture
def _answers_can_be_held(tmp_path, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.services.held_settings")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))


@pytest.mark.usefixtures("_answers_can_be_held")
def test_f02_web_worker_killed_after_commit(site, world, web, reviewer, official, ledger, tmp_path):
    with held_answers(tmp_path) as wait:
        saving = Saving(official, "62.10")
        wait()
        kill_workers(site, web)
        saving.ended()

    assert ledger.outcomes() == {"unknown": 1}
    assert world.versions(world.codes[0]) == ["62.10"]
    assert official.save(2020, "62.10").outcome == "ok"
    assert world.versions(world.codes[0]) == ["62.10"]
    assert_holds(ledger, site=site, reader=reviewer)


@pytest.mark.parametrize("when", [BEFORE_COMMIT, AT_COMMIT])
def test_f03_connection_ended_while_somebody_saves(site, reviewer, official, ledger, world, when):
    """Before the commit nothing is stored, and the person is told so; once the server was asked to
    commit nobody knows, and the person is asked to look."""
    with Held(when=when) as held:
        saving = Saving(official, "62.10")
        held.wait()
        held.terminate()
        saving.ended()

    [attempt] = ledger.attempts
    assert attempt.status == 503
    assert attempt.outcome == ("fail" if when == BEFORE_COMMIT else "unknown")
    assert official.save(2020, "62.10").outcome == "ok"
    assert world.versions(world.codes[0]) == ["62.10"]
    assert_holds(ledger, site=site, reader=reviewer)
