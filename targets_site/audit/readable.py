"""Entries as far as they can be read.

Who owns the database can write what no program of ours would (a time of `infinity`, JSON that is
none). Neither chaining nor checking may stop there: the others go on, and such a one is named.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import DatabaseError
from django.db.models import QuerySet

from targets_site.audit.chain import Recorded, cells_of, recorded
from targets_site.audit.models import Entry

UNREADABLE = (
    ArithmeticError, AttributeError, DatabaseError, RecursionError, TypeError, ValueError,
)  # fmt: skip


class Read(NamedTuple):
    """An entry, and the texts that its hash covers."""

    entry: Recorded
    cells: list[str]


def read(numbers: Sequence[int], *, entries: QuerySet[Entry] | None = None) -> Mapping[int, Read]:
    """Those of the entries that are there and can be read, by number, in its order.

    entries: finds them faster than by a list of numbers. Raises what the database raises where it
    is the database that failed.
    """
    if entries is None:
        entries = Entry.objects.filter(seq__in=numbers)
    try:
        return _read(entries)
    except UNREADABLE:
        return {number: found for number in sorted(numbers) if (found := _one(entries, number))}


def _one(entries: QuerySet[Entry], number: int) -> Read | None:
    one = entries.filter(seq=number)
    try:
        return _read(one).get(number)
    except UNREADABLE:
        # Raises where the reason is not this entry.
        one.exists()
        return None


def _read(entries: QuerySet[Entry]) -> dict[int, Read]:
    return {each.seq: Read(each, _texts(each)) for each in recorded(entries.order_by("seq"))}


def _texts(entry: Recorded) -> list[str]:
    """Raises TypeError where SQLite holds bytes in the place of a text."""
    cells = cells_of(entry)
    "".join(cells)
    return cells
