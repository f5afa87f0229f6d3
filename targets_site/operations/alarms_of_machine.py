"""Disks, clock, Redis and backups: what lies outside the tables."""

import datetime
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_noop

from targets_site.alarms import Alarm, Facts
from targets_site.moments import to_the_second
from targets_site.operations.backups import bases

# A backup is taken and tried each night; two hours of grace for what takes long.
OLDEST_BACKUP = datetime.timedelta(hours=26)
# A base backup is taken in the night after a week.
OLDEST_BASE = datetime.timedelta(days=9)
# PostgreSQL refuses writes at the last byte; a tenth is days to act in.
LEAST_FREE_SHARE = 0.1
# Sessions, deadlines and one-time codes go by the clock.
MOST_SECONDS_APART = 5
# Full it takes no message: `noeviction`.
FULLEST_REDIS_SHARE = 0.8


def backup_is_old(_facts: Facts) -> Iterator[Alarm]:
    """By `status.json`, which the backup writes when it has ended."""
    try:
        said = json.loads((settings.BACKUPS_DIR / "status.json").read_text(encoding="utf-8"))
        finished = datetime.datetime.fromisoformat(said["finished_at"])
        is_good = said["verified"] is True and timezone.now() - finished < OLDEST_BACKUP
    except (OSError, ValueError, KeyError, TypeError):
        yield Alarm("backup", gettext_noop("There is no verified backup."))
        return
    if not is_good:
        form = gettext_noop("The newest backup is too old or was not verified: %(finished)s.")
        yield Alarm("backup", form, {"finished": said["finished_at"]})


def base_is_old(facts: Facts) -> Iterator[Alarm]:
    """Any minute since the newest one can be brought back; the log alone brings back nothing."""
    if not facts.of(_archive).is_kept:
        return
    newest = bases.newest_at(settings.BACKUPS_DIR)
    if newest is None:
        yield Alarm("base", gettext_noop("There is no base backup."))
    elif timezone.now() - newest > OLDEST_BASE:
        form = gettext_noop("The newest base backup is too old: %(taken)s.")
        yield Alarm("base", form, {"taken": to_the_second(newest)})


def disk_is_nearly_full(_facts: Facts) -> Iterator[Alarm]:
    folders = (settings.VAR_DIR, settings.TRAIL_HEADS_DIR, settings.BACKUPS_DIR)
    for each in dict.fromkeys(Path(folder) for folder in folders if Path(folder).is_dir()):
        disk = shutil.disk_usage(each)
        if disk.free < disk.total * LEAST_FREE_SHARE:
            form = gettext_noop("The disk of %(folder)s is nearly full: %(free)s MB are free.")
            yield Alarm("disk", form, {"folder": str(each), "free": disk.free // 2**20})


def archive_stands_still(facts: Facts) -> Iterator[Alarm]:
    """The log of all changes waits on the database's own disk meanwhile, until that is full; and
    what is not archived cannot be brought back by the minute."""
    if failed := facts.of(_archive).failed_at:
        form = gettext_noop("The log of changes is not archived since %(failed)s.")
        yield Alarm("archive", form, {"failed": to_the_second(failed)})


class Archive(NamedTuple):
    """Of the log of all changes. failed_at: where the last try did."""

    is_kept: bool
    failed_at: datetime.datetime | None


def _archive() -> Archive:
    if connection.vendor != "postgresql":
        return Archive(is_kept=False, failed_at=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('archive_mode') <> 'off', CASE"
            " WHEN last_failed_time > coalesce(last_archived_time, '-infinity')"
            " THEN last_failed_time END FROM pg_stat_archiver"
        )
        return Archive(*cursor.fetchone())


def clocks_differ(_facts: Facts) -> Iterator[Alarm]:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs((cursor.fetchone()[0] - timezone.now()).total_seconds())
    if apart > MOST_SECONDS_APART:
        form = gettext_noop("The clocks of database and application differ by %(seconds)s seconds.")
        yield Alarm("clock", form, {"seconds": round(apart)})


def redis_fails(_facts: Facts) -> Iterator[Alarm]:
    if settings.EMBEDDED:
        return
    try:
        memory = _memory_of_redis()
    except Exception:  # refused, frozen, wrong password: the same for who waits for it
        yield Alarm("redis", gettext_noop("Redis does not answer."))
        return
    most = memory["maxmemory"]
    if most and memory["used_memory"] > most * FULLEST_REDIS_SHARE:
        form = gettext_noop("The memory of Redis is nearly full: %(percent)s %%.")
        yield Alarm("redis", form, {"percent": memory["used_memory"] * 100 // most})


def _memory_of_redis() -> dict[str, Any]:
    from redis import Redis

    limits = {"socket_timeout": 1, "socket_connect_timeout": 1}
    with Redis.from_url(settings.REDIS_URL, **limits) as client:
        return dict(client.info("memory"))
