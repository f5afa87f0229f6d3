"""Exports that a person made, as the trail tells of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from targets_site.accounts.models import User
from targets_site.audit.models import Entry

LISTED = 20
KINDS = ("targets", "observations", "verdicts", "versions", "audit", "bundle")


@dataclass(frozen=True)
class Exported:
    """One export. is_complete: whether the whole of it left the system."""

    entry: Entry

    @property
    def said(self) -> dict[str, Any]:
        return self.entry.after or {}

    @property
    def table(self) -> str:
        return self.entry.object.removeprefix("export:")

    @property
    def is_complete(self) -> bool:
        return self.said.get("complete") is True

    @property
    def rows(self) -> int | None:
        return self.said.get("rows")

    @property
    def format(self) -> str:
        return str(self.said.get("format", "csv"))

    @property
    def head(self) -> int | None:
        """Position of the trail's last link when it was made."""
        head = self.said.get("head")
        return head["position"] if isinstance(head, dict) else None

    @property
    def sha256(self) -> str:
        return str(self.said.get("sha256", ""))


def exports_in_trail() -> QuerySet[Entry]:
    """Newest first. By the exact names of what is exported, which an index leads to."""
    objects = [f"export:{kind}" for kind in KINDS]
    return Entry.objects.filter(action="export", object__in=objects).order_by("-seq")


def exported_by(user: User) -> list[Exported]:
    """The newest LISTED of the person; one query."""
    return shown(exports_in_trail().filter(actor=user.username)[:LISTED])


def shown(entries: Iterable[Entry]) -> list[Exported]:
    return [Exported(entry) for entry in entries]
