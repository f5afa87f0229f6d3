"""Each week a copy of the whole database server, onto which its archived log is played: together
they bring back any minute since."""

import datetime
import logging
import re
import shutil
from pathlib import Path

from django.db import connection
from django.utils import timezone

from targets_site.operations.backups.databases import postgresql
from targets_site.operations.backups.errors import BackupError
from targets_site.operations.backups.taking import UNFINISHED, alone, unfinished

logger = logging.getLogger(__name__)

# Less than a week: one that began later than this night's would put it off to the next.
EVERY = datetime.timedelta(days=6, hours=12)
# While the newer one is taken the older one is all there is.
KEPT = 2
NAME = "base-%Y%m%dT%H%M%SZ"
NAMED = re.compile(r"base-\d{8}T\d{6}Z")
# The copy brings the log of the time that it takes along.
ROOM = 1.2


def _are_taken() -> bool:
    """Whether the server archives its log; without it a copy of its files is no more than a
    backup."""
    return connection.vendor == "postgresql" and postgresql.archives()


def take_if_due(folder: Path) -> None:
    """A new one, checked, as `base-<time>` in the folder, where the newest is a week old; those
    before the last two go. Raises BackupError, and what the database and the disk raise; what was
    begun is removed then."""
    newest = newest_at(folder)
    if not _are_taken() or (newest and timezone.now() - newest < EVERY):
        return
    with alone(folder), unfinished(folder) as part:
        at = timezone.now()
        _check_room(folder)
        postgresql.copy_server(part)
        base = part.rename(folder / f"{at.astimezone(datetime.UTC):{NAME}}")
    logger.info("Taken and checked: %s", base.name)
    for each in bases(folder)[:-KEPT]:
        # Under that name the next one removes what a crash leaves of it.
        shutil.rmtree(each.rename(folder / f"{UNFINISHED}{each.name}"))


def _check_room(folder: Path) -> None:
    """Where the disk is the server's own, one that is full stops the server."""
    wanted, free = int(postgresql.size_of_server() * ROOM), shutil.disk_usage(folder).free
    if free < wanted:
        raise BackupError(
            f"磁盘空间不足：需要 {wanted // 2**20} MB，可用 {free // 2**20} MB。/ "
            f"There is no room: {wanted // 2**20} MB are needed, {free // 2**20} MB are free."
        )


def newest_at(folder: Path) -> datetime.datetime | None:
    """When it was begun; None where there is none."""
    found = bases(folder)
    return _begun_at(found[-1]) if found else None


def bases(folder: Path) -> list[Path]:
    """The finished ones, oldest first."""
    finished = (each.parent for each in folder.glob("base-*/backup_manifest"))
    return sorted(each for each in finished if NAMED.fullmatch(each.name))


def _begun_at(base: Path) -> datetime.datetime:
    return datetime.datetime.strptime(base.name, NAME).replace(tzinfo=datetime.UTC)
