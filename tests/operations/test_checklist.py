"""The checklist names every requirement and fault, and only tests and files that exist."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "targets_site" / "operations" / "checklist.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if re.match(r"\| [RF]\d", line)
]


@cache
def functions_of(path):
    return set(re.findall(r"^def (\w+)\(", (ROOT / path).read_text(encoding="utf-8"), re.M))


def test_every_requirement_and_fault_has_a_row():
    requirements = [f"R{number:02}" for number in range(1, 68)]
    faults = [f"F{number:02}" for number in range(1, 27)]

    assert [row[0] for row in ROWS] == requirements + faults


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_shows_it_exists(row):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row[-1])

    assert named, "no test is named"
    assert re.sub(r"`tests/[\w/]+\.py::\w+`|<br>", "", row[-1]).strip() == "", "not understood"
    for path, function in named:
        assert function in functions_of(path), f"{path} has no {function}"


def test_files_that_are_named_exist():
    named = re.findall(r"`([\w.-]+(?:/[\w.-]+)+/?)`", TEXT)

    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
