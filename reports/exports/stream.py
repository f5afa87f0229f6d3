"""A table as a stream of CSV: one snapshot, a block at a time, and an entry in the trail."""

import hashlib
import itertools
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from reports.exports.columns import Column, Joined
from reports.exports.selection import Selection
from targets_site.accounts.models import User
from targets_site.audit import actions as trail
from targets_site.audit.context import Actor, acting
from targets_site.csv_text import BOM, as_csv
from targets_site.snapshot import snapshot

logger = logging.getLogger(__name__)

BLOCK_ROWS = 2000

Values = tuple[Any, ...]


# By name: the ending of the file, and its type.
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
}


@dataclass
class Export:
    """One export as it runs. Iterate it once; `rows`, `sha256` and `head` are final afterwards.

    format: a key of FORMATS. bom: with a byte-order mark; of CSV only.
    actor: who asked; a stream outlives the request that the trail knows of.
    reader: whose rights decide which rows it has; None is somebody without a post. sees_all: for
    commands of the installation.
    """

    selection: Selection
    format: str = "csv"
    bom: bool = True
    actor: Actor = field(default_factory=Actor)
    reader: User | None = None
    sees_all: bool = False
    rows: int = 0
    head: Any = None
    _digest: Any = field(default_factory=hashlib.sha256)

    @property
    def sha256(self) -> str:
        """Of every byte sent, in hex."""
        return str(self._digest.hexdigest())

    def __iter__(self) -> Iterator[bytes]:
        """UTF-8 blocks of the file.

        The last block leaves only when the trail has its entry. An error on the way is raised,
        so that the server breaks the connection instead of ending a file that is too short;
        what left before stands in the trail as incomplete.
        """
        complete = False
        held = b""
        try:
            with snapshot():
                for block in self._blocks():
                    if held:
                        yield held
                    held = block
            self._record(complete=True)
            complete = True
            yield held
        finally:
            if not complete:
                self._record_incomplete()

    def _blocks(self) -> Iterator[bytes]:
        heading = as_csv([self.selection.table.headings])
        yield self._counted(BOM + heading if self.bom else heading)
        for cells in _blocks_of_cells(self.selection, self.reader, sees_all=self.sees_all):
            self.rows += len(cells)
            yield self._counted(as_csv(cells))

    def _counted(self, text: str) -> bytes:
        block = text.encode()
        self._digest.update(block)
        return block

    def _record(self, *, complete: bool) -> None:
        after = {
            "area": self.selection.area,
            "bom": self.bom,
            "rows": self.rows,
            "sha256": self.sha256,
            "complete": complete,
        }
        with acting(self.actor), transaction.atomic():
            trail.record("export", f"export:{self.selection.table.name}", after=after)

    def _record_incomplete(self) -> None:
        """Keep the error that broke the export off, even where the trail cannot be written."""
        try:
            self._record(complete=False)
        except Exception:
            name = self.selection.table.name
            logger.exception("An export of %s that broke off is not in the trail", name)


def _blocks_of_cells(
    selection: Selection, reader: User | None, *, sees_all: bool
) -> Iterator[list[Sequence[str]]]:
    """Rows of cells in the order of the file, a block at a time.

    One query for all rows, and one for each joined column and block.
    """
    columns = selection.table.columns
    lookups = ["pk", *dict.fromkeys(itertools.chain(*(c.lookups for c in columns)))]
    chosen = selection.rows(reader, sees_all=sees_all)
    rows = chosen.values_list(*lookups).iterator(chunk_size=BLOCK_ROWS)
    places = {lookup: place for place, lookup in enumerate(lookups)}
    while block := list(itertools.islice(rows, BLOCK_ROWS)):
        yield list(zip(*_columns_of_cells(columns, block, places), strict=True))


def _columns_of_cells(
    columns: Iterable[Column], block: Sequence[Values], places: dict[str, int]
) -> Iterator[list[str]]:
    """The cells of one block, a column at a time."""
    values = list(zip(*block, strict=True))
    keys: tuple[int, ...] = values[0]
    for column in columns:
        if column.joined:
            joined: Joined = column.joined(keys)
            yield [column.cell(joined.get(key)) for key in keys]
        else:
            yield list(map(column.cell, *(values[places[lookup]] for lookup in column.lookups)))
