"""A bundle as it runs: one snapshot of all its tables, a manifest, and an entry in the trail."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from indicators.method import METHOD_VERSION
from reports.exports import TABLES
from reports.exports.asked import Asked
from reports.exports.bundle.dictionary import dictionary
from reports.exports.bundle.package import File, as_json, data_package
from reports.exports.bundle.zipped import Member, zipped
from reports.exports.formats import blocks_of
from reports.exports.rights import permitted
from reports.exports.roles import role_of
from reports.exports.standing import standing
from reports.offline import as_one_file
from targets_site.accounts.models import User
from targets_site.audit import actions as trail
from targets_site.audit import chain
from targets_site.audit.context import Actor, acting
from targets_site.product import product_version

logger = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent


@dataclass
class Bundle:
    """One bundle as it runs. Iterate it once; `rows`, `sha256`, `head` and `files` are final
    afterwards.

    reader: whose rights decide which tables and rows it has; None is somebody without a post.
    """

    asked: Asked
    actor: Actor
    reader: User | None = None
    rows: int = 0
    head: chain.Head | None = None
    files: list[File] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    _digest: Any = field(default_factory=hashlib.sha256)

    @property
    def sha256(self) -> str:
        """Of every byte sent, in hex."""
        return str(self._digest.hexdigest())

    def __iter__(self) -> Iterator[bytes]:
        """The archive; its last block, without which no program opens it, leaves only when the
        trail has its entry. An error on the way is raised."""
        complete = False
        held = b""
        try:
            with standing(self.asked.at):
                for block in zipped(self._members()):
                    if held:
                        yield held
                    held = block
                    self._digest.update(block)
            self._record(complete=True)
            complete = True
            yield held
        finally:
            if not complete:
                self._record_incomplete()

    def _members(self) -> Iterator[Member]:
        """What describes the tables comes after them: it says their digests."""
        self.head = chain.head()
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
        now = timezone.localtime()
        return {
            "made_at": now.isoformat(timespec="seconds"),
            "made_by": self.actor.name,
            "shown_at": timezone.localtime(self.asked.at or now).isoformat(timespec="seconds"),
            "filters": self.asked.query,
            "method_version": METHOD_VERSION,
            "product_version": product_version(),
            "trail": _said(self.head),
            "files": [
                *(
                    {"name": f.name, "rows": f.rows, "sha256": f.sha256, "bytes": f.size}
                    for f in self.files
                ),
                *({"name": name, "sha256": digest} for name, digest in self.others.items()),
            ],
        }

    def _record(self, *, complete: bool) -> None:
        after = {
            "format": "zip",
            "filters": self.asked.query,
            "rows": self.rows,
            "sha256": self.sha256,
            "head": _said(self.head),
            "files": {f.name: {"rows": f.rows, "sha256": f.sha256} for f in self.files},
            "complete": complete,
        }
        with acting(self.actor), transaction.atomic():
            trail.record("export", "export:bundle", role=role_of(self.reader), after=after)

    def _record_incomplete(self) -> None:
        """Keep the error that broke it off, even where the trail cannot be written."""
        try:
            self._record(complete=False)
        except Exception:
            logger.exception("A bundle that broke off is not in the trail")


def _said(head: chain.Head | None) -> dict[str, Any] | None:
    return None if head is None else asdict(head)
