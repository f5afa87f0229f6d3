"""Before a preview is stored: each line checked again, and its version built and staged.

This is nearly all of the work, and nobody waits for it. What it rests on is looked at again under
the lock.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from indicators.actions.imports.staging import Draft, Staging
from indicators.actions.imports.steps import lines_to_store
from indicators.actions.jobs import Claimed
from indicators.imported_lines import figure_of, rule_against
from indicators.models import Import
from indicators.queries.imports import Stored

AT_A_TIME = 1000


class ChangedMeanwhile(Exception):
    """So many lines of a preview would be stored otherwise today."""

    def __init__(self, lines: int) -> None:
        super().__init__(lines)
        self.lines = lines


class _Line(NamedTuple):
    number: int
    series_id: int
    year: int
    read_version: int | None
    content: dict[str, Any]


def prepare(imported: Import, claimed: Claimed, staged: Staging) -> Stored:
    """Stage the drafts of all lines; returns what was known when they were checked.

    Says how many lines are done. Raises ChangedMeanwhile, and TakenOver.
    """
    claimed.say(done=0)
    stored = Stored(imported.imported_by)
    codes = lines_to_store(imported).order_by().values_list("series__code", flat=True)
    stored.learn(codes=codes.distinct(), pairs=())
    done = changed = 0
    for block in _blocks(imported):
        changed += sum(_is_changed(line, stored, imported) for line in block)
        if not changed:
            staged.add([_draft(line, stored) for line in block])
        done += len(block)
        claimed.say(done=done)
    if changed:
        raise ChangedMeanwhile(changed)
    return stored


def _blocks(imported: Import) -> Iterator[list[_Line]]:
    """In the order of the file."""
    last = 0
    # Plain values: making objects of them takes longer than all the rest.
    rows = lines_to_store(imported).values_list(*_Line._fields)
    while block := list(map(_Line._make, rows.filter(number__gt=last)[:AT_A_TIME])):
        last = block[-1].number
        yield block


def _is_changed(line: _Line, stored: Stored, imported: Import) -> bool:
    known = stored.of_id(line.series_id)
    cell = known.cells.get(line.year)
    if (cell.newest_number if cell else None) != line.read_version:
        return True
    is_reasoned = bool(imported.correction_reason)
    return bool(rule_against(known, line.year, stored=stored, is_reasoned=is_reasoned))


def _draft(line: _Line, stored: Stored) -> Draft:
    cell = stored.of_id(line.series_id).cells.get(line.year)
    return Draft(line.series_id, line.year, cell, figure_of(line.content))
