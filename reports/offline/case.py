"""One target, looked at from one year, and whether a figure meets it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reports.offline.inputs import Observation, Target


@dataclass(frozen=True)
class Case:
    """A target, its milestones and its observations up to as_of, oldest first."""

    target: Target
    milestones: Mapping[int, Fraction]
    observations_to_as_of: Sequence[Observation]
    as_of: int

    @property
    def is_due(self) -> bool:
        due = self.target.target_year
        return due is not None and self.as_of >= due

    @property
    def last_year(self) -> int:
        """min(as-of, target year): later years change nothing."""
        return self.target.due_year if self.is_due else self.as_of

    @property
    def observations(self) -> list[Observation]:
        return [o for o in self.observations_to_as_of if o.year <= self.last_year]

    @property
    def latest(self) -> Observation | None:
        """The observation of t."""
        return last(o for o in self.observations if o.year >= self.target.start_year)

    def figure(self, year: int) -> Observation | None:
        """The observation of the year, else the latest of its f years."""
        first = year - self.target.frequency + 1
        return last(o for o in self.observations if first <= o.year <= year)

    @property
    def comparable(self) -> list[Observation]:
        """The exact and about ones of the last segment."""
        last_break = last(o for o in self.observations if o.is_break)
        first = last_break.year if last_break else 0
        return [o for o in self.observations if o.year >= first and not o.is_bounded]

    def previous(self, observation: Observation) -> Observation | None:
        return last(o for o in self.comparable if o.year < observation.year)

    def baseline(self) -> tuple[int, Fraction] | None:
        """(y0, b) of rule 5; `relative` and flows have theirs fixed."""
        target, start = self.target, self.target.start_year
        if target.is_summed:
            return start - 1, Fraction(0)
        if target.baseline_value is not None:
            return target.baseline_year or start - 1, target.baseline_value
        found = last(o for o in self.comparable if start - 3 <= o.year < start)
        found = found or last(o for o in self.comparable if o.year == start)
        return (found.year, found.value) if found else None

    @property
    def hold_years(self) -> range:
        """W."""
        first = self.target.start_year
        if self.milestones:
            first = max(self.milestones) + 1
        if self.target.hold_from is not None:
            first = self.target.hold_from
        return range(first, self.last_year + 1)

    @property
    def actual(self) -> Observation | None:
        """What is compared with the target; once due the target year's figure."""
        if self.is_due:
            return self.figure(self.last_year)
        if self.target.kind == "hold":
            figures = [self.figure(year) for year in self.hold_years]
            return last(o for o in figures if o) or self.latest
        return self.latest

    @property
    def gap(self) -> Fraction | None:
        if not self.target.has_level or self.actual is None:
            return None
        return self.target.direction * (self.target.level - self.actual.value)


def last(observations: Iterable[Observation]) -> Observation | None:
    return next(reversed(list(observations)), None)


def judge_value(target: Target, value: Fraction) -> str:
    """met, short or open for an exact or about figure."""
    level, comparator = target.level, target.comparator
    if target.direction * (value - level) > 0:
        return "met"
    if value == level and comparator not in ("gt", "lt"):
        return "met"
    if comparator == "about" and target.tolerance is None:
        return "open" if value >= Fraction("0.95") * target.value else "short"
    return "short"


def judge(target: Target, observation: Observation) -> str:
    """met, short or open; a bounded figure is an interval.

    One that reaches the good way is met when its worst end is, and never all
    short; one that reaches the other way is short when its best end is.
    """
    at_its_end = judge_value(target, observation.value)
    if not observation.is_bounded:
        return at_its_end
    good_way = "at_least" if target.direction == 1 else "at_most"
    certain = "met" if observation.bound == good_way else "short"
    return certain if at_its_end == certain else "open"
