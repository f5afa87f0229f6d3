"""An area at a glance, for one goal year as seen from one year."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from indicators.standings import Standing
from plans.models import Document
from reports.enums import Coverage
from reports.queries import rows, standings
from reports.queries.areas.below import SHOWN, AreaBelow, below
from reports.queries.areas.counted import Seen, tally_of
from reports.queries.areas.departments import LeadDepartment, departments_of
from reports.queries.areas.domains import DomainPart, domains_of
from reports.queries.areas.goals import Goal
from reports.queries.areas.lines import computed_lines, leads_of, said_of
from reports.queries.areas.story import Story, story_of
from reports.queries.overview import is_shown
from reports.queries.scopes import Scope
from reports.queries.standpoints import last_as_of
from reports.queries.tallies import CoverageCount, InWords, Tally, coverage_segments, red_of
from targets_site.places.models import Area

HEADLINES_SHOWN = 12


@dataclass(frozen=True)
class Headline:
    """lines: headline targets with a figure, a few, the most urgent
    first; total, with_figures: how many there are."""

    lines: list[rows.TargetLine]
    total: int
    with_figures: int

    @property
    def without_figures(self) -> int:
        return self.total - self.with_figures


@dataclass(frozen=True)
class AreaPage:
    """tally: of the goal year, as seen from `as_of`. side_short: those that side evidence would
    miss; unconfirmed: decided ones that rest on a reading that no second person has confirmed;
    not_computed: targets of either kind without a verdict yet. without_lead: targets that name no
    department."""

    area: Area
    goal: Goal
    as_of: int
    tally: Tally
    side_short: int
    unconfirmed: int
    not_computed: int
    story: Story
    headline: Headline
    domains: list[DomainPart]
    departments: list[LeadDepartment]
    without_lead: int
    documents: list[Document]
    areas_below: list[AreaBelow]
    has_more_below: bool

    @property
    def is_over(self) -> bool:
        """Whether it is the final assessment."""
        return bool(self.goal.year) and self.as_of == self.goal.year

    @property
    def goal_year(self) -> int:
        """0 for the targets without one."""
        return self.goal.year

    @property
    def total(self) -> int:
        return self.tally.total

    @property
    def red(self) -> int:
        return red_of(self.tally.lights)

    @property
    def in_words(self) -> InWords:
        return self.tally.in_words

    def count(self, coverage: Coverage) -> int:
        return self.tally.coverage[coverage]

    @property
    def has_worst(self) -> bool:
        """Whether anything that a department leads stands badly."""
        return any(each.worst for each in self.departments)

    @property
    def parts(self) -> list[CoverageCount]:
        """Where nothing promises a figure, those in words alone."""
        tally = self.tally
        decided = [each for each in tally.lights if each.light in rows.COLOURED]
        lights = {Coverage.DECIDED: decided, Coverage.IN_WORDS: tally.in_words.lights}
        return [
            CoverageCount(each, tally.coverage[each], lights.get(each, []))
            for each in Coverage
            if is_shown(each, tally.coverage[each], tally.total)
        ]

    @property
    def segments(self) -> list[tuple[str, int]]:
        """As the overview's; see `coverage_segments`."""
        return coverage_segments(self.parts, total=self.tally.total)

    @property
    def seen_from(self) -> int | None:
        """The as-of year where the overview of the goal year needs it named."""
        year = self.goal.year
        return self.as_of if year and self.as_of != last_as_of(year) else None

    @property
    def address(self) -> str:
        """Of this page, where more may be asked for."""
        return f"{self.area.get_absolute_url()}{self._query}"

    @property
    def list_address(self) -> str:
        """Of the overview's list of these targets, where more may be asked for."""
        own = "&own=1" if self.areas_below else ""
        return f"{reverse('reports:overview')}{self._query}&area={self.area.code}{own}"

    @property
    def counts_address(self) -> str:
        """Where the counts of the page lead to; empty for the targets without a year, which the
        overview does not list."""
        return self.list_address if self.goal.year else ""

    @property
    def _query(self) -> str:
        return f"?goal={self.goal.year}&as_of={self.as_of}"

    def led_by(self, code: str | None) -> LeadDepartment | None:
        return next((each for each in self.departments if each.department.code == code), None)


def area_page(scope: Scope, counted: Sequence[Seen], goal: Goal, as_of: int) -> AreaPage:
    """Five queries.

    scope: with an area; counted: all rows of its roll-up.
    """
    area = scope.area
    if area is None:
        raise TypeError("the nation has no page of an area")
    of_goal = [each for each in counted if each.goal == goal.year]
    seen = [each for each in of_goal if each.is_seen_from(as_of)]
    leads = leads_of(area, goal.year)
    lines = computed_lines(area, goal.year, as_of, seen, leads)
    said = said_of(area, goal.year, as_of)
    areas_below = below(scope, goal.year, as_of)
    tally = tally_of(seen)
    verdicts = standings.total(seen, Standing.values)
    return AreaPage(
        area=area,
        goal=goal,
        as_of=as_of,
        tally=tally,
        side_short=standings.total(seen, [Standing.SIDE_SHORT]),
        unconfirmed=sum(1 for line in lines if line.is_unconfirmed),
        not_computed=max(0, tally.total + tally.in_words.total - verdicts),
        story=story_of(goal, of_goal),
        headline=_headline(lines),
        domains=domains_of(seen, lines, said),
        departments=departments_of(lines, said, leads),
        without_lead=sum(1 for line in lines if not line.leads)
        + sum(1 for each in said if each.target_id not in leads),
        documents=list(dict.fromkeys(each.document for each in counted)),
        areas_below=areas_below[:SHOWN],
        has_more_below=len(areas_below) > SHOWN,
    )


def _headline(lines: Sequence[rows.TargetLine]) -> Headline:
    key = [line for line in lines if line.target.key]
    with_figures = [line for line in key if line.points or line.actual or line.side]
    return Headline(with_figures[:HEADLINES_SHOWN], len(key), len(with_figures))
