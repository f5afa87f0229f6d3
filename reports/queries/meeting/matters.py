"""Which matters a meeting has to settle, chosen from the targets of one goal year."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from indicators.enums import WITHOUT_FIGURE, Light
from reports.queries.rows import TargetLine
from reports.queries.urgency import line_urgency
from targets_site.places.models import Department

AT_MOST = 5
Departments = tuple[Department, ...]


class MatterKind(Enum):
    """In the order of urgency. SHORT: red or yellow. AGAINST: no figure of the year, and that of
    another year falls short. UNDECIDED: a figure that no verdict can be drawn from. MISSING:
    neither. IN_WORDS: targets in words that nobody has assessed."""

    SHORT = 1
    AGAINST = 2
    UNDECIDED = 3
    MISSING = 4
    IN_WORDS = 5


@dataclass(frozen=True)
class Matter:
    """lines: one target, or all that are told together, headline targets first. departments: whose
    they are, those with most first; empty where nobody is named."""

    kind: MatterKind
    lines: tuple[TargetLine, ...]
    departments: Departments


@dataclass(frozen=True)
class Agenda:
    """left_out: targets that would have been matters of their own and found no room."""

    matters: tuple[Matter, ...]
    left_out: int


def agenda(lines: Sequence[TargetLine], whose: Mapping[int, Departments]) -> Agenda:
    """At most five matters, the most urgent first: targets one by one, then together those without
    a figure that somebody owes, those that nobody does, and those in words.

    lines: all targets of a goal year in the order in which equals shall stand; whose: departments
    by a target's primary key.
    """
    by_kind = _by_kind(lines)
    single = [
        Matter(kind, (line,), whose.get(line.target.pk, ()))
        for kind in (MatterKind.SHORT, MatterKind.AGAINST, MatterKind.UNDECIDED)
        for line in sorted(by_kind[kind], key=line_urgency)
    ]
    together = _together(by_kind, whose)
    room = AT_MOST - len(together)
    return Agenda((*single[:room], *together), len(single[room:]))


def _by_kind(lines: Sequence[TargetLine]) -> dict[MatterKind, list[TargetLine]]:
    found: dict[MatterKind, list[TargetLine]] = defaultdict(list)
    for line in lines:
        kind = _kind(line)
        if kind:
            found[kind].append(line)
    return found


def _kind(line: TargetLine) -> MatterKind | None:
    """None for what is in order, not due, or without a verdict yet."""
    verdict = line.verdict
    if verdict is None:
        return None
    if line.is_in_words and not line.is_assessed:
        return MatterKind.IN_WORDS
    if verdict.light in {Light.RED, Light.YELLOW}:
        return MatterKind.SHORT
    if verdict.light != Light.GREY:
        return None
    if verdict.status not in WITHOUT_FIGURE:
        return MatterKind.UNDECIDED
    return MatterKind.AGAINST if line.side_meets is False else MatterKind.MISSING


def _together(
    by_kind: Mapping[MatterKind, Sequence[TargetLine]], whose: Mapping[int, Departments]
) -> list[Matter]:
    """Every target without a figure is in one of the first two, so that the sheet says of all of
    them what is asked for."""
    missing = _headline_first(by_kind.get(MatterKind.MISSING, ()))
    owed = [line for line in missing if line.target.pk in whose]
    unowned = [line for line in missing if line.target.pk not in whose]
    words = _headline_first(by_kind.get(MatterKind.IN_WORDS, ()))
    found = [
        Matter(MatterKind.MISSING, tuple(owed), _owing(owed, whose)),
        Matter(MatterKind.MISSING, tuple(unowned), ()),
        Matter(MatterKind.IN_WORDS, words, _owing(words, whose)),
    ]
    return [matter for matter in found if matter.lines]


def _owing(lines: Sequence[TargetLine], whose: Mapping[int, Departments]) -> Departments:
    """Those who owe most come first."""
    owed = Counter(each for line in lines for each in whose.get(line.target.pk, ()))
    return tuple(sorted(owed, key=lambda each: (-owed[each], each.code)))


def _headline_first(lines: Sequence[TargetLine]) -> tuple[TargetLine, ...]:
    return tuple(sorted(lines, key=lambda line: not line.target.key))
