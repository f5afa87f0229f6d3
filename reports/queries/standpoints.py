"""What a page of counts is about, and the year that it is looked at from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from reports.queries.rows import this_year
from reports.queries.scopes import Scope


def last_as_of(goal: int) -> int:
    """The year that says how the targets of a goal year ended, or this one while it lies ahead."""
    return min(goal, this_year())


@dataclass(frozen=True)
class Standpoint:
    """years: those that one may look from, oldest first."""

    scope: Scope
    goal: int
    as_of: int
    years: Sequence[int] = ()

    @property
    def is_interim(self) -> bool:
        """Looked at before the goal year, so that nothing is final."""
        return self.as_of < self.goal

    @cached_property
    def seen_from(self) -> int | None:
        """The as-of year where it is not the last one, which needs no naming."""
        return None if self.as_of == last_as_of(self.goal) else self.as_of

    @cached_property
    def years_query(self) -> str:
        """What an address needs to keep both years."""
        return f"goal={self.goal}" + (f"&as_of={self.seen_from}" if self.seen_from else "")

    @cached_property
    def query(self) -> str:
        """What an address needs to stay with the same area and years."""
        return self.years_query + self.scope.query
