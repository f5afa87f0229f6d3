"""What a round asks for: the figures and judgements of its years, by department."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, prefetch_related_objects

from indicators.enums import CellState
from indicators.models import (
    Judgement,
    JudgementVersion,
    Observation,
    ObservationVersion,
    Round,
    Series,
    SeriesDepartment,
    TargetReading,
)
from plans.enums import Kind
from plans.models import Document, Domain, Target
from targets_site.places.models import Department


@dataclass(frozen=True)
class AskedFigure:
    """A series and year that a round asks for.

    department: who reports it today (the successor where the reporting one no longer exists).
    is_owed: a target in force counts on it; else it may be entered and nobody waits for it.
    """

    round: Round
    series: Series
    year: int
    department: Department
    is_owed: bool
    observation: Observation | None

    @property
    def newest(self) -> ObservationVersion | None:
        """The version that people work on, else the one in force."""
        if self.observation is None:
            return None
        return self.observation.working or self.observation.in_force

    @property
    def state(self) -> CellState:
        return CellState.of(self.observation)

    def is_late_at(self, moment: datetime.datetime, *, due_at: datetime.datetime) -> bool:
        """Owed, the deadline passed, and it has not left the department: what is in force has,
        whoever is at work on a correction.

        due_at: of the department, which may have more time than others (`Deadlines.of`).
        """
        return self.is_owed and moment >= due_at and _is_awaited(self.observation)


@dataclass(frozen=True)
class AskedJudgement:
    """A target in words and the year that a round asks to judge it for.

    departments: those that the document names; none where it names none, so that every
    department of the area may judge it and nobody owes it.
    """

    round: Round
    target: Target
    year: int
    departments: tuple[Department, ...]
    judgement: Judgement | None

    @property
    def is_owed(self) -> bool:
        return bool(self.departments)

    @property
    def newest(self) -> JudgementVersion | None:
        if self.judgement is None:
            return None
        return self.judgement.working or self.judgement.in_force

    @property
    def state(self) -> CellState:
        return CellState.of(self.judgement)

    def is_late_at(self, moment: datetime.datetime, *, due_at: datetime.datetime) -> bool:
        """As of figures."""
        return self.is_owed and moment >= due_at and _is_awaited(self.judgement)


@dataclass(frozen=True)
class JudgementGroup:
    """Judgements of one document and domain."""

    document: Document
    domain: Domain
    judgements: Sequence[AskedJudgement]


def by_document_and_domain(judgements: Iterable[AskedJudgement]) -> list[JudgementGroup]:
    """By document, then as domains are ordered; within a group as they were given."""
    found: dict[tuple[Document, Domain], list[AskedJudgement]] = defaultdict(list)
    for each in judgements:
        found[each.target.document, each.target.domain].append(each)
    groups = [JudgementGroup(*key, some) for key, some in found.items()]
    return sorted(groups, key=lambda each: (each.document.slug, each.domain.position))


def _is_awaited(cell: Observation | Judgement | None) -> bool:
    if cell is not None and cell.in_force_id is not None:
        return False
    return CellState.of(cell).is_with_department


def asked_figures(
    rounds: Iterable[Round], *, departments: Collection[int] | None = None
) -> list[AskedFigure]:
    """What the rounds ask for, by round (the next due first) and department, what is owed first,
    then series and year.

    departments: ids of those that report in the year; all where left out. The number of queries
    does not grow with rounds, series or years.
    """
    rounds = _with_years(rounds)
    years = {year for one in rounds for year in one.years}
    links = _links({one.area_id for one in rounds}, years, departments)
    series = {link.series_id for link in links}
    needed = _needed_years(series)
    current = current_departments(link.department for link in links)
    cells = {
        (cell.series_id, cell.year): cell
        for cell in Observation.objects.filter(series__in=series, year__in=years).select_related(
            "in_force__entered_by", "working__entered_by", "working__reviewed_by"
        )
    }
    found = {
        (one.pk, link.series_id, year): AskedFigure(
            round=one,
            series=link.series,
            year=year,
            department=current[link.department_id],
            is_owed=any(first <= year <= last for first, last in needed[link.series_id]),
            observation=cells.get((link.series_id, year)),
        )
        for one in rounds
        for year in one.years
        for link in links
        if link.series.area_id == one.area_id and _reports_in(link, year)
    }
    return sorted(
        found.values(),
        key=lambda each: (
            each.round.due_at,
            each.round.pk,
            each.department.code,
            not each.is_owed,
            each.series.code,
            each.year,
        ),
    )


def asked_judgements(
    rounds: Iterable[Round], *, departments: Collection[int] | None = None
) -> list[AskedJudgement]:
    """The targets in words whose year a round asks for: their target year, else the last year of
    the document's period. By round, document and code.

    departments: ids; of targets that name departments only those that name one of these.
    """
    rounds = _with_years(rounds)
    years = {year for one in rounds for year in one.years}
    targets = (
        Target.objects.in_force()
        .filter(
            Q(target_year__in=years) | Q(target_year__isnull=True, document__end_year__in=years),
            kind=Kind.TEXT,
            area__in={one.area_id for one in rounds},
        )
        .select_related("document", "domain", "area")
        .prefetch_related("department_links__department")
        .order_by("code")
    )
    if departments is not None:
        targets = targets.filter(
            Q(department_links__department__in=departments)
            | Q(department_links__isnull=True, area__departments__in=departments)
        ).distinct()
    named = {
        target.pk: [link.department for link in target.department_links.all()] for target in targets
    }
    current = current_departments(each for links in named.values() for each in links)
    cells = {
        (cell.target_code, cell.year): cell
        for cell in Judgement.objects.filter(
            target_code__in=[target.code for target in targets], year__in=years
        ).select_related("in_force__entered_by", "working__entered_by", "working__reviewed_by")
    }
    return [
        AskedJudgement(
            round=one,
            target=target,
            year=year,
            departments=tuple(
                {current[each.pk].pk: current[each.pk] for each in named[target.pk]}.values()
            ),
            judgement=cells.get((target.code, year)),
        )
        for one in sorted(rounds, key=lambda each: each.due_at)
        for target in targets
        for year in [target.target_year or target.document.end_year]
        if target.area_id == one.area_id and year in one.years
    ]


def _with_years(rounds: Iterable[Round]) -> list[Round]:
    """The rounds with their years read at once."""
    rounds = list(rounds)
    prefetch_related_objects(rounds, "year_rows")
    return rounds


def current_departments(departments: Iterable[Department]) -> dict[int, Department]:
    """By id, who does a department's work today: the last of its successors, else itself."""
    found = {each.pk: each for each in departments}
    everybody = dict(found)
    while wanted := {each.successor_id for each in everybody.values()} - set(everybody) - {None}:
        everybody |= Department.objects.in_bulk([pk for pk in wanted if pk is not None])
    return {pk: _last_successor(each, everybody) for pk, each in found.items()}


