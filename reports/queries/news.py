"""Figures that were approved lately, and what became of the targets that rest on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    DateTimeField,
    F,
    Field,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Least

from indicators.enums import LIGHT_OF, State, Status
from indicators.models import ObservationVersion, Round, Verdict
from plans.models import Target
from reports.queries import rows
from reports.queries.scopes import Scope
from targets_site.built_once import BuiltOnce, Given
from targets_site.places.models import Area
from targets_site.then import now_shown

# Where no round is open.
DAYS = 30
AT_MOST = 8
_READING = "observation__series__readings"
_TARGET = f"{_READING}__target"
_OF_TARGET = ("id", "code", "statement_zh", "statement_en", "comparator")
_AREA = ("id", "code", "name_zh", "name_en")
_OF_VERSION = ("value", "stated_decimals", "bound", "obs_status", "source_grade")
# What a row holds, by where it comes from.
_FIELDS = {
    **{name: name for name in (*_OF_VERSION, "reviewed_at", "before", "after")},
    "year": "observation__year",
    "unit": "observation__series__indicator__unit",
    **{f"target_{name}": f"{_TARGET}__{name}" for name in _OF_TARGET},
    **{f"area_{name}": f"{_TARGET}__area__{name}" for name in _AREA},
}


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
    figure: rows.YearFigure
    unit: str
    approved_at: datetime
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
    if scope.area is None:
        found = shown(_NATION.rows(**_given()))
    else:
        found = shown(_OF_AREA.rows(area=scope.area.pk, **_given()))
    return News(found[:AT_MOST], has_more=len(found) > AT_MOST)


def new_versions(scope: Scope) -> "QuerySet[Any, Any]":
    """For `shown`: figures in force that were approved since the open round of their area began,
    else in the last DAYS days, each once for every target that rests on it; the newest first.

    Loaded figures, which nobody approved, are not new; figures that no target rests on, and those
    of a year after the target's, change no verdict.
    """
    values = {name: Value(value, output_field=_GIVEN[name]) for name, value in _given().items()}
    return _versions(area=scope.area.pk if scope.area else None, **values)


def shown(found: Iterable[tuple[Any, ...]]) -> list[NewFigure]:
    """found: of `new_versions`."""
    return [_new_figure(dict(zip(_FIELDS, row, strict=True))) for row in found]


def _given() -> dict[str, Any]:
    now = now_shown()
    return {"now": now, "lately": now - timedelta(days=DAYS), "year": rows.this_year()}


def _versions(*, now: Any, lately: Any, year: Any, area: Any) -> "QuerySet[Any, Any]":
    """now, lately, year, area: values, or Givens."""
    opened = Round.objects.open_at(now).filter(area=OuterRef("observation__series__area"))
    since = Coalesce(Subquery(opened.order_by("opens_at").values("opens_at")[:1]), lately)
    found: QuerySet[Any] = ObservationVersion.objects.filter(
        Q(**{f"{_TARGET}__target_year__isnull": True})
        | Q(**{f"{_TARGET}__target_year__gte": F("observation__year")}),
        observation__in_force=F("pk"),
        state=State.APPROVED,
        reviewed_by__isnull=False,
        reviewed_at__gte=since,
        value__isnull=False,
        **{f"{_READING}__superseded_at__isnull": True, f"{_TARGET}__superseded_at__isnull": True},
    )
    if area is not None:
        within = Q(pk=area) | Q(parent=area) | Q(parent__parent=area)
        found = found.filter(**{f"{_TARGET}__area__in": Area.objects.filter(within)})
    ends = Coalesce(F(f"{_TARGET}__target_year"), F(f"{_TARGET}__document__end_year"))
    named: QuerySet[Any, Any] = (
        found.annotate(seen_from=Least(ends, year))
        .annotate(before=_status(_before()), after=_status(Q(superseded_at__isnull=True)))
        .order_by("-reviewed_at", f"{_TARGET}__code").values_list(*_FIELDS.values())
    )  # fmt: skip
    return named


def _before() -> Q:
    """Whether a verdict was in force when the figure was approved."""
    replaced = Q(superseded_at__isnull=True) | Q(superseded_at__gt=OuterRef("reviewed_at"))
    return replaced & Q(recorded_at__lte=OuterRef("reviewed_at"))


def _status(which: Q) -> Subquery:
    verdicts = Verdict.objects.filter(
        which, target=OuterRef(f"{_TARGET}__id"), as_of=OuterRef("seen_from")
    )
    return Subquery(verdicts.order_by("-recorded_at").values("status")[:1])


# Django's building takes longer than the rest of the page where nothing is new.
_GIVEN: "dict[str, Field[Any, Any]]" = {
    "now": DateTimeField(),
    "lately": DateTimeField(),
    "year": IntegerField(),
}
_GIVENS = {name: Given(name, field) for name, field in _GIVEN.items()}
_NATION = BuiltOnce(lambda: _versions(area=None, **_GIVENS)[: AT_MOST + 1])
_OF_AREA = BuiltOnce(
    lambda: _versions(area=Given("area", IntegerField()), **_GIVENS)[: AT_MOST + 1]
)


def _new_figure(row: dict[str, Any]) -> NewFigure:
    area = Area(**{name: row[f"area_{name}"] for name in _AREA})
    target = Target(**{name: row[f"target_{name}"] for name in _OF_TARGET}, area=area)
    version = ObservationVersion(**{name: row[name] for name in _OF_VERSION})
    return NewFigure(
        target=target,
        figure=rows.year_figure(row["year"], version),
        unit=row["unit"],
        approved_at=row["reviewed_at"],
        before=_stood(row["before"], target),
        after=_stood(row["after"], target),
    )


def _stood(status: str | None, target: Target) -> Stood | None:
    return Stood(status, LIGHT_OF[Status(status)], target.direction) if status else None
