"""A selection as a stream of bytes, a block at a time."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from indicators.method import METHOD_VERSION
from reports.exports.blocks import Block
from reports.exports.formats import blocks_of
from reports.exports.leaving import Leaving
from reports.exports.selection import Selection
from targets_site.moments import to_the_microsecond


@dataclass
class Export(Leaving):
    """One export as it runs.

    format: a key of FORMATS. bom: with a byte-order mark; of CSV only.
    sees_all: for commands of the installation, which ask for nobody.
    """

    selection: Selection
    format: str = "csv"
    bom: bool = True
    sees_all: bool = False

    @property
    def about(self) -> str:
        return f"export:{self.selection.table.name}"

    @property
    def at(self) -> datetime | None:
        return self.selection.at

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
            "moment": self.moment and to_the_microsecond(self.moment),
            "method_version": METHOD_VERSION,
            "head": self.head and asdict(self.head),
        }

    def _said(self) -> dict[str, Any]:
        return self.manifest

    def _blocks(self) -> Iterator[Block]:
        rows = self.selection.rows(self.reader, sees_all=self.sees_all)
        return blocks_of(self.format, self.selection, rows, bom=self.bom)

    def _need_not_wait(self) -> bool:
        """The heading alone; it need not wait for the first row."""
        return not self.rows
