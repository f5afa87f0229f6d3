"""A worker that dies while it reads or stores an imported file leaves nothing half done."""

import time

import pytest
from django.conf import settings as project_settings
from django.db import connection, transaction
from django.utils import timezone

from indicators import tasks
from indicators.actions import imports
from indicators.enums import ImportState, JobState
from indicators.models import Import, ImportLine, JobPart, Observation, ObservationVersion
from targets_site.audit.models import Entry
from tests.benchmarks.preview_import import REASON, World
from tests.services.servers import wait_until
from tests.services.test_celery import worker

pytestmark = [
    pytest.mark.faults,
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="the embedded mode has no worker"),
]

# Half of them new, a tenth corrections; reading and storing takes seconds.
LINES = 20_000
NEW, CHANGED, UNCHANGED = 10_000, 2_000, 8_000


@pytest.fixture
def handed_in(tmp_path, settings, monkeypatch):
    """A file that waits to be read, where the worker finds it too."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    settings.MEDIA_ROOT = tmp_path / "var" / "files"
    world = World(LINES, tmp_path)
    with world.csv_file().open("rb") as file:
        return imports.start(
            upload=file, name="figures.csv", correction_reason=REASON, by=world.official
        )


def test_f14_a_reader_killed_in_the_middle_starts_again_once_its_time_is_up(handed_in, tmp_path):
    before = what_is_stored()
    with worker(tmp_path / "first.log") as first:
        tasks.nudge_jobs()
        wait_until(lambda: now(handed_in).job.done > 0, seconds=60)
        first.kill()
    killed = now(handed_in)
    assert (killed.state, killed.job.state) == (ImportState.WAITING, JobState.RUNNING)
    assert 0 < killed.job.done < LINES
    assert killed.lines.count() == killed.job.done, "a block stands with its progress, or not"
    assert what_is_stored() == before

    with worker(tmp_path / "second.log"):
        tasks.nudge_jobs()
        time.sleep(1)
        part = JobPart.objects.get()
        assert part.attempts == 1, "it might still be at work"
        wait_until(lambda: timezone.now() > part.leased_until, seconds=90)
        tasks.nudge_jobs()
        wait_until(lambda: now(handed_in).state == ImportState.PREVIEWED, seconds=120)

    read = now(handed_in)
    assert {key: read.counts[key] for key in ("new", "changed", "unchanged")} == {
        "new": NEW, "changed": CHANGED, "unchanged": UNCHANGED,
    }  # fmt: skip
    numbers = read.lines.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(2, LINES + 2))
    assert what_is_stored() == before


def test_f14_a_worker_killed_while_it_stores_leaves_nothing_and_the_next_stores_all(
    handed_in, tmp_path
):
    imports.work_off(handed_in)
    imports.ask_to_store(imported=handed_in, seen=handed_in.read_at, confirmed=True)
    before = what_is_stored()
    with worker(tmp_path / "first.log") as first:
        tasks.nudge_jobs()
        wait_until(writes_versions, seconds=60)
        first.kill()
    wait_until(is_free, seconds=30)
    assert now(handed_in).state == ImportState.TO_STORE
    assert what_is_stored() == before

    with worker(tmp_path / "second.log"):
        wait_until(lambda: timezone.now() > JobPart.objects.get().leased_until, seconds=90)
        tasks.nudge_jobs()
        wait_until(lambda: now(handed_in).state == ImportState.STORED, seconds=120)

    drafts = ObservationVersion.objects.filter(state="draft")
    assert drafts.count() == NEW + CHANGED
    assert Observation.objects.filter(working__in=drafts).count() == NEW + CHANGED
    assert Entry.objects.filter(action="import").count() == 1
    assert ImportLine.objects.count() == LINES


def now(imported):
    return Import.objects.select_related("job").get(pk=imported.pk)


def what_is_stored():
    versions = ObservationVersion.objects
    entries = Entry.objects.exclude(object__startswith="job:")
    return Observation.objects.count(), versions.count(), entries.count()


def writes_versions():
    """Whether another connection has written versions that nobody else sees yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks JOIN pg_class ON pg_class.oid = relation WHERE relname ="
            " 'indicators_observationversion' AND mode = 'RowExclusiveLock' AND pid <>"
            " pg_backend_pid() AND database = (SELECT oid FROM pg_database WHERE datname ="
            " current_database())"
        )
        return cursor.fetchone() is not None


def is_free():
    """Whether the dead worker's transaction has ended."""
    with transaction.atomic():
        return JobPart.objects.select_for_update(skip_locked=True).first() is not None
