"""The chain's links with their entries, in the order of position."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from targets_site.audit.chain import NOTHING_BEFORE, Recorded, cells_of, digest, recorded
from targets_site.audit.models import Entry, Link

AT_A_TIME = 2000


@dataclass(slots=True)
class Row:
    """A link as it is stored. entry: None where there is none any more."""

    position: int
    seq: int
    prev_hash: str
    hash: str
    entry: Recorded | None

    @property
    def holds(self) -> bool:
        """Whether the hash is that of the entry, after the hash that the link names."""
        return self.would_hold(self.prev_hash)

    def would_hold(self, prev_hash: str, *, cells: list[str] | None = None) -> bool:
        """The same after another hash before, or with the cells of another entry."""
        if cells is None:
            if self.entry is None:
                return False
            cells = cells_of(self.entry)
        return digest(prev_hash, cells) == self.hash

    @property
    def facts(self) -> dict[str, Any]:
        """What names it."""
        entry = self.entry
        return {
            "position": self.position,
            "seq": self.seq,
            "action": entry.action if entry else "",
            "object": entry.object if entry else "",
        }


START = Row(position=0, seq=0, prev_hash="", hash=NOTHING_BEFORE, entry=None)


def rows() -> Iterator[Row]:
    """A few thousand at a time; the caller's snapshot holds them all."""
    after = 0
    while found := _links(position__gt=after):
        yield from found
        after = found[-1].position


def row_after(prev_hash: str) -> Row | None:
    """The link that names this hash before it, wherever it stands; asks for all links."""
    return next(iter(_links(prev_hash=prev_hash)), None)


def _links(**which: Any) -> list[Row]:
    links = Link.objects.filter(**which).order_by("position")
    found = list(links.values_list("position", "entry_id", "prev_hash", "hash")[:AT_A_TIME])
    entries = _entries([seq for _position, seq, _prev, _hash in found])
    return [Row(position, seq, prev, own, entries.get(seq)) for position, seq, prev, own in found]


def _entries(numbers: Sequence[int]) -> dict[int, Recorded]:
    """By number; as a range where they lie close together, which is read faster."""
    if not numbers:
        return {}
    first, last = min(numbers), max(numbers)
    is_dense = last - first < 2 * len(numbers)
    which = {"seq__range": (first, last)} if is_dense else {"seq__in": numbers}
    return {each.seq: each for each in recorded(Entry.objects.filter(**which).order_by("seq"))}
