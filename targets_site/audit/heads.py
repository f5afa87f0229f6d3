"""Heads of the chain, in files outside the database: what shows that its end was cut off, or that
all of it was computed anew.

A line is position, seq, hash and time of Asia/Shanghai, parted by blanks; one file a month. Lines
are only ever appended. A line that a crash cut short counts for nothing.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from targets_site.audit.chain import Head, head
from targets_site.moments import to_the_second

LINE = re.compile(r"(\d{1,18}) (\d{1,18}) ([0-9a-f]{64}) ([-\d]{10}T[:\d]{8}[+-][:\d]{5})")
# What a crash leaves of one.
CUT_LINE = re.compile(r"\d{0,18}( \d{0,18}( [0-9a-f]{0,64}( [-T:+\d]{0,25})?)?)?")


@dataclass(frozen=True)
class Noted:
    """A line of a file. head: None where the line is none of ours."""

    head: Head | None
    at: str
    file: str
    line: int


def files(folder: Path | None = None) -> list[Path]:
    """Oldest first; folder: the configured one unless told."""
    return sorted((folder or settings.TRAIL_HEADS_DIR).glob("heads-????-??.txt"))


def noted(folder: Path | None = None) -> Iterator[Noted]:
    """Every line, in the order of writing. Raises OSError for a file that cannot be read."""
    for path in files(folder):
        with path.open(encoding="ascii", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                one = _noted(line, path, number)
                if one.head is not None or not CUT_LINE.fullmatch(line.rstrip("\n")):
                    yield one


def note_head() -> Head | None:
    """Append the chain's head where the last line is another; returns what was appended.

    Called after each batch and at a start, so that a crash between chaining and noting is made
    good. Raises OSError where the file cannot be written.
    """
    last = head()
    if last is None or last == _last_noted():
        return None
    _append(last)
    return last


def _noted(line: str, path: Path, number: int) -> Noted:
    found = LINE.fullmatch(line.rstrip("\n"))
    if found is None:
        return Noted(None, "", path.name, number)
    position, seq, hashed, at = found.groups()
    return Noted(Head(int(position), int(seq), hashed), at, path.name, number)


def _last_noted() -> Head | None:
    """From the end of the newest file; None also where that is no line of ours."""
    for path in reversed(files()):
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 1000))
            lines = file.read().decode("ascii", errors="replace").splitlines()
        if lines:
            return _noted(lines[-1], path, 0).head
    return None


def _append(last: Head) -> None:
    now = timezone.localtime(timezone=timezone.get_default_timezone())
    settings.TRAIL_HEADS_DIR.mkdir(parents=True, exist_ok=True)
    path = settings.TRAIL_HEADS_DIR / f"heads-{now:%Y-%m}.txt"
    line = f"{last.position} {last.seq} {last.hash} {to_the_second(now)}\n"
    is_new = not path.exists()
    # One write at the end of the file: two that note at once part their lines.
    with path.open("ab", buffering=0) as file:
        file.write((_end_of_cut_line(path) + line).encode("ascii"))
        os.fsync(file.fileno())
    if is_new:
        _keep_name(path.parent)


def _end_of_cut_line(path: Path) -> str:
    """What parts the next line from one that a crash cut short."""
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return ""
        file.seek(-1, os.SEEK_END)
        return "" if file.read() == b"\n" else "\n"


def _keep_name(folder: Path) -> None:
    """A new file's name is on the disk once its folder is."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
