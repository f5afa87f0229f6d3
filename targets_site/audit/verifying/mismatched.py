"""Entries that are others than they were when they were chained: edited, or two exchanged."""

from collections.abc import Iterator, Sequence

from targets_site.audit.verifying.rows import Row
from targets_site.checks import Finding

# Each is compared with each: of more, the first are told apart and the others are edited.
MOST_COMPARED = 200


def told_apart(rows: Sequence[Row]) -> Iterator[Finding]:
    """In the order of the chain."""
    compared = list(rows[:MOST_COMPARED])
    while compared:
        row = compared.pop(0)
        pair = next((each for each in compared if _exchanged(row, each)), None)
        if pair is None:
            yield _edited(row)
            continue
        compared.remove(pair)
        facts = {**row.facts, "other": pair.facts}
        yield Finding("swapped", f"{row.position}:{row.seq}", facts)
    yield from map(_edited, rows[MOST_COMPARED:])


def _edited(row: Row) -> Finding:
    return Finding("edited", f"{row.position}:{row.seq}", row.facts)


def _exchanged(one: Row, other: Row) -> bool:
    """Whether each link's hash is that of the other's entry."""
    return _holds_of(one, other) and _holds_of(other, one)


def _holds_of(link: Row, holder: Row) -> bool:
    """The entries may have kept their numbers, or changed places with them."""
    if holder.read is None:
        return False
    _seq, *said = holder.read.cells
    numbers = {str(link.seq), str(holder.seq)}
    return any(link.would_hold(link.prev_hash, cells=[each, *said]) for each in numbers)
