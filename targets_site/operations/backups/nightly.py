"""Each night a backup, verified, and each week a base for restores to the minute; what is too old
goes, and the state is written down."""

import datetime
import json
import logging
import shutil
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone

from targets_site.moments import start_of, to_the_second
from targets_site.operations.backups import bases, encrypted, manifest
from targets_site.operations.backups.databases import postgresql
from targets_site.operations.backups.errors import BackupError
from targets_site.operations.backups.taking import backups, take
from targets_site.operations.backups.verifying import verify_backup
from targets_site.whole_file import write_whole

logger = logging.getLogger(__name__)

STATUS = "status.json"
AT = datetime.timedelta(hours=2, minutes=30)
TRIES_AGAIN_AFTER = datetime.timedelta(hours=1)
LOOKS_EVERY_SECONDS = 30.0


def run_until(stopped: threading.Event, *, heartbeat: Path | None = None) -> None:
    """At half past two, site time; one that failed again an hour later. heartbeat: touched at each
    look, for a health check."""
    due = _next_due()
    logger.info("Next backup: %s", due.isoformat())
    while not stopped.wait(LOOKS_EVERY_SECONDS):
        if heartbeat is not None:
            heartbeat.touch()
        if timezone.now() >= due:
            due = _next_due() if once() else timezone.now() + TRIES_AGAIN_AFTER


def once() -> bool:
    """Whether a verified backup was taken. Whatever fails is written down and removes none of the
    backups that there are, but for what the try before it left unverified: else a disk would be
    filled by the hour."""
    folder = settings.BACKUPS_DIR
    before, unverified = backups(folder), _unverified(folder)
    try:
        close_old_connections()
        if connection.vendor == "postgresql":
            postgresql.drop_left_behind()
        taken = take(folder, certificate=settings.BACKUP_CERTIFICATE)
        verify_backup(taken)
        _write_down(folder, backup=taken)
        _remove_old(folder)
        _remove(unverified)
        logger.info("Taken and verified: %s", taken.name)
        _take_base(folder)
    except Exception as error:
        logger.exception("The nightly backup failed.")
        connection.close()
        left = next((each for each in reversed(backups(folder)) if each not in before), None)
        _write_down(folder, backup=left or unverified, error=str(error)[-2000:] or repr(error))
        if left is not None:
            _remove(unverified)
        return False
    return True


def _take_base(folder: Path) -> None:
    """The backup of the night is good without it: what fails is tried the next night, and an alarm
    tells that none was taken for too long."""
    try:
        bases.take_if_due(folder)
    except Exception:
        logger.exception("The base backup failed.")


def _next_due() -> datetime.datetime:
    today = start_of(timezone.localdate()) + AT
    return today if timezone.now() < today else today + datetime.timedelta(days=1)


def _unverified(folder: Path) -> Path | None:
    """What the last try left that could not be verified."""
    try:
        said = json.loads((folder / STATUS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    named = [each for each in backups(folder) if each.name == said.get("backup")]
    return named[0] if named and not said.get("verified") else None


def _write_down(folder: Path, *, backup: Path | None, error: str = "") -> None:
    """For whoever watches: when the last try ended and whether there is a good backup of it.

    backup: what it left. error: why that, if anything, is not verified.
    """
    said: dict[str, Any] = {
        "finished_at": to_the_second(timezone.now()),
        "verified": not error,
        "backup": backup.name if backup else "",
        "sha256": manifest.sha256_of(backup / manifest.NAME) if backup else "",
        "error": error,
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / STATUS, [json.dumps(said, ensure_ascii=False, indent=1).encode()])


def _remove_old(folder: Path) -> None:
    """Called once a newer one is verified. One that does not say how old it is stays."""
    oldest = timezone.now() - datetime.timedelta(days=settings.BACKUP_KEEP_DAYS)
    for each in backups(folder)[:-1]:
        try:
            taken = datetime.datetime.fromisoformat(manifest.read(each).taken_at)
        except BackupError as error:
            logger.warning("Left where it is: %s: %s", each, error)
            continue
        if taken < oldest:
            _remove(each)


def _remove(backup: Path | None) -> None:
    """And its encrypted copy."""
    if backup is not None:
        shutil.rmtree(backup)
        shutil.rmtree(backup.with_name(backup.name + encrypted.SUFFIX), ignore_errors=True)