def _last_successor(department: Department, everybody: dict[int, Department]) -> Department:
    passed = {department.pk}
    while department.successor_id and department.successor_id not in passed:
        department = everybody[department.successor_id]
        passed.add(department.pk)
    return department


def _links(
    areas: set[int], years: set[int], departments: Collection[int] | None
) -> list[SeriesDepartment]:
    """Who reports which series of the areas, in some of the years at least."""
    if not years:
        return []
    links = (
        SeriesDepartment.objects.filter(
            Q(from_year__isnull=True) | Q(from_year__lte=max(years)),
            Q(to_year__isnull=True) | Q(to_year__gte=min(years)),
            series__area__in=areas,
        )
        .select_related("series__area", "series__indicator", "department")
        .order_by("series__code", "department__code")
    )
    return list(links if departments is None else links.filter(department__in=departments))


def _reports_in(link: SeriesDepartment, year: int) -> bool:
    return (link.from_year or year) <= year <= (link.to_year or year)


def _needed_years(series: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """By series id, first and last year of each target in force that it measures. A series that
    is surveyed every few years is not owed in any one of them."""
    readings = TargetReading.objects.in_force().filter(
        series__in=series, series__frequency=1, target__superseded_at__isnull=True
    )
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for one, first, last, end in readings.values_list(
        "series_id", "target__document__start_year", "target__target_year",
        "target__document__end_year",
    ):  # fmt: skip
        found[one].append((first, last or end))
    return found
