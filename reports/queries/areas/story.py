"""How the targets of a goal year stood in each year since the documents started."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.enums import Light
from plans.models import Document
from reports.queries.areas.counted import Seen, tally_of
from reports.queries.areas.goals import Goal
from reports.queries.tallies import Tally


@dataclass(frozen=True)
class StoryYear:
    """began: documents whose period starts in it."""

    year: int
    tally: Tally
    began: list[Document]

    def count(self, light: str) -> int:
        """Of the targets to compute."""
        return next((each.count for each in self.tally.lights if each.light == light), 0)


@dataclass(frozen=True)
class Story:
    """years: oldest first. lights: that any of them has, worst first."""

    years: list[StoryYear]
    lights: list[str]

    @property
    def most(self) -> int:
        """Targets to compute in the year that has most."""
        return max((each.tally.total for each in self.years), default=0)

    @property
    def has_colour(self) -> bool:
        return bool(set(self.lights) - {Light.GREY, Light.NONE})

    @property
    def table(self) -> list[tuple[StoryYear, list[int]]]:
        """Each year with its counts in the order of `lights`."""
        return [(each, [each.count(light) for light in self.lights]) for each in self.years]


def story_of(goal: Goal, counted: Sequence[Seen]) -> Story:
    """counted: rows of the goal year alone."""
    years = [_year(year, counted) for year in goal.years]
    found = {each.light for year in years for each in year.tally.lights}
    return Story(years, [light for light in Light.values if light in found])


def _year(year: int, counted: Sequence[Seen]) -> StoryYear:
    seen = [each for each in counted if each.is_seen_from(year)]
    documents = dict.fromkeys(each.document for each in seen)
    return StoryYear(year, tally_of(seen), [each for each in documents if each.start_year == year])
