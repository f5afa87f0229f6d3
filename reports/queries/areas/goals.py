"""Which goal years an area has, and from which years each can be looked at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.queries import rows, standings
from reports.queries.areas.counted import Seen


@dataclass(frozen=True)
class Goal:
    """year: 0 for the targets that give none. years: those to look from, oldest first; empty
    while none has come. total: targets to compute."""

    year: int
    years: tuple[int, ...]
    total: int

    @property
    def last(self) -> int:
        """The year that it is looked at from, unless another one is asked for."""
        return self.years[-1] if self.years else rows.this_year()


def goals_of(counted: Sequence[Seen]) -> list[Goal]:
    """Oldest first, the targets without a year last."""
    years = sorted({each.goal for each in counted}, key=lambda year: (not year, year))
    return [_goal(year, [each for each in counted if each.goal == year]) for year in years]


def _goal(year: int, counted: Sequence[Seen]) -> Goal:
    passed = sorted({each.as_of for each in counted if each.as_of <= rows.this_year()})
    last = [each for each in counted if each.is_last]
    return Goal(year, tuple(passed), standings.total(last, ["computed"]))


def opening(goals: Iterable[Goal]) -> Goal | None:
    """The one that a page opens on, as the overview does; None without any."""
    by_year = {goal.year: goal for goal in goals}
    year = rows.opening_goal({goal.year: goal.total for goal in by_year.values() if goal.year})
    return by_year[year or 0] if by_year else None
