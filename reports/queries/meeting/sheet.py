"""What the meeting sheet of an area is made of."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from indicators.models import SeriesDepartment
from plans.enums import Kind
from plans.models import Target
from reports.queries import rows
from reports.queries.meeting.matters import Agenda, Departments, agenda
from reports.queries.tallies import Tally, tally
from reports.queries.urgency import line_urgency
from targets_site.places.models import Area, Department


@dataclass(frozen=True)
class MeetingSheet:
    """headline: the headline targets to compute, the most urgent first. whose: departments by
    a target's primary key: those the document names, else those that report its figures."""

    area: Area
    goal: int
    as_of: int
    tally: Tally
    without_figure: int
    speak_against: int
    agenda: Agenda
    headline: list[rows.TargetLine]
    whose: Mapping[int, Departments]


def goals_of_area(area: Area) -> dict[int, int]:
    """Number of targets to compute by goal year, oldest first; 0 where all are in words. One
    query."""
    found = (
        Target.objects.in_force().filter(area=area, target_year__isnull=False)
        .values_list("target_year").order_by("target_year")
        .annotate(computed=Count("pk", filter=~Q(kind=Kind.TEXT)))
    )  # fmt: skip
    return {year: computed for year, computed in found if year}


def meeting_sheet(area: Area, goal: int) -> MeetingSheet:
    """As of the goal year, or of this one while that lies ahead. Five queries."""
    targets = (
        Target.objects.in_force().filter(area=area, target_year=goal)
        .select_related("document", "domain", "area").order_by("code")
    )  # fmt: skip
    lines = rows.lines_of_targets(list(targets))
    whose = _whose(lines, goal)
    computed = [line for line in lines if not line.is_in_words]
    return MeetingSheet(
        area=area,
        goal=goal,
        as_of=min(goal, rows.this_year()),
        tally=tally(lines),
        without_figure=sum(1 for line in computed if _has_no_figure(line)),
        speak_against=sum(1 for line in computed if _has_no_figure(line) and _speaks_against(line)),
        agenda=agenda(lines, whose),
        headline=sorted((line for line in computed if line.target.key), key=line_urgency),
        whose=whose,
    )


def _has_no_figure(line: rows.TargetLine) -> bool:
    return line.verdict is not None and line.verdict.light == "grey" and not line.actual


def _speaks_against(line: rows.TargetLine) -> bool:
    return line.side_meets is False


def _whose(lines: Sequence[rows.TargetLine], year: int) -> dict[int, Departments]:
    """One query."""
    reporting = _reporting({line.series_code for line in lines if line.series_code}, year)
    named = {line.target.pk: line.leads or reporting[line.series_code] for line in lines}
    return {target: tuple(departments) for target, departments in named.items() if departments}


def _reporting(series: set[str], year: int) -> dict[str, Departments]:
    links = SeriesDepartment.objects.filter(
        Q(from_year__isnull=True) | Q(from_year__lte=year),
        Q(to_year__isnull=True) | Q(to_year__gte=year),
        series__code__in=series,
    ).select_related("department", "series")
    found: dict[str, list[Department]] = defaultdict(list)
    for link in links.order_by("department__code"):
        found[link.series.code].append(link.department)
    return defaultdict(tuple, {code: tuple(each) for code, each in found.items()})
