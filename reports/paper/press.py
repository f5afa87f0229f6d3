"""The press: a process of its own that sets pages, so that no web worker grows by it or is held up.

    python -m reports.paper.press < TASKS > RESULTS

Tasks are JSON, a list of `Task`; a result is the task's file and, where sizes were given, the one
chosen. Both ways are plain frames, nothing that runs. Without the database and without secrets.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import BinaryIO

from reports.paper.errors import NotGiven, PaperUnavailable
from reports.paper.setting import draw, set_pages

# What a process ends with.
REFUSED, UNAVAILABLE = 3, 4
LARGEST_BYTES = 1536 * 1024 * 1024
LOWER_PRIORITY = 5


@dataclass(frozen=True)
class Task:
    """assets: by name, in base64. sizes: see `set_pages`. as_picture: PNG instead of PDF."""

    html: str
    assets: dict[str, str] = field(default_factory=dict)
    sizes: tuple[float, ...] = ()
    as_picture: bool = False


@dataclass(frozen=True)
class Pressed:
    """size: in which the text is set; 0 where the task named none."""

    content: bytes
    size: float


def as_text(content: bytes) -> str:
    """Bytes as a task carries them."""
    return base64.b64encode(content).decode()


def tasks_as_bytes(tasks: Iterable[Task]) -> bytes:
    return json.dumps([asdict(task) for task in tasks], ensure_ascii=False).encode()


def tasks_of(content: bytes) -> list[Task]:
    return [Task(**each) for each in json.loads(content)]


def results_of(content: bytes) -> list[Pressed]:
    """Raises ValueError where it breaks off."""
    head, _line, files = content.partition(b"\n")
    results, start = [], 0
    for length, size in json.loads(head):
        results.append(Pressed(files[start : start + length], size))
        start += length
    if start != len(files):
        raise ValueError("the press broke off")
    return results


def main() -> int:
    """Exit code 0; REFUSED or UNAVAILABLE with the reason in stderr."""
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_BYTES, LARGEST_BYTES))
    os.nice(LOWER_PRIORITY)
    try:
        results = [pressed(task) for task in tasks_of(sys.stdin.buffer.read())]
    except NotGiven as error:
        return _say(REFUSED, error)
    except PaperUnavailable as error:
        return _say(UNAVAILABLE, error)
    write_results(results, to=sys.stdout.buffer)
    return 0


def pressed(task: Task) -> Pressed:
    assets = {name: base64.b64decode(content) for name, content in task.assets.items()}
    pdf, size = set_pages(task.html, assets, sizes=task.sizes)
    return Pressed(draw(pdf) if task.as_picture else pdf, size)


def write_results(results: list[Pressed], *, to: BinaryIO) -> None:
    """A line that says how long each file is, and the files."""
    to.write(json.dumps([[len(each.content), each.size] for each in results]).encode() + b"\n")
    for each in results:
        to.write(each.content)


def _say(code: int, error: Exception) -> int:
    sys.stderr.write(f"{error}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
