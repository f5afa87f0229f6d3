"""What a register can be narrowed by: only what occurs in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from indicators.models import ObservationVersion, TargetReading
from plans.models import Domain
from targets_site.places.models import Area


@dataclass(frozen=True)
class Choices:
    """areas by code, domains in their order, years with the latest first."""

    areas: Sequence[Area]
    domains: Sequence[Domain]
    years: Sequence[int]


def choices_of(versions: "QuerySet[ObservationVersion]") -> Choices:
    """Three queries."""
    plain = versions.order_by()
    series = plain.values("observation__series")
    measured = TargetReading.objects.in_force().filter(series__in=series)
    years = plain.values_list("observation__year", flat=True).distinct()
    return Choices(
        areas=list(Area.objects.filter(series__in=series).distinct().order_by("code")),
        domains=list(Domain.objects.filter(targets__readings__in=measured).distinct()),
        years=sorted(set(years), reverse=True),
    )


def narrowed(
    versions: "QuerySet[ObservationVersion]", *, area: str | None, domain: str | None, year: Any
) -> "QuerySet[ObservationVersion]":
    """area, domain: codes. A figure is of the domains of the targets that it is read for today."""
    if area:
        versions = versions.filter(observation__series__area__code=area)
    if year:
        versions = versions.filter(observation__year=year)
    if domain:
        read = TargetReading.objects.in_force().filter(
            series=OuterRef("observation__series"), target__domain__code=domain
        )
        versions = versions.filter(Exists(read))
    return versions
