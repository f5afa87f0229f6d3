"""The chain's links with their entries, in the order of position."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from targets_site.audit.chain import NOTHING_BEFORE, Recorded, digest
from targets_site.audit.models import Entry, Link
from targets_site.audit.readable import Read, read

AT_A_TIME = 2000
LOWEST = -(2**63)


@dataclass(slots=True)
class Row:
    """A link as it is stored. read: its entry; None where there is none any more, or none that can
    be read (`is_unreadable`)."""

    position: int
    seq: int
    prev_hash: str
    hash: str
    read: Read | None
    is_unreadable: bool = False

    @property
    def entry(self) -> Recorded | None:
        return self.read.entry if self.read else None

    @property
    def holds(self) -> bool:
        """Whether the hash is that of the entry, after the hash that the link names."""
        return self.would_hold(self.prev_hash)

    def would_hold(self, prev_hash: str, *, cells: list[str] | None = None) -> bool:
        """The same after another hash before, or with the cells of another entry."""
        if cells is None:
            if self.read is None:
                return False
            cells = self.read.cells
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


START = Row(position=0, seq=0, prev_hash="", hash=NOTHING_BEFORE, read=None)


def rows() -> Iterator[Row]:
    """A few thousand at a time; the caller's snapshot holds them all. Also those at positions that
    the table does not allow."""
    found = _links(position__gte=LOWEST)
    while found:
        yield from found
        found = _links(position__gt=found[-1].position)


def row_after(prev_hash: str) -> Row | None:
    """The link that names this hash before it, wherever it stands; asks for all links."""
    return next(iter(_links(prev_hash=prev_hash)), None)


def _links(**which: Any) -> list[Row]:
    links = Link.objects.filter(**which).order_by("position")
    found = list(links.values_list("position", "entry_id", "prev_hash", "hash")[:AT_A_TIME])
    numbers = [seq for _position, seq, _prev, _hash in found]
    entries = _entries(numbers)
    unreadable = _there(set(numbers) - set(entries))
    return [
        Row(position, seq, prev, own, entries.get(seq), is_unreadable=seq in unreadable)
        for position, seq, prev, own in found
    ]


def _entries(numbers: Sequence[int]) -> Mapping[int, Read]:
    """By number; as a range where they lie close together, which is read faster."""
    if not numbers:
        return {}
    first, last = min(numbers), max(numbers)
    is_dense = last - first < 2 * len(numbers)
    return read(
        numbers, entries=Entry.objects.filter(seq__range=(first, last)) if is_dense else None
    )


def _there(numbers: Collection[int]) -> frozenset[int]:
    """Those of the numbers under which there is an entry."""
    if not numbers:
        return frozenset()
    return frozenset(Entry.objects.filter(seq__in=numbers).values_list("seq", flat=True))
