"""Which target of one document is set beside which of another, on plain values."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

Pair = tuple[int | None, int | None]


@dataclass(frozen=True)
class Matched:
    """What of a target decides which other one it is set beside. indicator: code, empty where
    nobody has read it."""

    code: str
    indicator: str
    scope: str
    target_year: int | None


def pairs(
    first: Sequence[Matched], second: Sequence[Matched], *, ties: Collection[tuple[str, str]]
) -> list[Pair]:
    """Positions in `first` and `second`, None without a counterpart: in the order of `first`, then
    what only `second` has.

    ties: codes of which one restates the other, in either order. A target may stand in several
    pairs where several restate it. Those without any are set beside each other one by one where
    indicator and target year agree, those of one scope before others.
    """
    tied = set(ties) | {(after, before) for before, after in ties}
    found = [
        (here, there)
        for here, one in enumerate(first)
        for there, other in enumerate(second)
        if (one.code, other.code) in tied
    ]
    alike = _alike(_left(first, {at for at, _ in found}), _left(second, {at for _, at in found}))
    found = sorted([*found, *alike])
    left = _left(first, {at for at, _ in found}), _left(second, {at for _, at in found})
    ordered = sorted([*found, *((at, -1) for at in left[0])])
    return [
        *((here, None if there < 0 else there) for here, there in ordered),
        *((None, at) for at in left[1]),
    ]


def _left(rows: Sequence[Matched], taken: Collection[int]) -> dict[int, Matched]:
    return {at: row for at, row in enumerate(rows) if at not in taken}


def _alike(first: Mapping[int, Matched], second: Mapping[int, Matched]) -> list[tuple[int, int]]:
    """One by one: those of one scope, then of what is left those of any."""
    same_scope = list(_one_by_one(first, second, with_scope=True))
    rest = (
        {at: row for at, row in first.items() if at not in {here for here, _ in same_scope}},
        {at: row for at, row in second.items() if at not in {there for _, there in same_scope}},
    )
    return [*same_scope, *_one_by_one(*rest, with_scope=False)]


def _one_by_one(
    first: Mapping[int, Matched], second: Mapping[int, Matched], *, with_scope: bool
) -> Iterator[tuple[int, int]]:
    waiting: dict[object, list[int]] = defaultdict(list)
    for there, row in second.items():
        waiting[_key(row, with_scope)].append(there)
    for here, row in first.items():
        others = waiting[_key(row, with_scope)]
        if row.indicator and others:
            yield here, others.pop(0)


def _key(row: Matched, with_scope: bool) -> object:
    return row.indicator, row.target_year, row.scope if with_scope else None
