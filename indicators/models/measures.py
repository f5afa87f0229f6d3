"""What is measured: indicators, and the series of each area."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from indicators.enums import Nature
from plans.models import FigureField
from plans.validators import figure_in_range
from targets_site.built_once import Given
from targets_site.localized import localized
from targets_site.places.models import Area, Department


class Indicator(models.Model):
    """What is measured; neutral: its name has no direction and no target level."""

    code = models.SlugField(max_length=60, unique=True)
    name_zh = models.CharField(max_length=80, help_text="指标")
    name_en = models.CharField(max_length=160)
    definition_zh = models.TextField(blank=True, help_text="指标解释")
    definition_en = models.TextField(blank=True)
    unit = models.CharField(max_length=20, help_text="%, index or a counting word")
    decimals = models.PositiveSmallIntegerField(default=2, help_text="decimals a figure may have")
    smallest = FigureField(null=True, blank=True, help_text="smallest possible value")
    largest = FigureField(null=True, blank=True, help_text="largest possible value")
    nature = models.CharField(max_length=10, choices=Nature, default=Nature.LEVEL)
    # What an oversight body asks of a figure; empty where nobody has said.
    verified_by = models.TextField(blank=True, help_text="如何核实")
    collected_from = models.TextField(blank=True, help_text="数据来源")
    required_accuracy = models.TextField(blank=True, help_text="准确度要求")
    known_limits = models.TextField(blank=True, help_text="局限")
    limits_handled = models.TextField(blank=True, help_text="如何处理局限")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nature__in=Nature.values), name="indicator_nature_known"
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=6),
                name="indicator_decimals_range",
                violation_error_message=_("A figure has 6 decimals at most."),
            ),
            models.CheckConstraint(
                condition=Q(smallest__isnull=True)
                | Q(largest__isnull=True)
                | Q(smallest__lte=models.F("largest")),
                name="indicator_limits_in_order",
                violation_error_message=_("The smallest value is above the largest."),
            ),
            figure_in_range("smallest", name="indicator_smallest_range"),
            figure_in_range("largest", name="indicator_largest_range"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_trust_stated(self) -> bool:
        """Whether anybody has said anything of how far its figures can be trusted."""
        said = (self.collected_from, self.verified_by, self.required_accuracy)
        return any((*said, self.known_limits, self.limits_handled))

    def get_absolute_url(self) -> str:
        return reverse("reports:indicator", args=[self.code])

    @property
    def name(self) -> str:
        return localized(self, "name")

    @property
    def definition(self) -> str:
        return localized(self, "definition")


class Series(models.Model):
    """An indicator in an area under one scope (口径)."""

    code = models.CharField(max_length=120, unique=True, help_text="<area>.<indicator>.<scope>")
    area = models.ForeignKey(Area, models.PROTECT, related_name="series")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="series")
    scope = models.SlugField(max_length=40, default="all", help_text="口径")
    scope_zh = models.CharField(max_length=80, blank=True)
    scope_en = models.CharField(max_length=160, blank=True)
    frequency = models.PositiveSmallIntegerField(
        default=1, help_text="years between figures that are due"
    )

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "indicator", "scope"], name="series_scope_once"
            ),
            models.CheckConstraint(
                condition=Q(frequency__gte=1, frequency__lte=20),
                name="series_frequency_range",
                violation_error_message=_("A frequency is 1 to 20 years."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def scope_name(self) -> str:
        return localized(self, "scope")


class SeriesDepartmentQuerySet(models.QuerySet["SeriesDepartment"]):
    def of_series_in(self, series_id: "int | Given", year: "int | Given") -> Self:
        return self.filter(
            Q(from_year__isnull=True) | Q(from_year__lte=year),
            Q(to_year__isnull=True) | Q(to_year__gte=year),
            series=series_id,
        )


class SeriesDepartment(models.Model):
    """The department that reports a series, from one year to another."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="department_links")
    department = models.ForeignKey(Department, models.PROTECT, related_name="series_links")
    from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    to_year = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = SeriesDepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["series", "from_year"]
        constraints = [
            models.UniqueConstraint(
                "series", "department", Coalesce("from_year", 0), name="series_department_once"
            ),
            models.CheckConstraint(
                condition=Q(from_year__isnull=True)
                | Q(to_year__isnull=True)
                | Q(from_year__lte=models.F("to_year")),
                name="series_department_years_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series.code} {self.department}"
