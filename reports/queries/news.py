"""Figures that were approved lately, and what became of the targets that rest on them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from indicators.enums import LIGHT_OF, State, Status
from indicators.models import Indicator, ObservationVersion, Round, Verdict
from plans.models import Target
from reports.queries import rows
from reports.queries.scopes import Scope
from targets_site.places.models import Area

# Where no round is open.
DAYS = 30
AT_MOST = 8
_READING = "observation__series__readings"
_TARGET = f"{_READING}__target"
_OF_TARGET = ("id", "code", "statement_zh", "statement_en", "comparator")
_OF_AREA = ("id", "code", "name_zh", "name_en")


@dataclass(frozen=True)
class Stood:
    """How a target stood, as much of it as a badge shows."""

    status: str
    light: str
    direction: int


@dataclass(frozen=True)
class NewFigure:
    """A figure in force with one of the targets that rest on it.

    figure: as printed, in `unit`. before, after: how the target stood when the figure was approved
    and stands today, seen from its target year, or from this one while that lies ahead; None
    without a verdict.
    """

    target: Target
    indicator: Indicator
    figure: rows.YearFigure
    approved_at: datetime.datetime
    before: Stood | None
    after: Stood | None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class News:
    """The newest first; has_more: whether there are others."""

    figures: list[NewFigure]
    has_more: bool


def news(scope: Scope) -> News:
    """The newest few. One query."""
    found = shown(new_versions(scope)[: AT_MOST + 1])
    return News(found[:AT_MOST], has_more=len(found) > AT_MOST)


def shown(versions: "Iterable[Any]") -> list[NewFigure]:
    """versions: of `new_versions`."""
    return [_new_figure(version) for version in versions]


def new_versions(scope: Scope) -> "QuerySet[Any]":
    """Figures in force that were approved since the open round of their area began, else in the
    last DAYS days, each once for every target that rests on it; the newest first.

    Loaded figures, which nobody approved, are not new; figures that no target rests on, and those
    of a year after the target's, change no verdict.
    """
    found: QuerySet[Any] = ObservationVersion.objects.filter(
        Q(**{f"{_TARGET}__target_year__isnull": True})
        | Q(**{f"{_TARGET}__target_year__gte": F("observation__year")}),
        observation__in_force=F("pk"),
        state=State.APPROVED,
        reviewed_by__isnull=False,
        reviewed_at__gte=_since(),
        value__isnull=False,
        **{f"{_READING}__superseded_at__isnull": True, f"{_TARGET}__superseded_at__isnull": True},
    )
    named: QuerySet[Any] = (
        scope.narrow(found, path=f"{_TARGET}__area")
        .select_related("observation__series__indicator")
        .annotate(**_target_fields(), seen_from=_seen_from())
        .annotate(before=_status(_before()), after=_status(Q(superseded_at__isnull=True)))
        .order_by("-reviewed_at", "target_code")
    )
    return named


def _since() -> Coalesce:
    now = timezone.now()
    rounds = Round.objects.open_at(now).filter(area=OuterRef("observation__series__area"))
    opened = rounds.order_by("opens_at").values("opens_at")[:1]
    lately = Value(now - datetime.timedelta(days=DAYS), output_field=DateTimeField())
    return Coalesce(Subquery(opened), lately)


def _target_fields() -> dict[str, F]:
    fields = {f"target_{name}": F(f"{_TARGET}__{name}") for name in _OF_TARGET}
    return fields | {f"area_{name}": F(f"{_TARGET}__area__{name}") for name in _OF_AREA}


def _seen_from() -> Least:
    ends = Coalesce(F(f"{_TARGET}__target_year"), F(f"{_TARGET}__document__end_year"))
    return Least(ends, Value(rows.this_year()))


def _before() -> Q:
    """Whether a verdict was in force when the figure was approved."""
    replaced = Q(superseded_at__isnull=True) | Q(superseded_at__gt=OuterRef("reviewed_at"))
    return replaced & Q(recorded_at__lte=OuterRef("reviewed_at"))


def _status(which: Q) -> Subquery:
    verdicts = Verdict.objects.filter(
        which, target=OuterRef("target_id"), as_of=OuterRef("seen_from")
    )
    return Subquery(verdicts.order_by("-recorded_at").values("status")[:1])


def _new_figure(version: Any) -> NewFigure:
    area = Area(**{name: getattr(version, f"area_{name}") for name in _OF_AREA})
    of_target = {name: getattr(version, f"target_{name}") for name in _OF_TARGET}
    target = Target(**of_target, area=area)
    observation = version.observation
    return NewFigure(
        target=target,
        indicator=observation.series.indicator,
        figure=rows.year_figure(observation.year, version),
        approved_at=version.reviewed_at,
        before=_stood(version.before, target),
        after=_stood(version.after, target),
    )


def _stood(status: str | None, target: Target) -> Stood | None:
    return Stood(status, LIGHT_OF[Status(status)], target.direction) if status else None
