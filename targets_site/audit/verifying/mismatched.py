"""Entries that are others than they were when they were chained: edited, or two exchanged."""

from collections.abc import Iterator, Sequence

from targets_site.audit.chain import cells_of
from targets_site.audit.verifying.rows import Row
from targets_site.checks import Finding

# Each is compared with each: of more, the first are told apart and the others are edited.
MOST_COMPARED = 200


def told_apart(rows: Sequence[Row]) -> Iterator[Finding]:
    """In the order of the chain."""
    others = list(rows)
    while others:
        row = others.pop(0)
        pair = next((each for each in others[:MOST_COMPARED] if _exchanged(row, each)), None)
        if pair is None:
            yield Finding("edited", f"{row.position}:{row.seq}", row.facts)
            continue
        others.remove(pair)
        facts = {**row.facts, "other": pair.facts}
        yield Finding("swapped", f"{row.position}:{row.seq}", facts)


def _exchanged(one: Row, other: Row) -> bool:
    """Whether each link's hash is that of the other's entry."""
    return _holds_of(one, other) and _holds_of(other, one)


def _holds_of(link: Row, holder: Row) -> bool:
    """The entries may have kept their numbers, or changed places with them."""
    if holder.entry is None:
        return False
    _seq, *said = cells_of(holder.entry)
    numbers = {str(link.seq), str(holder.seq)}
    return any(link.would_hold(link.prev_hash, cells=[each, *said]) for each in numbers)
