"""Whether one entry still is what was chained."""

from dataclasses import dataclass

from targets_site.audit.chain import CELLS, NOTHING_BEFORE, cells_of, digest
from targets_site.audit.models import Entry, Link
from targets_site.audit.queries.links import Beside, beside


@dataclass(frozen=True)
class Proof:
    """cells: what the hash covers, by name. fits: the hash is that of the entry as it stands;
    follows: it goes on from the link before. Both None while nothing is chained."""

    cells: list[tuple[str, str]]
    beside: Beside
    fits: bool | None = None
    follows: bool | None = None


def proof_of(entry: Entry) -> Proof:
    """One query; none where the entry is not chained yet."""
    cells, near = cells_of(entry), beside(entry)
    named = list(zip(CELLS, cells, strict=True))
    link: Link | None = getattr(entry, "link", None)
    if link is None:
        return Proof(named, near)
    return Proof(
        named,
        near,
        fits=digest(link.prev_hash, cells) == link.hash,
        follows=link.prev_hash == _hash_before(link, near),
    )


def _hash_before(link: Link, near: Beside) -> str | None:
    """None where the link before is missing."""
    if near.before is not None:
        return near.before.hash
    return NOTHING_BEFORE if link.position == 1 else None
