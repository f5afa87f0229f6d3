"""A bundle as it runs: one state of all its tables, and a manifest."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from indicators.method import METHOD_VERSION
from reports.exports import TABLES
from reports.exports.asked import Asked
from reports.exports.blocks import Block
from reports.exports.bundle.dictionary import dictionary
from reports.exports.bundle.package import File, as_json, data_package
from reports.exports.bundle.zipped import Member, zipped
from reports.exports.formats import blocks_of
from reports.exports.leaving import Leaving
from reports.exports.rights import permitted
from reports.offline import as_one_file
from targets_site.moments import to_the_second
from targets_site.product import product_version

HERE = Path(__file__).resolve().parent


@dataclass
class Bundle(Leaving):
    """One bundle as it runs; `files` too is final afterwards. Without its last block no program
    opens the archive."""

    asked: Asked
    files: list[File] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)

    @property
    def about(self) -> str:
        return "export:bundle"

    @property
    def at(self) -> datetime | None:
        return self.asked.at

    def _blocks(self) -> Iterator[Block]:
        """Rows are counted with the table that they stand in."""
        return (Block(content) for content in zipped(self._members()))

    def _members(self) -> Iterator[Member]:
        """What describes the tables comes after them: it says their digests."""
        for name in permitted(self.asked.tables, self.reader):
            yield Member(f"{name}.csv", self._table(name))
        tables = [file.table for file in self.files]
        yield self._small("dictionary.csv", dictionary(tables, bom=self.asked.bom))
        yield self._small("datapackage.json", data_package(self.files))
        yield self._small("README.md", (HERE / "README.md").read_bytes())
        yield self._small("verify.py", as_one_file().encode())
        yield Member("manifest.json", [as_json(self.manifest)])

    def _table(self, name: str) -> Iterator[bytes]:
        chosen, digest, rows, size = self.asked.selection(name), hashlib.sha256(), 0, 0
        blocks = blocks_of("csv", chosen, chosen.rows(self.reader), bom=self.asked.bom)
        for block in blocks:
            digest.update(block.content)
            size += len(block.content)
            rows += block.rows
            self.rows += block.rows
            yield block.content
        self.files.append(File(TABLES[name], rows, digest.hexdigest(), size))

    def _small(self, name: str, content: bytes) -> Member:
        self.others[name] = hashlib.sha256(content).hexdigest()
        return Member(name, [content])

    @property
    def manifest(self) -> dict[str, Any]:
        """What was exported, when and from what; the only file that a clock enters."""
        now = timezone.now()
        return {
            "made_at": to_the_second(now),
            "made_by": self.actor.name,
            "shown_at": to_the_second(self.asked.at or now),
            "filters": self.asked.query,
            "method_version": METHOD_VERSION,
            "product_version": product_version(),
            "trail": self.head and asdict(self.head),
            "files": [
                *(
                    {"name": f.name, "rows": f.rows, "sha256": f.sha256, "bytes": f.size}
                    for f in self.files
                ),
                *({"name": name, "sha256": digest} for name, digest in self.others.items()),
            ],
        }

    def _said(self) -> dict[str, Any]:
        return {
            "format": "zip",
            "filters": self.asked.query,
            "rows": self.rows,
            "sha256": self.sha256,
            "head": self.head and asdict(self.head),
            "files": {f.name: {"rows": f.rows, "sha256": f.sha256} for f in self.files},
        }
