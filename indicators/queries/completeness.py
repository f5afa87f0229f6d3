"""The completeness board (报送进度): what was asked for, and what has come in."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextChoices, When
from django.utils.translation import pgettext_lazy

from indicators.models import Round, RoundYear
from indicators.queries.deadlines import more_time
from indicators.queries.owed import OwedRow, asked_rows, missing_rows
from indicators.queries.sight import LEVELS_ABOVE, Sight, top_areas, within
from indicators.queries.tallies import (
    MoreTime,
    Owed,
    OwedCell,
    Tally,
    figures_owed,
    judgements_owed,
    owed_cells,
    tallies,
    tally_of,
)
from targets_site.places.models import Area, Department

Row = TypeVar("Row")

AREAS_A_PAGE = 50
AREAS_AT_A_TIME = 20


class RoundState(TextChoices):
    """How far a round is; overdue: the deadline passed, and it still takes figures."""

    PLANNED = "planned", pgettext_lazy("round", "Not open yet")
    OPEN = "open", pgettext_lazy("round", "Open")
    OVERDUE = "overdue", pgettext_lazy("round", "Open, deadline passed")
    CLOSED = "closed", pgettext_lazy("round", "Closed")


@dataclass(frozen=True)
class Scope:
    """What a board is of: years that were asked for, of an area and all below it.

    area: None for those areas of the person's posts of which he sees all. round: where one is
    chosen, it is the one that asks the area itself; else, and for all others, the newest that asks
    for a year.
    departments: ids that the person sees in the area; None for all.
    """

    area: Area | None
    years: tuple[int, ...]
    round: Round | None
    departments: frozenset[int] | None
    moment: datetime.datetime

    def asked_years(self, areas: Q) -> "QuerySet[RoundYear]":
        """A row for each area and year; areas: over the areas of rounds, as `within` gives it."""
        rows = RoundYear.objects.filter(
            areas, year__in=self.years, round__opens_at__lte=self.moment
        ).order_by()
        newest = ~Exists(_newer(self.moment))
        if self.round is None:
            return rows.filter(newest)
        elsewhere = ~Q(round__area=self.round.area_id)
        return rows.filter(Q(round=self.round) | (elsewhere & newest))

    def own_years(self) -> "QuerySet[RoundYear]":
        """Of the area itself."""
        own = [self.area.pk] if self.area else []
        return self.asked_years(Q(round__area__in=own))


@dataclass(frozen=True)
class Line:
    """One row of the board: of a department, an area with all below it, or a year."""

    subject: Department | Area | int | None
    figures: Tally
    judgements: Tally

    @property
    def lag(self) -> tuple[int, ...]:
        """The more is late, and then the more is missing, the smaller."""
        tallies = (self.figures, self.judgements)
        return tuple(-one.late for one in tallies) + tuple(
            one.reported - one.owed for one in tallies
        )


@dataclass(frozen=True)
class Board:
    """departments, years: of the area itself; areas: a page of those below it, or where no area
    is chosen of those areas of the person's posts of which he sees all. total: of the area
    itself, each cell once."""

    scope: Scope
    total: Line
    departments: list[Line]
    years: list[Line]
    areas: list[Line]
    page: "Page[Area]"


def rounds_of(area: Area | None, *, moment: datetime.datetime) -> "QuerySet[Round]":
    """The rounds of an area that have opened, newest first."""
    rounds = Round.objects.filter(area=area, opens_at__lte=moment)
    return rounds.prefetch_related("year_rows").select_related("area").order_by("-opens_at", "-pk")


def years_asked(areas: Q, *, moment: datetime.datetime) -> list[int]:
    """The years that rounds of the areas have asked for, newest first."""
    asked = RoundYear.objects.filter(areas, round__opens_at__lte=moment).order_by("-year")
    return list(asked.values_list("year", flat=True).distinct())


def board(scope: Scope, sight: Sight, *, number: int) -> Board:
    """number: which page of the areas. The number of queries does not grow with areas, rounds,
    departments or years."""
    figures, judgements = (
        owed_cells(owed, moment=scope.moment, more_time=extended)
        for owed, extended in _owed(scope.own_years(), scope)
    )
    page = Paginator(_areas_below(scope, sight), AREAS_A_PAGE).get_page(number)
    return Board(
        scope=scope,
        total=Line(None, tally_of(figures), tally_of(judgements)),
        departments=sorted(
            _lines(figures, judgements, lambda one: one.department),
            key=lambda line: (line.lag, str(line.subject)),
        ),
        years=sorted(
            _lines(figures, judgements, lambda one: one.year),
            key=lambda line: -int(str(line.subject)),
        ),
        areas=_area_lines(page, scope),
        page=page,
    )


def asked_of(scope: Scope, *, departments: Collection[int] | None = None) -> list[OwedRow]:
    """All that the area's departments are asked for, see `asked_rows`.

    departments: ids of those wanted, with those that they succeeded, among those that the person
    sees.
    """
    return _rows(scope.own_years(), scope, departments)


def owed_below(scope: Scope) -> Iterator[list[OwedRow]]:
    """What is owed in the area and all areas below it, a few areas at a time, by area code; only
    for somebody who sees all of it."""
    inside = [scope.area.pk] if scope.area else []
    years = scope.asked_years(within(inside, path="round__area__"))
    areas = years.order_by("round__area__code").values_list("round__area", flat=True).distinct()
    for some in batched(areas, AREAS_AT_A_TIME):
        yield missing_rows(_rows(years.filter(round__area__in=some), scope, None))


def _rows(
    years: "QuerySet[RoundYear]", scope: Scope, departments: Collection[int] | None
) -> list[OwedRow]:
    asked = years.select_related("round__area").prefetch_related("round__year_rows")
    wanted = scope.departments
    if departments is not None:
        wanted = frozenset(departments) & (frozenset(departments) if wanted is None else wanted)
    pairs = [(each.round, each.year) for each in asked]
    return asked_rows(pairs, moment=scope.moment, departments=wanted)


def _newer(moment: datetime.datetime) -> "QuerySet[RoundYear]":
    """Years of rounds of the same area that opened after the row's round."""
    later = Q(round__opens_at__gt=OuterRef("round__opens_at")) | Q(
        round__opens_at=OuterRef("round__opens_at"), round__gt=OuterRef("round")
    )
    return RoundYear.objects.filter(
        later,
        round__area=OuterRef("round__area"),
        year=OuterRef("year"),
        round__opens_at__lte=moment,
    )


