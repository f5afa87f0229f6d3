"""The chain over the trail: each link's hash covers its entry and the hash before it.

Whoever holds one hash from outside the database can prove that nothing up to it was edited,
inserted, deleted or moved. The definition stands here alone, for the sealer and the check;
the offline verifier has its own, from the same words:

    cells = seq, at, actor, role, action, object, before, after, reason, ip
    hash = sha256(prev_hash + newline + JSON array of the cells), in UTF-8
"""

import datetime
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet

from targets_site.audit.models import Entry, Link
from targets_site.moments import to_the_microsecond

# The prev_hash of the first link.
NOTHING_BEFORE = "0" * 64
# Made once: json.dumps would make them for each text.
_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_IN_ORDER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


@dataclass(frozen=True)
class Head:
    """The last link: what manifests and reports cite."""

    position: int
    seq: int
    hash: str


class Recorded(NamedTuple):
    """What an entry says, without the model around it, which would take longer to make than its
    hash."""

    seq: int
    at: datetime.datetime
    actor: str
    role: str
    action: str
    object: str
    before: Any
    after: Any
    reason: str
    ip: str | None


# What the hash covers, in its order.
CELLS = Recorded._fields


def recorded(entries: QuerySet[Entry]) -> Iterator[Recorded]:
    """In the order of the queryset; one query."""
    rows = entries.values_list(*Recorded._fields).iterator(chunk_size=2000)
    return (Recorded._make(row) for row in rows)


def head() -> Head | None:
    """None where nothing is chained yet."""
    last = Link.objects.order_by("-position").values_list("position", "entry_id", "hash").first()
    return Head(*last) if last else None


def cells_of(entry: Entry | Recorded) -> list[str]:
    """The ten texts that the hash covers, as the export `audit` shows them.

    entry: as the database gives it back, since a time loses what is below a microsecond there.
    """
    return [
        str(entry.seq),
        to_the_microsecond(entry.at),
        entry.actor,
        entry.role,
        entry.action,
        entry.object,
        json_cell(entry.before),
        json_cell(entry.after),
        entry.reason,
        entry.ip or "",
    ]


def digest(prev_hash: str, cells: Sequence[str]) -> str:
    """SHA-256 in hexadecimal: of the hash before, a line break, and the cells as JSON."""
    said = _AS_JSON(cells)
    # No door lets half a pair of surrogates in; were one there, the chain would still go on.
    return hashlib.sha256(f"{prev_hash}\n{said}".encode(errors="surrogatepass")).hexdigest()


def json_cell(value: Any) -> str:
    """Keys in order and no blanks, so that both databases give the same; empty where null."""
    if value is None:
        return ""
    return _IN_ORDER(value)
