"""A selection as a stream of bytes: one snapshot, a block at a time, and an entry in the trail."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from indicators.method import METHOD_VERSION
from reports.exports.blocks import Block
from reports.exports.formats import blocks_of
from reports.exports.roles import role_of
from reports.exports.selection import Selection
from reports.exports.standing import standing
from targets_site.accounts.models import User
from targets_site.audit import actions as trail
from targets_site.audit.chain import Head, head
from targets_site.audit.context import Actor, acting

logger = logging.getLogger(__name__)


@dataclass
class Export:
    """One export as it runs. Iterate it once; what says how it went is final afterwards.

    format: a key of FORMATS. bom: with a byte-order mark; of CSV only.
    actor: who asked; a stream outlives the request that the trail knows of.
    reader: whose rights decide which rows it has; None is somebody without a post. sees_all: for
    commands of the installation.

    moment: when the snapshot was taken; head: the trail's head in it, None where nothing is
    chained yet. rows: without the heading; size: in bytes; sha256: of every byte, in hex.
    """

    selection: Selection
    format: str = "csv"
    bom: bool = True
    actor: Actor = field(default_factory=Actor)
    reader: User | None = None
    sees_all: bool = False
    rows: int = 0
    size: int = 0
    moment: datetime | None = None
    head: Head | None = None
    _digest: Any = field(default_factory=hashlib.sha256)

    @property
    def sha256(self) -> str:
        return str(self._digest.hexdigest())

    @property
    def manifest(self) -> dict[str, Any]:
        """What a manifest says of the file; JSON types."""
        return {
            **self.selection.described,
            "format": self.format,
            "bom": self.bom,
            "rows": self.rows,
            "size": self.size,
            "sha256": self.sha256,
            "moment": _local(self.moment),
            "method_version": METHOD_VERSION,
            "head": self.head
            and {
                "position": self.head.position,
                "seq": self.head.seq,
                "hash": self.head.hash,
            },
        }

    def __iter__(self) -> Iterator[bytes]:
        """UTF-8 blocks of the file.

        The last block leaves only when the trail has its entry. An error on the way is raised,
        so that the server breaks the connection instead of ending a file that is too short;
        what left before stands in the trail as incomplete.
        """
        complete = False
        held = b""
        try:
            with standing(self.selection.at):
                self.moment, self.head = timezone.now(), head()
                for block in self._blocks():
                    if held:
                        yield held
                    held = self._counted(block)
                    if not self.rows:
                        # The heading alone says nothing; it need not wait for the first row.
                        yield held
                        held = b""
            self._record(complete=True)
            complete = True
            yield held
        finally:
            if not complete:
                self._record_incomplete()

    def _blocks(self) -> Iterator[Block]:
        rows = self.selection.rows(self.reader, sees_all=self.sees_all)
        return blocks_of(self.format, self.selection, rows, bom=self.bom)

    def _counted(self, block: Block) -> bytes:
        self._digest.update(block.content)
        self.size += len(block.content)
        self.rows += block.rows
        return block.content

    def _record(self, *, complete: bool) -> None:
        after = {**self.manifest, "complete": complete}
        with acting(self.actor), transaction.atomic():
            about = f"export:{self.selection.table.name}"
            trail.record("export", about, role=role_of(self.reader), after=after)

    def _record_incomplete(self) -> None:
        """Keep the error that broke the export off, even where the trail cannot be written."""
        try:
            self._record(complete=False)
        except Exception:
            name = self.selection.table.name
            logger.exception("An export of %s that broke off is not in the trail", name)


def _local(moment: datetime | None) -> str | None:
    return None if moment is None else timezone.localtime(moment).isoformat(timespec="microseconds")
