"""People who decide on one figure at once, and a right that goes while its holder's request waits
for a lock and his job for a worker."""

import threading
from datetime import timedelta

import psycopg2
import pytest
from django.conf import settings as project_settings
from django.utils import timezone

from indicators.actions import imports
from indicators.enums import ImportState
from indicators.models import Import, Observation, ObservationVersion, StaleRow
from targets_site.accounts.models import Post
from targets_site.audit.models import Entry
from tests.factories import make_reviewer
from tests.indicators.importing import LINE, csv_file, make_world, read
from tests.services.after_fault import assert_holds
from tests.services.held import Held, waiting_for_locks
from tests.services.people import Person
from tests.services.servers import database_url, wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="held by locks of PostgreSQL"),
]


@pytest.fixture
def reviewer(site, world, web):
    return Person.signed_in(site.url, "reviewer")


class Answers:
    """Of what several people do at once, by name; each in a thread."""

    def __init__(self):
        self.pages, self.threads = {}, []

    def ask(self, name, do):
        def run():
            self.pages[name] = do()

        self.threads.append(threading.Thread(target=run))
        self.threads[-1].start()

    def wait(self):
        for each in self.threads:
            each.join(30)
        assert not any(each.is_alive() for each in self.threads)


@pytest.mark.parametrize("first", ["approve", "return"])
def test_f21_two_reviewers_decide_at_once_while_the_official_saves(
    site, world, reviewer, official, ledger, first
):
    """The first stands before its commit while the others wait for the same figure: one wins."""
    make_reviewer("second", world.department.area)
    second = Person.signed_in(site.url, "second")
    code = world.codes[0]
    assert official.save(2020, "62.10").outcome == "ok"
    sent = world.submit(code)
    key = f"figure:{sent}"
    steps = {
        "approve": lambda: reviewer.post("/review/approve/", version=key),
        "return": lambda: second.post(
            "/review/return/", version=key, **{f"{key}-reason": "数据有误"}, reason="数据有误"
        ),
        "save": lambda: official.save(
            2020, "63.50", read_version=1, correction_reason="原数有误", confirmed="63.50"
        ),
    }
    answers = Answers()

    with Held() as held:
        answers.ask(first, steps[first])
        held.wait()
        for name in [each for each in steps if each != first]:
            answers.ask(name, steps[name])
        wait_until(lambda: len(waiting_for_locks()) == 3, seconds=4)
        held.release()
        answers.wait()

    assert answers.pages[first].status == 200, answers.pages[first].text
    other = "return" if first == "approve" else "approve"
    assert answers.pages[other].status == 409
    cell = Observation.objects.get(series=world.series[code], year=2020)
    assert cell.in_force_id == (sent if first == "approve" else None)
    # What the reviewer saw, whatever the official stored after.
    assert ObservationVersion.objects.get(pk=sent).value_as_stated == "62.10"
    assert StaleRow.objects.count() == (first == "approve")
    print(f"{first} won, {other} 409, the save: {answers.pages['save'].outcome}")
    assert_holds(ledger, site=site, reader=reviewer)


def lose_the_posts(world):
    Post.objects.filter(user=world.official).update(
        to_date=timezone.localdate() - timedelta(days=1)
    )


def test_f22_right_removed_while_the_request_waits(site, world, reviewer, official, ledger):
    """It waits for the figure's lock; when it gets it, the right is gone."""
    assert official.save(2020, "62.10").outcome == "ok"
    answers = Answers()
    other = psycopg2.connect(database_url())
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM indicators_observation FOR UPDATE")
        answers.ask("save", lambda: official.save(2020, "63.50", read_version=1))
        wait_until(lambda: len(waiting_for_locks()) == 1, seconds=4)
        lose_the_posts(world)
    finally:
        other.close()
    answers.wait()

    attempt = answers.pages["save"]
    assert (attempt.status, attempt.outcome) == (403, "fail")
    assert world.versions(world.codes[0]) == ["62.10"]
    denied = Entry.objects.get(action="denied")
    assert (denied.actor, denied.object) == (
        "official",
        f"observation:{official.series}:2020",
    )
    assert_holds(ledger, site=site, reader=reviewer)


def test_f22_right_removed_while_the_job_waits(site, settings):
    """An import that was read and confirmed; there is no worker yet."""
    settings.MEDIA_ROOT = site.var / "files"
    world = make_world()
    imported = read(csv_file(LINE), by=world.official)
    imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=True)
    lose_the_posts(world)

    site.worker()
    site.nudge("nudge_jobs")
    took = wait_until(lambda: Import.objects.get().state == ImportState.REFUSED, seconds=30)

    print(f"refused {took:.1f} s after its message")
    assert not ObservationVersion.objects.exists()
    assert not Entry.objects.filter(action="import").exists()
    denied = Entry.objects.get(action="denied")
    assert (denied.actor, denied.object) == ("wang", f"import:{imported.pk}")
