"""Who owes what: one row for each figure, judgement or material and the department that has to
report it."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.enums import CellState, MaterialKind
from indicators.models import Cell, MaterialFile, Round, RoundMaterial, Series
from indicators.queries.asked import (
    AskedFigure,
    AskedJudgement,
    asked_figures,
    asked_judgements,
    current_departments,
)
from indicators.queries.deadlines import Deadlines, days_late, deadlines
from plans.models import Target
from targets_site.accounts.access import with_successors
from targets_site.accounts.models import DEPARTMENT_ROLES, Post, Role, User
from targets_site.places.models import Department


@dataclass(frozen=True)
class OwedRow:
    """Something that a round asks a department for: a figure of a series, the judgement of a
    target in words, or a material.

    department: the one that does the work today. year: None for a material. is_owed: somebody
    waits for it. days_late: begun days since the deadline. holders: who has the post that it
    waits for.
    """

    round: Round
    department: Department
    what: Series | Target | MaterialKind
    year: int | None
    is_owed: bool
    state: CellState
    due_at: datetime.datetime
    days_late: int
    holders: tuple[User, ...]

    @property
    def name(self) -> str:
        if isinstance(self.what, Series):
            return self.what.indicator.name
        return self.what.statement if isinstance(self.what, Target) else str(self.what.label)

    @property
    def scope_name(self) -> str:
        return self.what.scope_name if isinstance(self.what, Series) else ""

    @property
    def unit(self) -> str:
        return self.what.indicator.unit if isinstance(self.what, Series) else ""

    @property
    def code(self) -> str:
        return self.what if isinstance(self.what, MaterialKind) else self.what.code

    @property
    def address(self) -> str:
        """The page of the indicator or target; a material has none."""
        if isinstance(self.what, Series):
            return self.what.indicator.get_absolute_url()
        return self.what.get_absolute_url() if isinstance(self.what, Target) else ""

    @property
    def state_word(self) -> str:
        if isinstance(self.what, MaterialKind) and self.state == CellState.EMPTY:
            return _("nothing submitted yet")
        return state_word(self.state)

    @property
    def is_judgement(self) -> bool:
        return isinstance(self.what, Target)

    @property
    def is_missing(self) -> bool:
        return self.is_owed and self.state.is_with_department

    @property
    def is_late(self) -> bool:
        return self.is_missing and self.days_late > 0


@dataclass(frozen=True)
class Letter:
    """What one department is reminded of; due_at: of the figures, or of the first material where
    no figure is owed."""

    department: Department
    rows: Sequence[OwedRow]

    @property
    def due_at(self) -> datetime.datetime:
        return self.rows[0].due_at

    @property
    def late(self) -> int:
        return sum(row.is_late for row in self.rows)


@dataclass(frozen=True)
class Holders:
    """Active persons with a post today, by role and by the department that does the work today."""

    posts: Mapping[tuple[str, int], Sequence[User]]

    def of(self, department: Department, state: CellState) -> tuple[User, ...]:
        """Whom something in this state waits for."""
        role = Role.SIGNER if state == CellState.TO_SIGN else Role.OFFICIAL
        return tuple(self.posts.get((role, department.pk), ()))


def holders_in(areas: Collection[int]) -> Holders:
    """Of the areas' departments, by user name."""
    posts = [
        (each.role, each.department, each.user)
        for each in Post.objects.today()
        .filter(role__in=DEPARTMENT_ROLES, department__area__in=areas, user__is_active=True)
        .select_related("user", "department")
        .order_by("user__username")
        if each.department
    ]
    current = current_departments(department for _role, department, _user in posts)
    found: dict[tuple[str, int], list[User]] = defaultdict(list)
    for role, department, user in posts:
        people = found[role, current[department.pk].pk]
        if user not in people:
            people.append(user)
    return Holders(found)


