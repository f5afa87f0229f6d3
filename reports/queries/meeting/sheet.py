"""What the meeting sheet of an area is made of."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from indicators.models import SeriesDepartment
from plans.enums import Kind
from plans.models import Target
from reports.queries import rows
from reports.queries.meeting.matters import Agenda, Departments, agenda
from reports.queries.standpoints import last_as_of
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


@dataclass(frozen=True)
class Goal:
    """A goal year of an area. computed: its targets to compute, 0 where all are in words; years:
    those that they can be looked at from, oldest first."""

    year: int
    computed: int
    years: range


def goals_of_area(area: Area) -> list[Goal]:
    """Oldest first. One query."""
    found = (
        Target.objects.in_force().filter(area=area, target_year__isnull=False)
        .values_list("target_year").order_by("target_year")
        .annotate(
            computed=Count("pk", filter=~Q(kind=Kind.TEXT)), start=Min("document__start_year")
        )
    )  # fmt: skip
    return [
        Goal(year, computed, range(min(start, last_as_of(year)), last_as_of(year) + 1))
        for year, computed, start in found
    ]


def meeting_sheet(area: Area, goal: int, as_of: int) -> MeetingSheet:
    """as_of: the year that it is looked at from. Five queries."""
    targets = (
        Target.objects.in_force().filter(area=area, target_year=goal)
        .select_related("document", "domain", "area").order_by("code")
    )  # fmt: skip
    lines = rows.lines_of_targets(list(targets), as_of=as_of)
    whose = _whose(lines, goal)
    computed = [line for line in lines if not line.is_in_words]
    return MeetingSheet(
        area=area,
        goal=goal,
        as_of=as_of,
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
