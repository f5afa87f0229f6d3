"""Figures of a series, and the targets that it measures."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, QuerySet

from indicators.models import (
    Observation,
    ObservationVersion,
    Series,
    TargetReading,
)
from plans.models import Target
from targets_site.built_once import BuiltOnce, Given


@dataclass(frozen=True)
class YearFigure:
    """A year and the version of it that is in force."""

    year: int
    version: ObservationVersion


@dataclass(frozen=True)
class Before:
    """The latest figure in force of an earlier year."""

    year: int
    value: Decimal
    stated_decimals: int


def figure_before(series: Series, year: int) -> Before | None:
    """Of which an unusual change is asked about; None where there is none."""
    return next((Before(*row) for row in BEFORE.rows(series=series.pk, year=year)), None)


def _before() -> "QuerySet[Observation, Any]":
    rows = Observation.objects.filter(
        series=Given("series", models.IntegerField()),
        year__lt=Given("year", models.IntegerField()),
        in_force__value__isnull=False,
    )
    columns = rows.values_list("year", "in_force__value", "in_force__stated_decimals")
    return columns.order_by("-year")[:1]


BEFORE = BuiltOnce(_before)


def recent_figures(series: Series, *, limit: int = 5) -> list[YearFigure]:
    """The latest figures in force, newest year first; a year may be missing for a reason."""
    rows = (
        Observation.objects.filter(series=series, in_force__isnull=False)
        .select_related("in_force")
        .order_by("-year")[:limit]
    )
    return [YearFigure(row.year, row.in_force) for row in rows if row.in_force]


def targets_measured_by(series: Iterable[Series]) -> dict[int, tuple[Target, ...]]:
    """By series id, the targets in force that it measures, by target year."""
    readings = (
        TargetReading.objects.in_force()
        .filter(series__in=series, target__superseded_at__isnull=True)
        .select_related("target__document")
        .order_by(F("target__target_year").asc(nulls_last=True), "target__code")
    )
    found: dict[int, list[Target]] = defaultdict(list)
    for reading in readings:
        found[reading.series_id].append(reading.target)
    return {key: tuple(targets) for key, targets in found.items()}


def in_force_the_year_before(
    versions: Iterable[ObservationVersion],
) -> dict[tuple[int, int], ObservationVersion | None]:
    """By series id and year."""
    cells = [version.observation for version in versions]
    rows = Observation.objects.filter(
        series__in={cell.series_id for cell in cells}, year__in={cell.year - 1 for cell in cells}
    )
    return {(row.series_id, row.year): row.in_force for row in rows.select_related("in_force")}
