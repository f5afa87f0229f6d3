"""Where the files of large exports lie: whole or not at all, under a name of our own."""

import datetime
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings

from targets_site.whole_file import write_whole

BLOCK = 1 << 20


class Gone(Exception):
    """The file was kept long enough, or is not the one that was written."""


def folder() -> Path:
    """Made where it is missing; nothing in it is served but by the view that checks rights."""
    path: Path = settings.VAR_DIR / "exports"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def write(blocks: Iterable[bytes]) -> str:
    """The name under which the file lies; new with each attempt, since a killed one leaves its
    part behind. Raises OSError and whatever `blocks` raises; then nothing lies there."""
    stored = uuid4().hex
    write_whole(folder() / stored, blocks)
    return stored


def drop(stored: str) -> None:
    (folder() / stored).unlink(missing_ok=True)


def open_checked(stored: str, *, sha256: str) -> BinaryIO:
    """The file from its start, once every byte of it is found as it was written.

    Raises Gone where it is there no more, or says something else.
    """
    try:
        file = (folder() / stored).open("rb")
    except FileNotFoundError:
        raise Gone(stored) from None
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
        file.close()
        raise Gone(f"{stored} was changed")
    file.seek(os.SEEK_SET)
    return file


def forget(before: datetime.datetime) -> int:
    """Drop what was written before then, also what killed processes left; returns how much."""
    old = [path for path in folder().iterdir() if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
