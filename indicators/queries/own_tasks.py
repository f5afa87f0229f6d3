"""What an official has to do: the rounds of his areas with what they still want, and what came
back from a reviewer."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.enums import CellState, State
from indicators.models import JudgementVersion, ObservationVersion, Round, reported_by
from indicators.queries.asked import (
    AskedFigure,
    AskedJudgement,
    JudgementGroup,
    asked_figures,
    asked_judgements,
    by_document_and_domain,
)
from indicators.queries.deadlines import Deadlines, deadlines
from targets_site.accounts.access import held_by
from targets_site.accounts.models import User
from targets_site.pieces import Tile
from targets_site.places.models import Department

CLOSED_SHOWN = 5
NOT_HANDED_IN = frozenset({CellState.EMPTY, CellState.DRAFT})


@dataclass(frozen=True)
class RoundTasks:
    """A round with what it asks of the person's departments, some of which may have more time.

    entered: ids of the departments. extended_until: till when one of them may still enter after
    the round closed.
    """

    round: Round
    figures: Sequence[AskedFigure]
    judgements: Sequence[AskedJudgement]
    moment: datetime.datetime
    deadlines: Deadlines
    entered: Collection[int] = ()
    extended_until: datetime.datetime | None = None

    @property
    def is_open(self) -> bool:
        """Between opening and closing, or by an exception: a closed round has no tasks."""
        return self.round.opens_at <= self.moment

    @property
    def is_overdue(self) -> bool:
        """For all of the departments."""
        times = [self._due_at(each) for each in self.departments] or [self.round.due_at]
        return self.moment >= max(times)

    @cached_property
    def departments(self) -> list[Department]:
        found = {each.department.pk: each.department for each in self.figures}
        return sorted(found.values(), key=lambda each: each.code)

    @cached_property
    def owed(self) -> list[AskedFigure]:
        return [each for each in self.figures if each.is_owed]

    @cached_property
    def empty(self) -> list[AskedFigure]:
        """Owed, nothing was entered, and there is time."""
        return [each for each in self.due if each.state == CellState.EMPTY]

    @cached_property
    def drafts(self) -> list[AskedFigure]:
        """Begun, and there is time to send them on."""
        return [each for each in self._in(CellState.DRAFT) if self._has_time(each)]

    @cached_property
    def returned(self) -> list[AskedFigure]:
        return self._in(CellState.RETURNED)

    @cached_property
    def waiting(self) -> list[AskedFigure]:
        return self._in(CellState.TO_SIGN, CellState.SUBMITTED)

    @cached_property
    def approved(self) -> list[AskedFigure]:
        return self._in(CellState.APPROVED)

    @cached_property
    def late(self) -> list[AskedFigure]:
        """Owed and past its deadline; what was returned stands by itself."""
        return [
            each
            for each in self.figures
            if each.state != CellState.RETURNED
            and each.is_late_at(self.moment, due_at=self._due_at(each.department))
        ]

    @cached_property
    def due(self) -> list[AskedFigure]:
        """Owed and not handed in yet, the deadline ahead; what was returned stands by itself."""
        return [each for each in self.owed if each.state in NOT_HANDED_IN and self._has_time(each)]

    @cached_property
    def owed_judgements(self) -> list[AskedJudgement]:
        """Of the targets that name one of the departments."""
        return [each for each in self.judgements if each.is_owed]

    @cached_property
    def open_judgements(self) -> list[AskedJudgement]:
        """Those owed that are still with the department."""
        return [each for each in self.owed_judgements if each.state.is_with_department]

    @cached_property
    def late_judgements(self) -> list[AskedJudgement]:
        """As of figures."""
        return [
            each
            for each in self.owed_judgements
            if each.state in NOT_HANDED_IN
            and each.is_late_at(self.moment, due_at=self._judgement_due_at(each))
        ]

    @cached_property
    def due_judgements(self) -> list[AskedJudgement]:
        """As of figures."""
        return [
            each
            for each in self.owed_judgements
            if each.state in NOT_HANDED_IN and each not in self.late_judgements
        ]

    @cached_property
    def done_judgements(self) -> list[AskedJudgement]:
        """Out of the official's hands."""
        still_there = {*NOT_HANDED_IN, CellState.RETURNED}
        return [each for each in self.owed_judgements if each.state not in still_there]

    @cached_property
    def unassigned_judgements(self) -> list[AskedJudgement]:
        """Those still open whose document names no department: nobody owes them."""
        return [
            each for each in self.judgements if not each.is_owed and each.state.is_with_department
        ]

    @property
    def unassigned_groups(self) -> list[JudgementGroup]:
        return by_document_and_domain(self.unassigned_judgements)

    @property
    def handed_in(self) -> int:
        """How many of those owed have left the department."""
        return sum(not each.state.is_with_department for each in self.owed)

    def _due_at(self, department: Department) -> datetime.datetime:
        return self.deadlines.of(self.round, department.pk)

    def _judgement_due_at(self, judgement: AskedJudgement) -> datetime.datetime:
        own = [each for each in judgement.departments if each.pk in self.entered]
        return min(map(self._due_at, own), default=self.round.due_at)

    def _has_time(self, figure: AskedFigure) -> bool:
        return self.moment < self._due_at(figure.department)

    def _in(self, *states: CellState) -> list[AskedFigure]:
        return [each for each in self.figures if each.state in states]


@dataclass(frozen=True)
class OwnVersion:
    """A figure that is on the person's desk, with the page where it is mended."""

    version: ObservationVersion
    address: str


