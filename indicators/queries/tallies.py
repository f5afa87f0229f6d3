"""How much of what rounds ask for has come in: counted by the database, by any key."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from indicators.enums import CellState
from indicators.models import (
    Judgement,
    Observation,
    RoundYear,
    SeriesDepartment,
    TargetReading,
)
from indicators.queries.asked import current_departments
from plans.enums import Kind
from plans.models import TargetDepartment
from targets_site.places.models import Department

SERIES, TARGET = "round__area__series", "round__area__targets"
WITH_DEPARTMENT = [state for state in CellState if state.is_with_department]

# By round id, the departments that have more time than the others (see `deadlines.more_time`).
MoreTime = Mapping[int, frozenset[int]]


@dataclass(frozen=True)
class Tally:
    """What is owed, by state; late: owed, still with the department, the deadline passed."""

    states: Mapping[CellState, int] = field(default_factory=dict)
    late: int = 0

    @property
    def owed(self) -> int:
        return sum(self.states.values())

    @property
    def reported(self) -> int:
        return sum(self.states.get(each, 0) for each in CellState if each not in WITH_DEPARTMENT)

    @property
    def percent(self) -> int | None:
        """Of what is owed, rounded down, so that 100 says all; None where nothing is owed."""
        return 100 * self.reported // self.owed if self.owed else None

    @property
    def by_state(self) -> list[tuple[CellState, int]]:
        return [(state, self.states.get(state, 0)) for state in CellState]


@dataclass(frozen=True)
class Owed:
    """What is owed, as rows to be counted; each has `state`, `cell` and what a RoundYear has.

    each: one row for every cell; by_department: one for every cell and `department` that owes it.
    """

    each: "QuerySet[Any]"
    by_department: "QuerySet[Any]"


def figures_owed(
    years: "QuerySet[RoundYear]", *, departments: Collection[int] | None = None
) -> Owed:
    """The series that a department reports in the year and a target in force counts on, as
    `asked_figures`; departments: ids, all where left out."""
    rows = (
        years.alias(cell=F(SERIES), frequency=F(f"{SERIES}__frequency"))
        .filter(_needed_in_the_year(), frequency=1)
        .alias(state=_state(Observation.objects.filter(series=OuterRef("cell"))))
    )
    links = SeriesDepartment.objects.filter(_in_years(OuterRef("year")), series=OuterRef("cell"))
    return Owed(
        each=rows.filter(Exists(_of(departments, links))),
        by_department=_of(
            departments,
            rows.alias(
                department=F(f"{SERIES}__department_links__department"),
                from_year=F(f"{SERIES}__department_links__from_year"),
                to_year=F(f"{SERIES}__department_links__to_year"),
            ).filter(_in_years(F("year")), department__isnull=False),
        ),
    )


def judgements_owed(
    years: "QuerySet[RoundYear]", *, departments: Collection[int] | None = None
) -> Owed:
    """The targets in words that name a department, in the year that decides on them, as
    `asked_judgements`; departments: ids, all where left out."""
    rows = (
        years.alias(
            cell=F(TARGET),
            code=F(f"{TARGET}__code"),
            kind=F(f"{TARGET}__kind"),
            superseded_at=F(f"{TARGET}__superseded_at"),
            decided_in=Coalesce(F(f"{TARGET}__target_year"), F(f"{TARGET}__document__end_year")),
        )
        .filter(kind=Kind.TEXT, superseded_at__isnull=True, decided_in=F("year"))
        .alias(state=_state(Judgement.objects.filter(target_code=OuterRef("code"))))
    )
    links = TargetDepartment.objects.filter(target=OuterRef("cell"))
    return Owed(
        each=rows.filter(Exists(_of(departments, links))),
        by_department=_of(
            departments,
            rows.alias(department=F(f"{TARGET}__department_links__department")).filter(
                department__isnull=False
            ),
        ),
    )


@dataclass(frozen=True)
class OwedCell:
    """A cell that a department owes; department: the one that does the work today."""

    department: Department
    year: int
    cell: int
    state: CellState
    is_late: bool


def owed_cells(
    owed: Owed, *, moment: datetime.datetime, more_time: MoreTime
) -> frozenset[OwedCell]:
    """One by one; for a single area, whose rounds ask for a year once."""
    rows = list(
        owed.by_department.annotate(what=F("cell"), who=F("department"), said=F("state"))
        .order_by()
        .values_list("who", "round", "year", "what", "said", "round__due_at")
    )
    current = current_departments(Department.objects.filter(pk__in={row[0] for row in rows}))
    found = set()
    for who, round_id, year, what, said, due_at in rows:
        department, state = current[who], CellState(said)
        has_time = moment < due_at or department.pk in more_time.get(round_id, ())
        is_late = state.is_with_department and not has_time
        found.add(OwedCell(department, year, what, state, is_late))
    return frozenset(found)


def tally_of(cells: Collection[OwedCell]) -> Tally:
    """Each cell once: it is late if one of the departments that owe it is."""
    states = {(one.year, one.cell): one.state for one in cells}
    late = {(one.year, one.cell) for one in cells if one.is_late}
    return Tally(Counter(states.values()), len(late))


def tallies(
    owed: Owed, key: Any, *, moment: datetime.datetime, more_time: MoreTime
) -> dict[Any, Tally]:
    """By key, an expression over the rows: counted by the database, each cell once."""
    states: dict[Any, Counter[CellState]] = defaultdict(Counter)
    late: Counter[Any] = Counter()
    is_due = Case(When(round__due_at__lte=moment, then=True), default=False)
    counted = owed.each.annotate(key=key, said=F("state"), is_due=is_due).order_by()
    for one in counted.values("key", "said", "is_due").annotate(number=Count("pk")):
        state = CellState(one["said"])
        states[one["key"]][state] += one["number"]
        if one["is_due"] and state.is_with_department:
            late[one["key"]] += one["number"]
    late.subtract(_in_time_all_the_same(owed, key, more_time))
    return {each: Tally(counter, late[each]) for each, counter in states.items()}


def _in_time_all_the_same(owed: Owed, key: Any, more_time: MoreTime) -> Counter[Any]:
    """By key, the cells with departments of which every one has more time."""
    if not more_time:
        return Counter()
    rows = (
        owed.by_department.filter(round__in=list(more_time), state__in=WITH_DEPARTMENT)
        .annotate(key=key, what=F("cell"), who=F("department"))
        .order_by()
        .values_list("key", "round", "year", "what", "who")
    )
    departments: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    for *which, who in rows:
        departments[tuple(which)].add(who)
    everybody = {who for several in departments.values() for who in several}
    current = current_departments(Department.objects.filter(pk__in=everybody))
    return Counter(
        which[0]
        for which, several in departments.items()
        if {current[who].pk for who in several} <= more_time[which[1]]
    )


def _needed_in_the_year() -> Exists:
    """Whether a target in force counts on the series in the year."""
    return Exists(
        TargetReading.objects.in_force()
        .annotate(
            last_year=Coalesce(F("target__target_year"), F("target__document__end_year")),
        )
        .filter(
            series=OuterRef("cell"),
            target__superseded_at__isnull=True,
            target__document__start_year__lte=OuterRef("year"),
            last_year__gte=OuterRef("year"),
        )
    )


def _state(cells: "QuerySet[Any]") -> Coalesce:
    """Where a cell of the row's year stands; what is in force has come in, also while a
    correction of it is on its way."""
    said = Case(
        When(in_force__isnull=False, then=Value(CellState.APPROVED)),
        default=F("working__state"),
        output_field=CharField(),
    )
    stored = cells.filter(year=OuterRef("year")).order_by().values(said=said)[:1]
    return Coalesce(Subquery(stored), Value(CellState.EMPTY), output_field=CharField())


def _in_years(year: Any) -> Q:
    return Q(Q(from_year__isnull=True) | Q(from_year__lte=year)) & Q(
        Q(to_year__isnull=True) | Q(to_year__gte=year)
    )


def _of(departments: Collection[int] | None, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    return rows if departments is None else rows.filter(department__in=departments)
