"""HTML to PDF, and pictures to dots, by the press (`press.py`): a process of its own for each.

A web worker that set pages itself would keep 60 MB and hold up its other readers.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore

from reports.paper.errors import NotGiven, PaperUnavailable, PressOccupied
from reports.paper.press import (
    REFUSED,
    UNAVAILABLE,
    Pressed,
    Task,
    as_text,
    results_of,
    tasks_as_bytes,
)

logger = logging.getLogger(__name__)

PRESS = (sys.executable, "-m", "reports.paper.press")
SECONDS_TO_PRESS = 60.0
# Anybody who reads may ask; each press takes a core and 100 MB.
MOST_PRESSES = 2
SECONDS_TO_WAIT = 20.0
# What fonts are found by; no secrets.
PASSED_ON = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
PROJECT = Path(__file__).resolve().parents[2]
LONGEST_REASON = 2000

_presses = BoundedSemaphore(MOST_PRESSES)


def pdf_of(html: str, *, assets: Mapping[str, bytes] | None = None) -> bytes:
    """A4 pages of a whole HTML document, set in `paper.css`; the same bytes for the same input.

    assets: pictures and style sheets by name, which the HTML names as `paper:NAME`; whatever else
    it names is refused. Raises PaperUnavailable where the machine cannot set text, PressOccupied
    where it takes too long, NotGiven where the HTML asks for more than came with it.
    """
    return press([Task(html, _carried(assets))])[0].content


def one_page_of(html: str, *, sizes: Sequence[float]) -> Pressed:
    """As `pdf_of`, in the largest of the sizes (points, the smallest first) with which all of it
    is on one page; in the smallest where none does that."""
    return press([Task(html, sizes=tuple(sizes))])[0]


def press(tasks: Sequence[Task]) -> list[Pressed]:
    """What the press makes of the tasks, in their order. Raises as `pdf_of`."""
    with _a_press():
        ended = run_press(tasks_as_bytes(tasks))
    reason = ended.stderr.decode(errors="replace").strip()[-LONGEST_REASON:]
    if ended.returncode == REFUSED:
        raise NotGiven(reason)
    if ended.returncode == UNAVAILABLE:
        raise PaperUnavailable(reason)
    if ended.returncode:
        logger.error("The press ended with %s: %s", ended.returncode, reason)
        raise PressOccupied(f"ended with {ended.returncode}")
    return results_of(ended.stdout)


def _carried(assets: Mapping[str, bytes] | None) -> dict[str, str]:
    return {name: as_text(content) for name, content in (assets or {}).items()}


def run_press(tasks: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            PRESS,
            input=tasks,
            capture_output=True,
            cwd=PROJECT,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            timeout=SECONDS_TO_PRESS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        logger.exception("The press took longer than %s s", SECONDS_TO_PRESS)
        raise PressOccupied("took too long") from error


@contextmanager
def _a_press() -> Iterator[None]:
    if not _presses.acquire(timeout=SECONDS_TO_WAIT):
        raise PressOccupied("others print")
    try:
        yield
    finally:
        _presses.release()