@dataclass(frozen=True)
class OwnTasks:
    """rounds: open or to come, those due first. returned: what reviewers and signers gave back;
    it is counted neither as late nor as due, so that the four numbers share nothing.
    drafts: figures on their way outside of these rounds. closed: the rounds that ended last."""

    rounds: Sequence[RoundTasks]
    returned: Sequence[OwnVersion]
    returned_judgements: Sequence[JudgementVersion]
    drafts: Sequence[OwnVersion]
    closed: Sequence[Round]
    has_post: bool

    @property
    def returned_number(self) -> int:
        return len(self.returned) + len(self.returned_judgements)

    @property
    def late_number(self) -> int:
        return sum(len(each.late) + len(each.late_judgements) for each in self.rounds)

    @property
    def due_number(self) -> int:
        """Owed in an open round and not handed in, the deadline still ahead."""
        return sum(len(each.due) + len(each.due_judgements) for each in self.rounds if each.is_open)

    @property
    def done_number(self) -> int:
        return sum(
            len(each.waiting) + len(each.approved) + len(each.done_judgements)
            for each in self.rounds
        )

    @property
    def tiles(self) -> list[Tile]:
        """The four numbers; what presses most, if anything does, is what the page is about."""
        numbers = (
            (_("returned, to be changed"), self.returned_number, "#returned"),
            (_("overdue"), self.late_number, "#rounds"),
            (_("to be submitted"), self.due_number, "#rounds"),
            (_("submitted or approved"), self.done_number, "#rounds"),
        )
        pressing = 1 if self.late_number else 0 if self.returned_number else 2
        return [
            Tile(
                count=number, label=label, address=place if number else "",
                is_main=at == pressing and number > 0,
            )
            for at, (label, number, place) in enumerate(numbers)
        ]  # fmt: skip


def own_tasks(user: User, *, moment: datetime.datetime) -> OwnTasks:
    """The number of queries does not grow with rounds, series and years."""
    entered = held_by(user).entered
    rounds = list(_current(entered, moment=moment))
    figures = asked_figures(rounds, departments=entered)
    judgements = asked_judgements(rounds, departments=entered)
    at_work = list(_at_work(entered))
    extended = deadlines(rounds)
    asked = {(each.series.pk, each.year): each.round for each in reversed(figures)}
    own = [OwnVersion(each, _address(each, asked.get(_place(each)))) for each in at_work]
    return OwnTasks(
        rounds=[
            RoundTasks(
                round=one,
                figures=[each for each in figures if each.round.pk == one.pk],
                judgements=[each for each in judgements if each.round.pk == one.pk],
                moment=moment,
                deadlines=extended,
                entered=entered,
                extended_until=_extended_until(one, extended, entered, moment=moment),
            )
            for one in rounds
        ],
        returned=[each for each in own if each.version.state == State.RETURNED],
        returned_judgements=list(_returned_judgements(user) if entered else ()),
        drafts=[
            each
            for each in own
            if each.version.state == State.DRAFT and _place(each.version) not in asked
        ],
        closed=list(
            _rounds_of(entered).exclude(pk__in=[each.pk for each in rounds])[:CLOSED_SHOWN]
        ),
        has_post=bool(entered),
    )


def _extended_until(
    round: Round, extended: Deadlines, departments: Collection[int], *, moment: datetime.datetime
) -> datetime.datetime | None:
    """The latest time that one of the departments has beyond the others; None once it is over."""
    times = [extended.later.get((round.pk, each), moment) for each in departments]
    latest = max(times, default=moment)
    return latest if latest > moment else None


def _rounds_of(departments: Collection[int]) -> "QuerySet[Round]":
    return (
        Round.objects.filter(area__departments__in=departments)
        .distinct()
        .select_related("area")
        .prefetch_related("year_rows")
        .order_by("-due_at", "pk")
    )


def _current(departments: Collection[int], *, moment: datetime.datetime) -> "QuerySet[Round]":
    """Not closed for the departments, or to come; those due first."""
    excepted = Q(exceptions__department__in=departments, exceptions__until__gt=moment)
    rounds = _rounds_of(departments).filter(Q(closes_at__gt=moment) | excepted)
    return rounds.order_by("due_at", "pk")


def _at_work(departments: Collection[int]) -> "QuerySet[ObservationVersion]":
    """Figures that the departments are to go on with."""
    mine = reported_by(departments, series="observation__series", year="observation__year")
    return (
        ObservationVersion.objects.filter(
            mine, state__in=[State.RETURNED, State.DRAFT], observation__working=F("pk")
        )
        .select_related(
            "observation__series__area", "observation__series__indicator", "reviewed_by"
        )
        .order_by("reviewed_at", "pk")
    )


def _returned_judgements(user: User) -> "QuerySet[JudgementVersion]":
    return (
        JudgementVersion.objects.readable_by(user)
        .filter(state=State.RETURNED, judgement__working=F("pk"))
        .select_related("judgement__target__area", "reviewed_by")
        .order_by("reviewed_at", "pk")
    )


def _place(version: ObservationVersion) -> tuple[int, int]:
    return version.observation.series_id, version.observation.year


def _address(version: ObservationVersion, round: Round | None) -> str:
    cell = version.observation
    if round is None:
        return reverse("indicators:correct", args=[cell.series.code, cell.year])
    return reverse("indicators:cell", args=[round.pk, cell.series.code, cell.year])
