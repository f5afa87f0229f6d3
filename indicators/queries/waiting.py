"""What waits for a reviewer's decision or a signer's name, as a list that can be narrowed."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from indicators.enums import State
from indicators.models import (
    JudgementVersion,
    ObservationVersion,
    Round,
    SeriesDepartment,
    reported_by,
    returned_by_reviewer,
)
from indicators.queries.asked import current_departments
from indicators.queries.deadlines import Deadlines, deadlines
from plans.models import TargetDepartment
from targets_site.accounts.access import Held
from targets_site.places.models import Area, Department


class Desk(Enum):
    """Where versions wait for somebody; the value is the state they wait in."""

    REVIEW = State.SUBMITTED
    SIGNATURE = State.TO_SIGN

    def concerns(self, held: Held) -> frozenset[int]:
        """Ids of the areas that the person reviews, or of the departments he signs for."""
        return held.reviewed if self is Desk.REVIEW else held.signed


class Work(models.TextChoices):
    """What a version says something about."""

    FIGURE = "figure", _("Figures")
    JUDGEMENT = "judgement", _("Judgements of targets in words")


class Key(NamedTuple):
    """Names a version of either kind: `figure:12` in forms."""

    work: Work
    pk: int

    @classmethod
    def of(cls, version: ObservationVersion | JudgementVersion) -> "Key":
        is_figure = isinstance(version, ObservationVersion)
        return cls(Work.FIGURE if is_figure else Work.JUDGEMENT, version.pk)

    def __str__(self) -> str:
        return f"{self.work.value}:{self.pk}"

    @property
    def anchor(self) -> str:
        """For ids in pages."""
        return f"{self.work.value}-{self.pk}"


@dataclass(frozen=True)
class Waiting:
    """A version that waits.

    department: who reports it today; of several the first, None where a target in words names
    none. round: the newest one that had opened for its year; None where none had, as for many a
    correction. arrived_at: when it came to this desk. is_late: it left the department that sent it
    at or after that one's deadline, or has not left it and the deadline has passed; a correction
    never is.
    """

    key: Key
    area: Area
    year: int
    department: Department | None
    round: Round | None
    arrived_at: datetime.datetime
    is_late: bool
    is_correction: bool


class _Row(NamedTuple):
    """What the database knows of a version that waits. about: id of the series or the target.
    sent_for: id of the department whose official sent it."""

    key: Key
    about: int
    sent_for: int | None
    area: int
    year: int
    arrived_at: datetime.datetime
    left_at: datetime.datetime
    is_correction: bool


def waiting_at(desk: Desk, *, held: Held) -> list[Waiting]:
    """What waits at the desk for a person with these posts, by area and department, the oldest
    first; for a signer what his department sent (see `workflow.sign`).

    The number of queries does not grow with what waits.
    """
    if not desk.concerns(held):
        return []
    rows = [*_figures(desk, held), *_judgements(desk, held)]
    areas = Area.objects.in_bulk({row.area for row in rows})
    departments = _departments(rows, signed=held.signed if desk is Desk.SIGNATURE else None)
    asking = _asking(rows)
    extended = _extended(rows, asking)
    waiting = [
        _waiting(
            row,
            area=areas[row.area],
            reporting=departments.get(row.key, {}),
            asked_by=asking.get(row.key),
            extended=extended,
        )
        for row in rows
    ]
    return sorted(waiting, key=_place)


def _place(one: Waiting) -> tuple[object, ...]:
    """Those without a department come last in their area."""
    code = one.department.code if one.department else ""
    return (one.area.code, not code, code, one.arrived_at, one.key)


def _figures(desk: Desk, held: Held) -> list[_Row]:
    versions = ObservationVersion.objects.filter(state=desk.value, observation__working=F("pk"))
    if desk is Desk.REVIEW:
        versions = versions.filter(observation__series__area__in=held.reviewed)
    else:
        series, year = "observation__series", "observation__year"
        # Seen from inside the question whether it reports the series.
        sent_for = Department.objects.filter(pk=OuterRef(OuterRef("submitted_for"))).values("pk")
        versions = versions.filter(
            reported_by(held.signed, series=series, year=year),
            Q(submitted_for__in=held.signed) | ~reported_by(sent_for, series=series, year=year),
        )
    found = _timed(versions, "observation").values_list(
        "pk", "observation__series", "submitted_for", "observation__series__area",
        "observation__year",
        "arrived_at", "left_at", "correction_reason",
    )  # fmt: skip
    return _rows(Work.FIGURE, found, desk=desk)


def _judgements(desk: Desk, held: Held) -> list[_Row]:
    versions = JudgementVersion.objects.filter(state=desk.value, judgement__working=F("pk"))
    if desk is Desk.REVIEW:
        versions = versions.filter(judgement__target__area__in=held.reviewed)
    else:
        links = TargetDepartment.objects.filter(target=OuterRef("judgement__target"))
        own_area = Department.objects.filter(pk__in=held.signed).values("area")
        nobody_named = ~models.Exists(links) & Q(judgement__target__area__in=own_area)
        is_named = models.Exists(links.filter(department=OuterRef("submitted_for")))
        versions = versions.filter(
            models.Exists(links.filter(department__in=held.signed)) | nobody_named,
            Q(submitted_for__in=held.signed)
            | Q(submitted_for__isnull=True)
            | (models.Exists(links) & ~is_named),
        )
    found = _timed(versions, "judgement").values_list(
        "pk", "judgement__target", "submitted_for", "judgement__target__area", "judgement__year",
        "arrived_at", "left_at", "correction_reason",
    )  # fmt: skip
    return _rows(Work.JUDGEMENT, found, desk=desk)


def _timed(versions: "QuerySet[Any]", cell: str) -> "QuerySet[Any]":
    """With when the version came to the desk, and when the cell first left the department: what
    was returned and mended is not late if it came in time at first."""
    arrival = Coalesce("signed_at", "submitted_at", "entered_at")
    passed = (
        versions.model._default_manager.filter(
            Q(state=State.SUBMITTED) | returned_by_reviewer(), **{cell: OuterRef(cell)}
        )
        .order_by()
        .values(cell)
        .annotate(first=Min(arrival))
        .values("first")
    )
    timed: QuerySet[Any] = versions.annotate(
        arrived_at=arrival, left_at=Coalesce(Subquery(passed), arrival)
    )
    return timed


def _rows(work: Work, found: Iterable[tuple[Any, ...]], *, desk: Desk) -> list[_Row]:
    now = timezone.now()
    rows = []
    for pk, about, sent_for, area, year, arrived_at, left_at, reason in found:
        left = left_at if desk is Desk.REVIEW else now
        key = Key(work, pk)
        rows.append(_Row(key, about, sent_for, area, year, arrived_at, left, bool(reason)))
    return rows


def _departments(
    rows: Collection[_Row], *, signed: Collection[int] | None
) -> dict[Key, dict[int, Department]]:
    """By version and id, the departments that report it, each as the one that does its work today,
    in their order; signed: of these only."""
    links: dict[tuple[Work, int], list[SeriesDepartment | TargetDepartment]] = defaultdict(list)
    of_series = SeriesDepartment.objects.filter(
        series__in={row.about for row in rows if row.key.work is Work.FIGURE}
    )
    of_targets = TargetDepartment.objects.filter(
        target__in={row.about for row in rows if row.key.work is Work.JUDGEMENT}
    )
    if signed is not None:
        of_series = of_series.filter(department__in=signed)
        of_targets = of_targets.filter(department__in=signed)
    for series in of_series.select_related("department").order_by("department__code"):
        links[Work.FIGURE, series.series_id].append(series)
    for target in of_targets.select_related("department").order_by("part", "position"):
        links[Work.JUDGEMENT, target.target_id].append(target)
    current = current_departments(link.department for found in links.values() for link in found)
    return {
        row.key: {
            link.department_id: current[link.department_id]
            for link in links[row.key.work, row.about]
            if _reports_in(link, row.year)
        }
        for row in rows
    }


def _reports_in(link: SeriesDepartment | TargetDepartment, year: int) -> bool:
    """A target names its departments for its whole period."""
    if isinstance(link, TargetDepartment):
        return True
    return (link.from_year or year) <= year <= (link.to_year or year)


def _rounds(rows: Collection[_Row]) -> dict[tuple[int, int], list[Round]]:
    """By id of the area and year, those that ask for it, the newest first."""
    found = (
        Round.objects.filter(
            area__in={row.area for row in rows}, year_rows__year__in={row.year for row in rows}
        )
        .distinct()
        .prefetch_related("year_rows")
        .order_by("-opens_at")
    )
    rounds: dict[tuple[int, int], list[Round]] = defaultdict(list)
    for one in found:
        for year in one.years:
            rounds[one.area_id, year].append(one)
    return rounds


def _asking(rows: Collection[_Row]) -> dict[Key, Round]:
    """By version, the newest round that had opened for its year when it left the department."""
    rounds = _rounds(rows)
    found = {}
    for row in rows:
        opened = (
            one for one in rounds.get((row.area, row.year), ()) if one.opens_at <= row.left_at
        )
        if one := next(opened, None):
            found[row.key] = one
    return found


def _extended(rows: Collection[_Row], asking: Mapping[Key, Round]) -> Deadlines:
    """Asked for only where something came after the deadline of its round."""
    overdue = {
        asking[row.key]
        for row in rows
        if row.key in asking and asking[row.key].is_overdue_at(row.left_at)
    }
    return deadlines(overdue) if overdue else Deadlines()


def _is_late(
    row: _Row, *, sender: Department | None, asked_by: Round | None, extended: Deadlines
) -> bool:
    if asked_by is None or row.is_correction:
        return False
    due_at = extended.of(asked_by, sender.pk) if sender else asked_by.due_at
    return row.left_at >= due_at


def _waiting(
    row: _Row,
    *,
    area: Area,
    reporting: Mapping[int, Department],
    asked_by: Round | None,
    extended: Deadlines,
) -> Waiting:
    """reporting: the departments that report it, by id."""
    department = next(iter(reporting.values()), None)
    sender = reporting.get(row.sent_for or 0, department)
    return Waiting(
        key=row.key,
        area=area,
        year=row.year,
        department=department,
        round=asked_by,
        arrived_at=row.arrived_at,
        is_late=_is_late(row, sender=sender, asked_by=asked_by, extended=extended),
        is_correction=row.is_correction,
    )
