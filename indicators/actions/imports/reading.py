"""From an imported file to its preview.

It takes a while and shows how far it is, so it commits block by block. Who reads renews `read_at`
with each block, and gives up where that is not what he said last: somebody else took over.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, cast

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from indicators.actions.bulk import insert
from indicators.actions.imports.files import count_lines, open_table
from indicators.actions.imports.steps import about
from indicators.enums import ImportState
from indicators.imported_lines import JudgedLine, LineReader, Tally, without_controls
from indicators.models import Import, ImportLine
from indicators.queries.imports import Stored
from targets_site.audit.actions import record
from targets_site.sheets import Problem, RefusedFile

logger = logging.getLogger(__name__)


class TakenOver(Exception):
    """Somebody else reads the import."""


def read(imported: Import) -> None:
    """Read a claimed import to its preview, or refuse it whole. What fails is tried again.

    Raises OperationalError when the database fails.
    """
    reading = _Reading(imported)
    try:
        reading.run()
    except TakenOver:
        logger.warning("Import %s is read by somebody else.", imported.pk)
    except OperationalError:
        with suppress(OperationalError):
            reading.give_back(attempts=imported.attempts - 1)
        raise
    except Exception:  # whatever the file holds, the ones after it must not wait for ever
        logger.exception("Import %s cannot be read.", imported.pk)
        reading.give_back(attempts=imported.attempts)


class _Reading:
    """One attempt to read a claimed import."""

    def __init__(self, imported: Import) -> None:
        self.imported, self.said_at = imported, imported.read_at
        self.name = imported.attachment.name

    def run(self) -> None:
        # What an earlier reader left behind.
        self.imported.lines.all().delete()
        with self.imported.attachment.file.open("rb") as opened:
            file = cast(BinaryIO, opened)
            self._say(lines_total=count_lines(file, name=self.name))
            self._finish(*self._read(file))

    def give_back(self, *, attempts: int) -> None:
        self._mine().update(state=ImportState.WAITING, attempts=attempts)

    def _mine(self) -> QuerySet[Import]:
        return Import.objects.filter(
            pk=self.imported.pk, state=ImportState.READING, read_at=self.said_at
        )

    def _say(self, **fields: Any) -> None:
        """Show how far it is, and that somebody is at work. Raises TakenOver."""
        now = timezone.now()
        if not self._mine().update(**{"read_at": now, **fields}):
            raise TakenOver
        self.said_at = now

    @contextmanager
    def _saying(self, **fields: Any) -> Iterator[None]:
        """`_say` together with what is written inside, or neither."""
        said_before = self.said_at
        try:
            with transaction.atomic():
                self._say(**fields)
                yield
        except BaseException:
            self.said_at = said_before
            raise

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
            with self._saying(lines_done=reader.tally.lines):
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
        with self._saying(
            state=ImportState.REFUSED if is_refused else ImportState.PREVIEWED,
            encoding=encoding,
            lines_done=tally.lines,
            lines_total=tally.lines,
            counts=counts,
            problems=[as_json(each) for each in tally.problems],
            attempts=0,
        ):
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
