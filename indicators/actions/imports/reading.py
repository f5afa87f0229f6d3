"""From an imported file to its preview.

It takes a while and shows how far it is, so it commits block by block, each with the word that
somebody is at it.
"""

from collections.abc import Iterable
from typing import Any, BinaryIO, cast

from django.utils import timezone

from indicators.actions.bulk import insert
from indicators.actions.imports.files import count_lines, open_table
from indicators.actions.imports.steps import about
from indicators.actions.jobs import Claimed
from indicators.enums import ImportState
from indicators.imported_lines import JudgedLine, LineReader, Tally, without_controls
from indicators.models import Import, ImportLine
from indicators.queries.imports import Stored
from targets_site.audit.actions import record
from targets_site.sheets import Problem, RefusedFile


def read(imported: Import, claimed: Claimed) -> None:
    """Read an import to its preview, or refuse it whole. Raises TakenOver."""
    _Reading(imported, claimed).run()


class _Reading:
    """One attempt to read an import."""

    def __init__(self, imported: Import, claimed: Claimed) -> None:
        self.imported, self.claimed = imported, claimed
        self.name = imported.attachment.name

    def run(self) -> None:
        with self.claimed.saying(done=0):
            # What an earlier reader left behind.
            self.imported.lines.all().delete()
        with self.imported.attachment.file.open("rb") as opened:
            file = cast(BinaryIO, opened)
            self.claimed.say(total=count_lines(file, name=self.name))
            self._finish(*self._read(file))

    def _read(self, file: BinaryIO) -> tuple[Tally, str]:
        """What the lines came to, and the encoding as it was detected."""
        try:
            table = open_table(file, name=self.name)
        except RefusedFile as refused:
            tally = Tally()
            tally.add(*refused.problems)
            return tally, ""
        reader = LineReader(
            table,
            Stored(self.imported.imported_by),
            correction_reason=self.imported.correction_reason,
        )
        for block in reader.blocks():
            with self.claimed.saying(done=reader.tally.lines):
                # Once it is clear that the file is refused, its preview serves nobody.
                if not reader.tally.problems:
                    self._keep(block)
        return reader.tally, table.encoding

    def _keep(self, block: Iterable[JudgedLine]) -> None:
        insert(
            ImportLine,
            [
                {
                    "imported_id": self.imported.pk,
                    "number": line.number,
                    "series_id": line.series.pk,
                    "year": line.year,
                    "outcome": line.outcome,
                    "content": line.content,
                    "read_version": line.read_version,
                    "value_before": line.value_before,
                    "note": line.note,
                }
                for line in block
            ],
        )

    def _finish(self, tally: Tally, encoding: str) -> None:
        is_refused = bool(tally.problems)
        counts = tally.counts()
        if stale := self.imported.counts.get("stale"):
            counts["stale"] = stale
        with self.claimed.finishing(lines=tally.lines) as result:
            result.update(counts)
            self.claimed.wanted()
            Import.objects.filter(pk=self.imported.pk).update(
                state=ImportState.REFUSED if is_refused else ImportState.PREVIEWED,
                encoding=encoding,
                lines_total=tally.lines,
                counts=counts,
                problems=[as_json(each) for each in tally.problems],
                read_at=timezone.now(),
            )
            if is_refused:
                self.imported.lines.all().delete()
            if tally.foreign:
                record(
                    "denied",
                    about(self.imported),
                    by=self.imported.imported_by.username,
                    reason=f"lines of other departments: {tally.foreign}",
                )


def as_json(problem: Problem) -> dict[str, Any]:
    return {
        "line": problem.line,
        "column": without_controls(problem.column),
        "message": without_controls(problem.message),
    }
