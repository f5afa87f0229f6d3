"""Reporting rounds (填报任务): when an area reports which years, and what goes with it."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from indicators.enums import MaterialKind
from indicators.models.attachments import Attachment
from plans.validators import year_in_range
from targets_site.accounts.models import User
from targets_site.built_once import Given
from targets_site.places.models import Area, Department


class RoundQuerySet(models.QuerySet["Round"]):
    def open_at(self, moment: datetime.datetime | Given) -> Self:
        return self.filter(opens_at__lte=moment, closes_at__gt=moment)

    def of_year(self, year: int | Given) -> Self:
        return self.filter(year_rows__year=year)


class Round(models.Model):
    """One reporting period of an area: one year, or several for a late collection (补报).

    Before `opens_at` and from `closes_at` on figures of its years cannot be entered; an exception
    opens it for one department again. After `due_at` what is missing is overdue.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=80, help_text="填报任务")
    form_number = models.CharField(max_length=40, blank=True, help_text="表号")
    opens_at = models.DateTimeField(help_text="开始时间")
    due_at = models.DateTimeField(help_text="报送截止时间")
    closes_at = models.DateTimeField(help_text="关闭时间")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "area__code"]
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="round_named_once"),
            models.CheckConstraint(
                condition=Q(due_at__gt=models.F("opens_at"), closes_at__gte=models.F("due_at")),
                name="round_runs_forward",
                violation_error_message=_("A round opens, is due, and then closes."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area.code} {self.name}"

    @property
    def years(self) -> list[int]:
        """In order; prefetch `year_rows` for lists."""
        return [row.year for row in self.year_rows.all()]

    def is_open_at(self, moment: datetime.datetime) -> bool:
        return self.opens_at <= moment < self.closes_at

    def is_overdue_at(self, moment: datetime.datetime) -> bool:
        return moment >= self.due_at


class RoundYear(models.Model):
    """A year that a round asks for."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="year_rows")
    year = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["round", "year"], name="round_year_once"),
            year_in_range("year", name="round_year_range"),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.year}"


class RoundException(models.Model):
    """One department may still enter after the round closed."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="exceptions")
    department = models.ForeignKey(Department, models.PROTECT, related_name="round_exceptions")
    until = models.DateTimeField(help_text="延期至")
    reason = models.TextField(help_text="延期原因")
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-until"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="round_exception_needs_reason",
                violation_error_message=_("Say why the department gets more time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.department}"


class RoundMaterial(models.Model):
    """A file that a round asks every department for, with its own deadline."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="materials")
    kind = models.CharField(max_length=12, choices=MaterialKind)
    due_at = models.DateTimeField(help_text="报送截止时间")

    class Meta:
        ordering = ["due_at", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["round", "kind"], name="round_material_once"),
            models.CheckConstraint(
                condition=Q(kind__in=MaterialKind.values), name="round_material_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.kind}"


class MaterialFile(models.Model):
    """A file that a department handed in for a round; the newest of a kind counts."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="material_files")
    kind = models.CharField(max_length=12, choices=MaterialKind)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="material")

    class Meta:
        ordering = ["-attachment"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MaterialKind.values), name="material_file_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.kind} {self.department}"
