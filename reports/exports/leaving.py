"""A file on its way out: one state of the database, and an entry in the trail before its end."""

import hashlib
import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from reports.exports.blocks import Block
from reports.exports.standing import standing
from targets_site.accounts.models import User
from targets_site.accounts.rights import role_for_trail
from targets_site.audit import actions as trail
from targets_site.audit.chain import Head, head
from targets_site.audit.context import Actor, acting

logger = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Leaving(ABC):
    """Iterate it once; what says how it went is final afterwards.

    actor: who asked; a stream outlives the request that the trail knows of.
    reader: whose rights decide what it holds; None is somebody without a post.

    moment: when the state was taken; head: the trail's head in it, None where nothing is chained
    yet. rows: without the headings; size: in bytes; sha256: of every byte, in hex.
    """

    actor: Actor = field(default_factory=Actor)
    reader: User | None = None
    rows: int = 0
    size: int = 0
    moment: datetime | None = None
    head: Head | None = None
    _digest: Any = field(default_factory=hashlib.sha256)

    @property
    def sha256(self) -> str:
        return str(self._digest.hexdigest())

    @property
    @abstractmethod
    def about(self) -> str:
        """As the trail names it."""

    @property
    @abstractmethod
    def at(self) -> datetime | None:
        """As of which moment; None for now."""

    @abstractmethod
    def _blocks(self) -> Iterator[Block]:
        """The file, in the one state. Whatever it raises breaks the file off."""

    @abstractmethod
    def _said(self) -> Mapping[str, Any]:
        """What the trail keeps of it; JSON types."""

    def _need_not_wait(self) -> bool:
        """Whether what was just made says nothing by itself and may leave at once."""
        return False

    def __iter__(self) -> Iterator[bytes]:
        """Blocks of the file.

        The last block leaves only when the trail has its entry. An error on the way is raised,
        so that the server breaks the connection instead of ending a file that is too short;
        what left before stands in the trail as incomplete.
        """
        complete = False
        held = b""
        try:
            with standing(self.at):
                self.moment, self.head = timezone.now(), head()
                for block in self._blocks():
                    if held:
                        yield held
                    held = self._counted(block)
                    if self._need_not_wait():
                        yield held
                        held = b""
            self._record(complete=True)
            complete = True
            yield held
        finally:
            if not complete:
                self._record_incomplete()

    def _counted(self, block: Block) -> bytes:
        self._digest.update(block.content)
        self.size += len(block.content)
        self.rows += block.rows
        return block.content

    def _record(self, *, complete: bool) -> None:
        after = {**self._said(), "complete": complete}
        with acting(self.actor), transaction.atomic():
            trail.record("export", self.about, role=role_for_trail(self.reader), after=after)

    def _record_incomplete(self) -> None:
        """Keep the error that broke the file off, even where the trail cannot be written."""
        try:
            self._record(complete=False)
        except Exception:
            logger.exception("%s broke off and is not in the trail", self.about)
