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
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from targets_site.audit.models import Entry, Link

# The prev_hash of the first link.
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True)
class Head:
    """The last link: what manifests and reports cite."""

    position: int
    seq: int
    hash: str


def head() -> Head | None:
    """None where nothing is chained yet."""
    last = Link.objects.order_by("-position").values_list("position", "entry_id", "hash").first()
    return Head(*last) if last else None


def cells_of(entry: Entry) -> list[str]:
    """The ten texts that the hash covers, as the export `audit` shows them.

    entry: as the database gives it back, since a time loses what is below a microsecond there.
    """
    return [
        str(entry.seq),
        _local(entry).isoformat(timespec="microseconds"),
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
    said = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
    # No door lets half a pair of surrogates in; were one there, the chain would still go on.
    return hashlib.sha256(f"{prev_hash}\n{said}".encode(errors="surrogatepass")).hexdigest()


def json_cell(value: Any) -> str:
    """Keys in order and no blanks, so that both databases give the same; empty where null."""
    if value is None:
        return ""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _local(entry: Entry) -> datetime.datetime:
    """Of Asia/Shanghai, whatever zone is active."""
    return entry.at.astimezone(timezone.get_default_timezone())
