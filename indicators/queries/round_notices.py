"""Who is to be told what of a round now."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from indicators.enums import NoticeKind
from indicators.models import Round
from indicators.queries.completeness import batched
from indicators.queries.concerned import people_of_areas
from indicators.queries.owed import OwedRow, asked_rows, missing_rows
from targets_site.accounts.models import Role, User

ROUNDS_AT_A_TIME = 20


@dataclass(frozen=True)
class RoundNotice:
    """A person to be told of a round: rows are what the person's departments owe, or for a
    reviewer what any department owes and did not report in time. due_at: the first deadline."""

    round: Round
    person: User
    kind: NoticeKind
    rows: tuple[OwedRow, ...]
    due_at: datetime.datetime

    @property
    def departments(self) -> str:
        return "、".join(dict.fromkeys(row.department.name for row in self.rows))


def still_open(moment: datetime.datetime) -> "QuerySet[Round]":
    """Rounds that have opened and in which somebody may still enter."""
    goes_on = Q(closes_at__gt=moment) | Q(exceptions__until__gt=moment)
    return Round.objects.filter(goes_on, opens_at__lte=moment).distinct()


def rounds_to_tell_of(moment: datetime.datetime) -> Iterator[tuple[int, ...]]:
    """Ids, some at a time."""
    return batched(still_open(moment).order_by("pk").values_list("pk", flat=True), ROUNDS_AT_A_TIME)


def round_notices(ids: Iterable[int], *, moment: datetime.datetime) -> list[RoundNotice]:
    """Who is to be told of these rounds, by round and user name; of what fits, the most urgent.

    Whoever owes something: that the round has opened, then that it is due (REMIND_DAYS_BEFORE),
    then that it is overdue; nothing once the department can no longer enter. The area's
    reviewers: that something is overdue.
    """
    rounds = list(
        Round.objects.filter(pk__in=ids)
        .select_related("area").prefetch_related("year_rows").order_by("pk")
    )  # fmt: skip
    asked_years = [(one, year) for one in rounds for year in one.years]
    missing: dict[Round, list[OwedRow]] = {one: [] for one in rounds}
    for row in missing_rows(asked_rows(asked_years, moment=moment)):
        if moment < max(row.round.closes_at, row.due_at):
            missing[row.round].append(row)
    reviewers = people_of_areas({one.area_id for one in rounds}, roles=[Role.REVIEWER])
    return [
        notice
        for one, rows in missing.items()
        for notice in [*_owing(one, rows, moment), *_late(one, rows, reviewers[one.area_id])]
    ]


def _owing(one: Round, rows: Iterable[OwedRow], moment: datetime.datetime) -> Iterator[RoundNotice]:
    by_person: dict[User, list[OwedRow]] = defaultdict(list)
    for row in rows:
        for person in row.holders:
            by_person[person].append(row)
    for person, owed in by_person.items():
        due_at = _deadline(owed)
        yield RoundNotice(one, person, _kind(due_at, moment), tuple(owed), due_at)


def _late(one: Round, rows: Iterable[OwedRow], reviewers: Iterable[User]) -> Iterator[RoundNotice]:
    late = tuple(row for row in rows if row.is_late)
    if late:
        for person in reviewers:
            due_at = min(row.due_at for row in late)
            yield RoundNotice(one, person, NoticeKind.REPORTS_OVERDUE, late, due_at)


def _deadline(rows: Iterable[OwedRow]) -> datetime.datetime:
    """The first one; that of a material only where nothing else is owed, since each kind of
    notice is given once."""
    materials = [row.due_at for row in rows if row.year is None]
    others = [row.due_at for row in rows if row.year is not None]
    return min(others or materials)


def _kind(due_at: datetime.datetime, moment: datetime.datetime) -> NoticeKind:
    if moment >= due_at:
        return NoticeKind.OVERDUE
    if moment >= due_at - datetime.timedelta(days=settings.REMIND_DAYS_BEFORE):
        return NoticeKind.DUE_SOON
    return NoticeKind.ROUND_OPENED
