"""An area at a glance."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from indicators.enums import Light
from plans.models import Document, Domain, Target
from reports.enums import Coverage
from reports.queries import rows
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
    total: int
    lights: list[rows.LightCount]
    coverage: Mapping[str, int]

    @property
    def decided(self) -> int:
        return self.coverage.get(Coverage.DECIDED, 0)

    @property
    def with_side_evidence(self) -> int:
        return self.coverage.get(Coverage.SIDE, 0)


@dataclass(frozen=True)
class DomainLines:
    domain: Domain
    lines: list[rows.TargetLine]


@dataclass(frozen=True)
class LeadDepartment:
    """A department with the targets it leads, oldest goal year first."""

    department: Department
    lines: list[rows.TargetLine]
    lights: list[rows.LightCount]


@dataclass(frozen=True)
class AreaPage:
    """goals: latest year first, without a year last. headline, domains: the targets of the goal
    year shown, headline targets apart."""

    area: Area
    goals: list[GoalSummary]
    goal: int | None
    headline: list[rows.TargetLine]
    domains: list[DomainLines]
    departments: list[LeadDepartment]
    without_lead: int
    documents: list[Document]


def lines_of_area(area: Area) -> list[rows.TargetLine]:
    """All targets in force, by target year and code. Four queries."""
    targets = (
        Target.objects.in_force().filter(area=area)
        .select_related("document", "domain", "area").order_by("target_year", "code")
    )  # fmt: skip
    return rows.lines_of_targets(list(targets))


def area_page(
    area: Area, lines: Sequence[rows.TargetLine], goals: list[GoalSummary], *, goal: int | None
) -> AreaPage:
    """One query. goal: the goal year to show, 0 for the targets without one; None shows the
    latest that lies in the past."""
    shown = _default_goal(goals) if goal is None else goal or None
    of_goal = sorted((line for line in lines if line.target.target_year == shown), key=_urgency)
    return AreaPage(
        area=area,
        goals=goals,
        goal=shown,
        headline=[line for line in of_goal if line.target.key],
        domains=_by_domain([line for line in of_goal if not line.target.key]),
        departments=_departments(lines),
        without_lead=sum(1 for line in lines if not line.leads),
        documents=list(Document.objects.filter(area=area).annotate(target_count=_in_force_count())),
    )


def _in_force_count() -> Count:
    return Count("targets", filter=Q(targets__superseded_at__isnull=True))


def goals_of(lines: Sequence[rows.TargetLine]) -> list[GoalSummary]:
    """Latest year first; those without a year last."""
    years = {line.target.target_year for line in lines}
    ordered: list[int | None] = [*sorted((year for year in years if year), reverse=True)]
    if None in years:
        ordered.append(None)
    return [_goal(year, [each for each in lines if each.target.target_year == year])
            for year in ordered]  # fmt: skip


def _goal(goal: int | None, lines: Sequence[rows.TargetLine]) -> GoalSummary:
    coverage: dict[str, int] = defaultdict(int)
    for line in lines:
        if line.verdict is not None:
            part = rows.coverage_of(
                light=line.verdict.light,
                status=line.verdict.status,
                has_side=line.verdict.side_year is not None,
            )
            coverage[part] += 1
    return GoalSummary(goal, len(lines), count_lights(lines), coverage)


def count_lights(lines: Sequence[rows.TargetLine]) -> list[rows.LightCount]:
    """Worst first."""
    counts: dict[str, int] = defaultdict(int)
    for line in lines:
        if line.verdict is not None:
            counts[line.verdict.light] += 1
    return rows.worst_first(counts)


def _default_goal(goals: Sequence[GoalSummary]) -> int | None:
    years = [each.goal for each in goals if each.goal]
    past = [year for year in years if year < rows.this_year()]
    return max(past) if past else min(years, default=None)


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
    return [DomainLines(domain, grouped[domain]) for domain in in_order]


def _departments(lines: Sequence[rows.TargetLine]) -> list[LeadDepartment]:
    """Those that lead most come first."""
    led: dict[Department, list[rows.TargetLine]] = defaultdict(list)
    for line in lines:
        for department in line.leads:
            led[department].append(line)
    found = [LeadDepartment(each, led[each], count_lights(led[each])) for each in led]
    return sorted(found, key=lambda each: (-len(each.lines), each.department.code))
