"""The backup of each night: what is written down of it, what goes, what is tried again."""

import datetime
import json
import shutil
import threading

import pytest
from django.conf import settings as project_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from targets_site.operations.backups import manifest, nightly
from targets_site.operations.backups.databases import postgresql
from targets_site.operations.backups.taking import backups, take

DAY = datetime.timedelta(days=1)


@pytest.fixture
def folder(product, settings):
    """Where backups go, of a small product."""
    product.save(2020, "98.10")
    product.seal()
    settings.BACKUP_KEEP_DAYS = 30
    return settings.BACKUPS_DIR


def status(folder):
    return json.loads((folder / nightly.STATUS).read_text(encoding="utf-8"))


def aged(folder, *days):
    """Backups as if taken so many days ago, each with its encrypted copy; oldest first."""
    [taken] = backups(folder)
    for number in days:
        moment = timezone.now() - number * DAY
        older = shutil.copytree(taken, folder / f"backup-{moment:%Y%m%dT%H%M%SZ}")
        said = json.loads((older / manifest.NAME).read_text())
        (older / manifest.NAME).write_text(json.dumps({**said, "taken_at": moment.isoformat()}))
        older.with_name(f"{older.name}.encrypted").mkdir()
    shutil.rmtree(taken)
    return backups(folder)


def test_a_verified_backup_is_written_down_and_those_too_old_go(folder):
    take(folder)
    _oldest, _old, damaged, recent = aged(folder, 60, 31, 30.5, 29)
    (damaged / manifest.NAME).write_text("{")

    call_command("nightly_backup", "--once")

    *_before, newest = backups(folder)
    assert backups(folder) == [damaged, recent, newest]
    copies = sorted(each.name for each in folder.glob("*.encrypted"))
    assert copies == [f"{each.name}.encrypted" for each in (damaged, recent)]
    said = status(folder)
    assert timezone.now() - datetime.datetime.fromisoformat(said.pop("finished_at")) < DAY
    assert said == {
        "verified": True,
        "backup": newest.name,
        "sha256": manifest.sha256_of(newest / manifest.NAME),
        "error": "",
    }


def test_one_that_fails_is_written_down_and_removes_nothing(folder, settings, tmp_path):
    take(folder)
    before = aged(folder, 60, 29)
    settings.BACKUP_CERTIFICATE = tmp_path / "none.pem"

    with pytest.raises(CommandError) as refused:
        call_command("nightly_backup", "--once")

    said = status(folder)
    *others, left = backups(folder)
    assert refused.value.returncode == 1
    assert (said["verified"], said["backup"], bool(said["error"])) == (False, left.name, True)
    assert others == before


def test_of_those_that_failed_one_after_the_other_the_last_is_kept(folder, settings, tmp_path):
    """Until one is verified: else they would fill the disk by the hour."""
    take(folder)
    before = aged(folder, 29)
    settings.BACKUP_CERTIFICATE = tmp_path / "none.pem"
    left = []
    for hour in range(3):
        assert not nightly.once()
        named = later(folder / status(folder)["backup"], hours=3 - hour)
        assert backups(folder) == [*before, named]
        left.append(named)
    settings.BACKUP_CERTIFICATE = None

    assert nightly.once()

    assert backups(folder) == [*before, folder / status(folder)["backup"]]
    assert len(set(left)) == 3


def later(backup, *, hours):
    """As if so much time had passed since: no test waits for it."""
    moment = timezone.now() - datetime.timedelta(hours=hours)
    earlier = backup.rename(backup.with_name(f"backup-{moment:%Y%m%dT%H%M%SZ}"))
    said = status(backup.parent)
    (backup.parent / nightly.STATUS).write_text(json.dumps({**said, "backup": earlier.name}))
    return earlier


@pytest.mark.skipif(project_settings.EMBEDDED, reason="SQLite is tried in a file")
def test_a_database_that_a_killed_night_left_behind_is_dropped(folder):
    left = f"{postgresql.SCRATCH}20200101_0000"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {left}")

        call_command("nightly_backup", "--once")

        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [left])
        assert cursor.fetchall() == []
    assert status(folder)["verified"]


def test_it_runs_at_half_past_two_and_again_an_hour_after_a_failure(monkeypatch, tmp_path):
    """The clock goes on a minute whenever it is looked at; no backup is taken."""
    clock = [datetime.datetime.fromisoformat("2026-03-01T01:00:00+08:00")]
    outcomes, tried = [False, False, True, True], []
    stopped = threading.Event()

    def now():
        clock[0] += datetime.timedelta(minutes=1)
        return clock[0]

    def once():
        tried.append(f"{timezone.localtime(clock[0]):%d %H:%M}")
        if len(tried) == len(outcomes):
            stopped.set()
        return outcomes[len(tried) - 1]

    monkeypatch.setattr(timezone, "now", now)
    monkeypatch.setattr(nightly, "once", once)
    monkeypatch.setattr(nightly, "LOOKS_EVERY_SECONDS", 0)

    nightly.run_until(stopped, heartbeat=tmp_path / "alive")

    assert [each.split(":")[0] for each in tried] == ["01 02", "01 03", "01 04", "02 02"]
    assert (tmp_path / "alive").exists()
