"""The series of a level, each with what is known of it in one year."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import FilteredRelation, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from indicators.enums import ObsStatus
from indicators.models import Indicator, Observation, TargetReading
from plans.enums import Comparator
from reports.queries.indicators.offers import series_of
from reports.queries.scopes import Scope
from targets_site.figures import plain
from targets_site.localized import localized
from targets_site.places.models import AreaLevel


@dataclass(frozen=True)
class Known:
    """A series of the level and what is known of it in the year looked at.

    value: None without a figure, with `missing_reason` where somebody said why; stated: as printed.
    later_break: the first year after the one looked at from which figures are counted otherwise.
    comparator: of the target that it measures, empty without one.
    """

    pk: int
    code: str
    area_code: str
    area_name_zh: str
    area_name_en: str
    scope: str
    scope_name_zh: str
    scope_name_en: str
    frequency: int
    value: Decimal | None
    stated: str
    bound: str
    missing_reason: str
    later_break: int | None
    comparator: str

    @property
    def area_name(self) -> str:
        return localized(self, "area_name")

    @property
    def scope_name(self) -> str:
        return localized(self, "scope_name")

    @property
    def area_address(self) -> str:
        return reverse("reports:area", args=[self.area_code])


def series_at(
    indicator: Indicator, scope: Scope, level: AreaLevel, *, year: int | None
) -> list[Known]:
    """In the order of their areas' codes and scopes. One query; no model rows, since a level may
    have thousands."""
    series = series_of(scope).filter(indicator=indicator, area__level=level)
    found = (
        series.annotate(
            at=FilteredRelation("observations", condition=Q(observations__year=year or 0)),
            later_break=Subquery(_first_break_after(year or 0)),
            comparator=Subquery(_comparators()[:1]),
        )
        .order_by("area__code", "scope")
        .values(
            "pk", "code", "area__code", "area__name_zh", "area__name_en", "scope", "scope_zh",
            "scope_en", "frequency", "at__in_force__value", "at__in_force__stated_decimals",
            "at__in_force__bound", "at__in_force__missing_reason", "later_break", "comparator",
        )
    )  # fmt: skip
    return [_known(dict(row)) for row in found]


def _first_break_after(year: int) -> "QuerySet[Observation, Any]":
    return (
        Observation.objects.filter(
            series=OuterRef("pk"),
            year__gt=year,
            in_force__value__isnull=False,
            in_force__obs_status__contains=ObsStatus.BREAK,
        )
        .order_by()
        .values("series")
        .annotate(first=Min("year"))
        .values("first")
    )


def _comparators() -> "QuerySet[TargetReading, Any]":
    readings = TargetReading.objects.in_force().filter(series=OuterRef("pk"))
    return readings.order_by("target__code").values("target__comparator")


def _known(row: dict[str, Any]) -> Known:
    return Known(
        pk=row["pk"],
        code=row["code"],
        area_code=row["area__code"],
        area_name_zh=row["area__name_zh"],
        area_name_en=row["area__name_en"],
        scope=row["scope"],
        scope_name_zh=row["scope_zh"].strip(),
        scope_name_en=row["scope_en"].strip(),
        frequency=row["frequency"],
        value=row["at__in_force__value"],
        stated=plain(row["at__in_force__value"], decimals=row["at__in_force__stated_decimals"]),
        bound=row["at__in_force__bound"] or "exact",
        missing_reason=row["at__in_force__missing_reason"] or "",
        later_break=row["later_break"],
        comparator=row["comparator"] or "",
    )


def less_is_better(series: Sequence[Known]) -> bool:
    """Whether most targets that they measure ask for less."""
    counts = Counter(each.comparator for each in series)
    less = counts[Comparator.LE] + counts[Comparator.LT]
    return less > counts[Comparator.GE] + counts[Comparator.GT]
