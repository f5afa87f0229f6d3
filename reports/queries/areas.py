"""An area at a glance."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from indicators.enums import Light
from plans.enums import Kind
from plans.models import Document, Domain, Target
from reports.queries import rows
from reports.queries.tallies import Tally, tally
from targets_site.places.models import Area, Department

# Lines of one domain and of the headline: the most urgent first.
_LIGHT_RANK = {
    light: rank
    for rank, light in enumerate(
        [Light.RED, Light.YELLOW, Light.GREY, Light.PALE, Light.GREEN, Light.NONE]
    )
}


@dataclass(frozen=True)
class GoalSummary:
    """How the area's targets of one goal year stand; goal is None for those without a year."""

    goal: int | None
    tally: Tally


@dataclass(frozen=True)
class DomainLines:
    domain: Domain
    lines: list[rows.TargetLine]
    tally: Tally


@dataclass(frozen=True)
class LeadDepartment:
    """A department with the targets it leads, of all goal years, oldest first."""

    department: Department
    lines: list[rows.TargetLine]
    tally: Tally

    @property
    def computed(self) -> list[rows.TargetLine]:
        return [line for line in self.lines if not line.is_in_words]

    @property
    def in_words(self) -> list[rows.TargetLine]:
        return [line for line in self.lines if line.is_in_words]


@dataclass(frozen=True)
class AreaPage:
    """goals: as `goals_of` orders them. headline, domains: the targets to compute of the goal
    year shown, headline targets apart; in_words: its targets in words by domain. led: the
    department whose targets are shown instead; None where none was chosen."""

    area: Area
    goals: list[GoalSummary]
    goal: int | None
    headline: list[rows.TargetLine]
    domains: list[DomainLines]
    in_words: list[DomainLines]
    departments: list[LeadDepartment]
    led: LeadDepartment | None
    without_lead: int
    documents: list[Document]

    @property
    def tally(self) -> Tally:
        """Of the goal year shown."""
        return next(each.tally for each in self.goals if each.goal == self.goal)


def lines_of_area(area: Area) -> list[rows.TargetLine]:
    """All targets in force, by target year and code. Four queries."""
    targets = (
        Target.objects.in_force().filter(area=area)
        .select_related("document", "domain", "area").order_by("target_year", "code")
    )  # fmt: skip
    return rows.lines_of_targets(list(targets))


def area_page(
    area: Area,
    lines: Sequence[rows.TargetLine],
    goals: list[GoalSummary],
    departments: list[LeadDepartment],
    *,
    goal: int | None,
    department: str | None,
) -> AreaPage:
    """One query.

    goal: the goal year to show, 0 for the targets without one; None shows the one that
    `opening_goal` chooses. department: the code of one of `departments`, None for all.
    """
    shown = _opening_goal(goals) if goal is None else goal or None
    of_goal = sorted((line for line in lines if line.target.target_year == shown), key=_urgency)
    computed = [line for line in of_goal if not line.is_in_words]
    return AreaPage(
        area=area,
        goals=goals,
        goal=shown,
        headline=[line for line in computed if line.target.key],
        domains=_by_domain([line for line in computed if not line.target.key]),
        in_words=_by_domain([line for line in of_goal if line.is_in_words]),
        departments=departments,
        led=next((each for each in departments if each.department.code == department), None),
        without_lead=sum(1 for line in lines if not line.leads),
        documents=list(_documents(area)),
    )


def _documents(area: Area) -> "list[Document]":
    """With the number of their targets to compute and in words."""
    in_force = Q(targets__superseded_at__isnull=True)
    words = Q(targets__kind=Kind.TEXT)
    return list(
        Document.objects.filter(area=area).annotate(
            target_count=Count("targets", filter=in_force & ~words),
            in_words_count=Count("targets", filter=in_force & words),
        )
    )


def goals_of(lines: Sequence[rows.TargetLine]) -> list[GoalSummary]:
    """Latest year first; after those with targets to compute those with targets in words only,
    and last the targets without a year."""
    by_year: dict[int | None, list[rows.TargetLine]] = defaultdict(list)
    for line in lines:
        by_year[line.target.target_year].append(line)
    found = [GoalSummary(year, tally(of_year)) for year, of_year in by_year.items()]
    return sorted(
        found, key=lambda each: (each.goal is None, not each.tally.total, -(each.goal or 0))
    )


def departments_of(lines: Sequence[rows.TargetLine]) -> list[LeadDepartment]:
    """Those that lead most come first."""
    led: dict[Department, list[rows.TargetLine]] = defaultdict(list)
    for line in lines:
        for department in line.leads:
            led[department].append(line)
    found = [LeadDepartment(each, led[each], tally(led[each])) for each in led]
    return sorted(found, key=lambda each: (-len(each.lines), each.department.code))


def _opening_goal(goals: Sequence[GoalSummary]) -> int | None:
    return rows.opening_goal({each.goal: each.tally.total for each in goals if each.goal})


def _urgency(line: rows.TargetLine) -> tuple[int, int, str]:
    if line.verdict is None:
        return (len(_LIGHT_RANK), 0, line.target.code)
    speaks = 0 if line.side_meets is False else 1 if line.actual or line.side else 2
    return (_LIGHT_RANK[Light(line.verdict.light)], speaks, line.target.code)


def _by_domain(lines: Sequence[rows.TargetLine]) -> list[DomainLines]:
    grouped: dict[Domain, list[rows.TargetLine]] = defaultdict(list)
    for line in lines:
        grouped[line.target.domain].append(line)
    in_order = sorted(grouped, key=lambda domain: (domain.position, domain.code))
    return [DomainLines(each, grouped[each], tally(grouped[each])) for each in in_order]
