"""Taking a backup of the running product."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from targets_site.moments import to_the_second
from targets_site.operations.backups import encrypted, manifest
from targets_site.operations.backups.contents import contents
from targets_site.operations.backups.databases import this_database
from targets_site.operations.backups.errors import BackupError
from targets_site.operations.backups.folders import pack
from targets_site.product import product_version
from targets_site.snapshot import snapshot

FILES, HEADS = "files.tar", "heads.tar"
UNFINISHED = ".unfinished-"


def take(folder: Path, *, certificate: Path | None = None) -> Path:
    """The new backup's folder, `backup-<time>` within this one; nobody waits for it to be taken.

    certificate: encrypts it for whoever holds the key, as `backup-<time>.encrypted` beside it, to
    be carried away. Raises BackupError, and what the database and the disk raise; what was begun is
    removed then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder), unfinished(folder) as part:
        _fill(part)
        _put_on_disk(part)
        taken = part.rename(folder / _name())
    _sync(folder)
    if certificate is not None:
        encrypted.encrypt(taken, certificate=certificate)
    return taken


def backups(folder: Path) -> list[Path]:
    """The finished ones, oldest first."""
    return sorted(each for each in folder.glob("backup-*") if (each / manifest.NAME).is_file())


def _fill(part: Path) -> None:
    """The heads first: those noted later are not in the database's snapshot. Files last: what a row
    of the snapshot names was there before it."""
    pack(settings.TRAIL_HEADS_DIR, part / HEADS)
    database = this_database()
    taken_at = to_the_second(timezone.now())
    with snapshot():
        database.dump(part / database.file)
        held = contents()
    handed_in = pack(Path(settings.MEDIA_ROOT), part / FILES)
    manifest.write(
        part,
        manifest.Manifest(
            format=manifest.FORMAT,
            taken_at=taken_at,
            product_version=product_version(),
            database=connection.vendor,
            server_version=".".join(map(str, connection.get_database_version())),
            handed_in=handed_in,
            contents=held,
            files=manifest.described(part),
        ),
    )


def _name() -> str:
    return f"backup-{timezone.now():%Y%m%dT%H%M%SZ}"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Two at once would only make each other slow."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BackupError(
                "另一备份正在进行。/ Another backup is being taken into this folder."
            ) from error
        yield


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """A folder under a name that no backup has. One that a crash left is removed by the next."""
    for left in folder.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left)
    part = folder / f"{UNFINISHED}{os.getpid()}"
    part.mkdir(mode=0o700)
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _put_on_disk(part: Path) -> None:
    for each in part.iterdir():
        _sync(each)
    _sync(part)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