def _owed(years: "QuerySet[RoundYear]", scope: Scope) -> list[tuple[Owed, MoreTime]]:
    """Figures and judgements, each with the departments that have more time."""
    extended = more_time(Round.objects.filter(year_rows__in=years), moment=scope.moment)
    return [
        (figures_owed(years, departments=scope.departments), extended),
        (judgements_owed(years, departments=scope.departments), extended),
    ]


def _lines(
    figures: Iterable[OwedCell],
    judgements: Iterable[OwedCell],
    subject: Callable[[OwedCell], Department | int],
) -> list[Line]:
    """One for each subject, in no order."""
    found: dict[Department | int, tuple[list[OwedCell], list[OwedCell]]]
    found = defaultdict(lambda: ([], []))
    for cells, part in ((figures, 0), (judgements, 1)):
        for one in cells:
            found[subject(one)][part].append(one)
    return [Line(each, tally_of(two[0]), tally_of(two[1])) for each, two in found.items()]


def batched(rows: Iterable[Row], size: int) -> Iterator[tuple[Row, ...]]:
    """Some at a time, in order."""
    left = iter(rows)
    while some := tuple(islice(left, size)):
        yield some


def _areas_below(scope: Scope, sight: Sight) -> "QuerySet[Area]":
    areas = Area.objects.order_by("code")
    if scope.area is None:
        seen = [area.pk for area in top_areas(sight) if sight.sees_all_of(area)]
        return areas.filter(pk__in=seen)
    return areas.filter(parent=scope.area) if scope.departments is None else areas.none()


def _area_lines(page: "Page[Area]", scope: Scope) -> list[Line]:
    """One for each area of the page, with all below it; in the page's order."""
    areas = list(page)
    if not areas:
        return []
    path = "round__area__"
    row = Case(
        *(
            When(
                Q(**{f"{path}{'parent__' * steps}pk__in": [area.pk for area in areas]}),
                then=F(f"{path}{'parent__' * steps}pk"),
            )
            for steps in range(LEVELS_ABOVE + 1)
        )
    )
    years = scope.asked_years(within([area.pk for area in areas], path=path))
    figures, judgements = (
        tallies(owed, row, moment=scope.moment, more_time=extended)
        for owed, extended in _owed(years, scope)
    )
    return [
        Line(area, figures.get(area.pk, Tally()), judgements.get(area.pk, Tally()))
        for area in areas
    ]


def round_state(round: Round, *, moment: datetime.datetime) -> RoundState:
    if moment < round.opens_at:
        return RoundState.PLANNED
    if not round.is_open_at(moment):
        return RoundState.CLOSED
    return RoundState.OVERDUE if round.is_overdue_at(moment) else RoundState.OPEN
