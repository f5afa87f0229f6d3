"""Whether a verdict has got worse, and has stayed so long enough to be told.

The verdicts of one target and as-of year follow each other as they were recorded. What stood for
less than the settling time is looked through, on both sides: a slip that was mended within hours
is no change, and what a first load passes through is nothing to compare with.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from indicators.enums import Light, NoticeKind, Status
from indicators.models import Verdict

RANK = {Light.GREEN: 0, Light.PALE: 1, Light.YELLOW: 2, Light.RED: 3}
SHORT = frozenset({Status.BREACHED, Status.MISSED})


@dataclass(frozen=True)
class Standing:
    """What of a verdict people are told of. is_short: the level was not held, or the target was
    missed; breached_years: years in which a level to be held was not."""

    light: str
    is_short: bool
    breached_years: frozenset[str]

    @classmethod
    def of(cls, verdict: Verdict) -> "Standing":
        years = frozenset(filter(None, verdict.breached_years.split(";")))
        return cls(verdict.light, verdict.status in SHORT, years)

    def worse_than(self, other: "Standing") -> NoticeKind | None:
        """In which way; None where it is not. Grey and none are neither better nor worse than a
        colour, but what falls short now did not while nobody knew. A further year in which the
        level was not held is no breach where it is held again now."""
        has_new_years = bool(self.breached_years - other.breached_years)
        if self.is_short and (has_new_years or not other.is_short):
            return NoticeKind.NEW_BREACH
        is_worse = has_new_years or self._has_worse_light(other)
        return NoticeKind.WORSE_LIGHT if is_worse else None

    def _has_worse_light(self, other: "Standing") -> bool:
        if {self.light, other.light} <= RANK.keys():
            return RANK[Light(self.light)] > RANK[Light(other.light)]
        return False


@dataclass(frozen=True)
class Change:
    """A verdict that got worse at `since` and settled; `before` is what stood until then."""

    kind: NoticeKind
    before: Verdict
    after: Verdict
    since: datetime.datetime


@dataclass(frozen=True)
class Run:
    """Neighbouring verdicts of the same standing; last: the newest of them."""

    standing: Standing
    since: datetime.datetime
    last: Verdict


@dataclass(frozen=True)
class Course:
    """The runs of one target and as-of year up to a moment, oldest first; at least one."""

    runs: Sequence[Run]
    moment: datetime.datetime
    settle: datetime.timedelta

    @property
    def current(self) -> Run:
        return self.runs[-1]

    @property
    def settled_before(self) -> Run | None:
        """The last run before the current one that stood for the settling time."""
        lasted = [
            run for run, after in pairwise(self.runs) if after.since - run.since >= self.settle
        ]
        return lasted[-1] if lasted else None

    @property
    def change(self) -> Change | None:
        """What is to be told; None where nothing got worse, or it may yet be mended."""
        before, now = self.settled_before, self.current
        if before is None or self.moment - now.since < self.settle:
            return None
        kind = now.standing.worse_than(before.standing)
        return Change(kind, before.last, now.last, now.since) if kind else None

    @property
    def resumed_since(self) -> datetime.datetime | None:
        """Since when it has stood as it does now, apart from interruptions that did not settle;
        None where there was none."""
        before = self.settled_before
        if before is None or before.standing != self.current.standing:
            return None
        return before.since


def course_of(
    verdicts: Sequence[Verdict], *, moment: datetime.datetime, settle: datetime.timedelta
) -> Course | None:
    """verdicts: of one target (by code) and as-of year, as recorded; None where none of them is
    in force."""
    known = [each for each in verdicts if each.recorded_at <= moment]
    if not known or not _is_in_force(known[-1], moment):
        return None
    runs = []
    for standing, some in groupby(known, key=Standing.of):
        same = list(some)
        runs.append(Run(standing, same[0].recorded_at, same[-1]))
    return Course(runs, moment, settle)


def _is_in_force(verdict: Verdict, moment: datetime.datetime) -> bool:
    return verdict.superseded_at is None or verdict.superseded_at > moment
