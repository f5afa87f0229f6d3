"""Figures that came after the deadline of the round that asked for them, or changed after it."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least
from django.utils.translation import pgettext_lazy

from indicators.enums import State
from indicators.models import ObservationVersion, Round, Series, returned_by_reviewer
from indicators.queries.asked import current_departments
from indicators.queries.deadlines import Deadlines, days_late, deadlines
from indicators.queries.steps import PEOPLE, TakenStep, steps_of
from targets_site.accounts.models import User
from targets_site.places.models import Department

LATE_A_PAGE = 25
# When a version came to the reviewers, or to the signer who still has it.
_CAME = Coalesce("signed_at", "submitted_at", "entered_at")


class Lateness(models.TextChoices):
    """What was late about a version; more than one may hold."""

    SENT = "sent", pgettext_lazy("lateness", "Sent after the deadline")
    CHANGED = "changed", pgettext_lazy("lateness", "Changed after the deadline")
    APPROVED = "approved", pgettext_lazy("lateness", "Approved after the round had closed")


# SENT: the first that left the department for the year; what was returned and mended, and
# corrections, are CHANGED.
_IS_FIRST = Q(correction_reason="", came=F("left_at"))
_CAME_LATE = Q(came__gte=F("due_at"))
CONDITIONS: Mapping[Lateness, Q] = {
    Lateness.SENT: _CAME_LATE & _IS_FIRST,
    Lateness.CHANGED: _CAME_LATE & ~_IS_FIRST,
    Lateness.APPROVED: Q(state=State.APPROVED, reviewed_at__gte=F("closes_at")),
}


@dataclass(frozen=True)
class Point:
    """One thing that was late. days: begun days since the deadline or the closing. until: when the
    department's more time ended, None where it had none; days are 0 within it."""

    lateness: Lateness
    days: int
    until: datetime.datetime | None = None


@dataclass(frozen=True)
class LateVersion:
    """A version with the round that asked for it. department: who sent it, None where that is not
    recorded."""

    version: ObservationVersion
    round: Round
    department: Department | None
    points: tuple[Point, ...]

    @property
    def series(self) -> Series:
        return self.version.observation.series

    @property
    def steps(self) -> list[TakenStep]:
        return steps_of(self.version)


@dataclass(frozen=True)
class LatePage:
    page: "Page[ObservationVersion]"
    rows: list[LateVersion]


def late_versions(user: User) -> "QuerySet[ObservationVersion]":
    """Those that somebody sent and the person may read, late in one way or another by the newest
    round of their area and year that had opened before they came; the last step first."""
    asking = Round.objects.filter(
        area=OuterRef("observation__series__area"),
        year_rows__year=OuterRef("observation__year"),
        opens_at__lte=OuterRef("came"),
    ).order_by("-opens_at", "-pk")
    return (
        ObservationVersion.objects.readable_by(user)
        .filter(submitted_at__isnull=False)
        .annotate(came=_CAME)
        .annotate(
            asked_by=Subquery(asking.values("pk")[:1]),
            due_at=Subquery(asking.values("due_at")[:1]),
            closes_at=Subquery(asking.values("closes_at")[:1]),
            left_at=Least(Coalesce(Subquery(_first_passed()), "came"), "came"),
        )
        .filter(reduce(or_, CONDITIONS.values()))
        .annotate(last_step=Coalesce("reviewed_at", "came"))
        .order_by("-last_step", "-pk")
    )


def of_lateness(
    versions: "QuerySet[ObservationVersion]", lateness: str | None
) -> "QuerySet[ObservationVersion]":
    """versions: of `late_versions`."""
    return versions.filter(CONDITIONS[Lateness(lateness)]) if lateness else versions


def _first_passed() -> "QuerySet[Any, Any]":
    """When the year's first version came to the reviewers."""
    passed = Q(state__in=[State.SUBMITTED, State.APPROVED]) | returned_by_reviewer()
    return (
        ObservationVersion.objects.filter(
            passed, observation=OuterRef("observation"), submitted_at__isnull=False
        )
        .order_by().values("observation").annotate(first=Min(_CAME)).values("first")
    )  # fmt: skip


def late_page(versions: "QuerySet[ObservationVersion]", *, number: int) -> LatePage:
    """versions: of `late_versions`, narrowed. number: the nearest one where there is no such page.
    The number of queries does not grow with the rows."""
    shown = versions.select_related(
        "observation__series__area", "observation__series__indicator", "submitted_for", *PEOPLE
    )
    page = Paginator(shown, LATE_A_PAGE).get_page(number)
    found: list[Any] = list(page)
    rounds = Round.objects.in_bulk({version.asked_by for version in found})
    extended = deadlines(rounds.values())
    senders = current_departments(each.submitted_for for each in found if each.submitted_for)
    return LatePage(page, [_late(version, rounds, extended, senders) for version in found])


def _late(
    version: Any,
    rounds: Mapping[int, Round],
    extended: Deadlines,
    senders: Mapping[int, Department],
) -> LateVersion:
    """version: with what `late_versions` found of it."""
    asked_by, sender = rounds[version.asked_by], senders.get(version.submitted_for_id or 0)
    due_at = extended.of(asked_by, sender.pk) if sender else asked_by.due_at
    return LateVersion(version, asked_by, sender, tuple(_points(version, asked_by, due_at)))


def _points(version: Any, asked_by: Round, due_at: datetime.datetime) -> Collection[Point]:
    """As CONDITIONS say, of a row at hand. due_at: that of the department."""
    until = due_at if due_at > asked_by.due_at else None
    found = []
    if version.came >= asked_by.due_at:
        is_first = not version.correction_reason and version.came == version.left_at
        lateness = Lateness.SENT if is_first else Lateness.CHANGED
        found.append(Point(lateness, days_late(due_at, version.came), until))
    if version.state == State.APPROVED and version.reviewed_at >= asked_by.closes_at:
        days = days_late(asked_by.closes_at, version.reviewed_at)
        found.append(Point(Lateness.APPROVED, days))
    return found