def asked_rows(
    asked_years: Iterable[tuple[Round, int]],
    *,
    moment: datetime.datetime,
    departments: Collection[int] | None = None,
) -> list[OwedRow]:
    """All that rounds ask departments for in the given years, by department, kind, code and year.

    departments: ids of those whose rows are wanted, with those that they succeeded; all where
    left out. What nobody has to judge is not among them. The number of queries does not grow with
    rounds, years, series or departments.
    """
    years: dict[Round, set[int]] = defaultdict(set)
    for one, year in asked_years:
        years[one].add(year)
    rounds = list(years)
    book = _Book(deadlines(rounds), holders_in({one.area_id for one in rounds}), moment)
    rows = [
        book.row(one, one.department, what=one.series, cell=one.observation)
        for one in asked_figures(rounds, departments=departments)
        if one.year in years[one.round]
    ]
    rows += [
        book.row(one, department, what=one.target, cell=one.judgement)
        for one in asked_judgements(rounds, departments=departments)
        if one.year in years[one.round]
        for department in one.departments
    ]
    rows += _material_rows(book, {(row.round, row.department) for row in rows if row.is_owed})
    return sorted(_of(departments, rows), key=_order)


def missing_rows(rows: Iterable[OwedRow]) -> list[OwedRow]:
    """What somebody waits for and is still with the department."""
    return [row for row in rows if row.is_missing]


def letters_of(rows: Iterable[OwedRow]) -> list[Letter]:
    """One for each department, in the order of the rows."""
    found: dict[Department, list[OwedRow]] = defaultdict(list)
    for row in rows:
        found[row.department].append(row)
    return [Letter(department, some) for department, some in found.items()]


def state_word(state: CellState) -> str:
    if state == CellState.SUBMITTED:
        return pgettext("state", "Submitted")
    return str(state.label)


def state_of(cell: Cell | None) -> CellState:
    """What is in force has come in, also while a correction of it is on its way."""
    return CellState.APPROVED if cell and cell.in_force_id else CellState.of(cell)


@dataclass(frozen=True)
class _Book:
    """What every row is looked up in."""

    deadlines: Deadlines
    holders: Holders
    moment: datetime.datetime

    def row(
        self,
        asked: AskedFigure | AskedJudgement,
        department: Department,
        *,
        what: Series | Target,
        cell: Cell | None,
    ) -> OwedRow:
        return OwedRow(
            round=asked.round,
            department=department,
            what=what,
            year=asked.year,
            is_owed=asked.is_owed,
            **self._stands(
                department,
                state=state_of(cell),
                due_at=self.deadlines.of(asked.round, department.pk),
            ),
        )

    def material_row(
        self, round: Round, department: Department, *, asked: RoundMaterial, is_there: bool
    ) -> OwedRow:
        return OwedRow(
            round=round,
            department=department,
            what=MaterialKind(asked.kind),
            year=None,
            is_owed=True,
            **self._stands(
                department,
                state=CellState.SUBMITTED if is_there else CellState.EMPTY,
                due_at=self.deadlines.of(round, department.pk, due_at=asked.due_at),
            ),
        )

    def _stands(
        self, department: Department, *, state: CellState, due_at: datetime.datetime
    ) -> dict[str, Any]:
        return {
            "state": state,
            "due_at": due_at,
            "days_late": days_late(due_at, self.moment),
            "holders": self.holders.of(department, state),
        }


def _material_rows(book: _Book, owing: set[tuple[Round, Department]]) -> list[OwedRow]:
    """The material that rounds ask for of every department that owes them something; the stamped
    form goes with the figures and nobody waits for it alone."""
    rounds = {one for one, _department in owing}
    asked: dict[int, list[RoundMaterial]] = defaultdict(list)
    materials = RoundMaterial.objects.filter(round__in=rounds)
    for each in materials.exclude(kind=MaterialKind.STAMPED_FORM):
        asked[each.round_id].append(each)
    files = list(MaterialFile.objects.filter(round__in=rounds).select_related("department"))
    current = current_departments(each.department for each in files)
    there = {(each.round_id, current[each.department_id].pk, each.kind) for each in files}
    return [
        book.material_row(
            one, department, asked=each, is_there=(one.pk, department.pk, each.kind) in there
        )
        for one, department in owing
        for each in asked[one.pk]
    ]


def _of(departments: Collection[int] | None, rows: list[OwedRow]) -> list[OwedRow]:
    """A judgement has rows of all departments that the target names; keep those wanted."""
    if departments is None:
        return rows
    wanted = with_successors(departments)
    return [row for row in rows if row.department.pk in wanted]


def _order(row: OwedRow) -> tuple[Any, ...]:
    kinds = [Series, Target, MaterialKind]
    kind = next(number for number, each in enumerate(kinds) if isinstance(row.what, each))
    return (row.department.code, kind, not row.is_owed, row.code, row.year or 0, row.round.pk)
