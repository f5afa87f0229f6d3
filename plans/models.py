"""Documents and their targets, as someone holding the document can check them."""

from typing import Self, TypeVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans.enums import Comparator, DepartmentPart, Firmness, Kind
from plans.validators import (
    DECIMALS,
    DIGITS,
    figure_in_range,
    no_more_decimals_than_stated,
    year_in_range,
)
from targets_site.accounts.models import User
from targets_site.figures import plain
from targets_site.localized import localized
from targets_site.places.models import Area, Department


class FigureField(models.DecimalField):  # type: ignore[type-arg]
    """An exact decimal as printed: 92.2 stands beside `%`, never 0.922."""

    def __init__(self, **options: object) -> None:
        options.setdefault("max_digits", DIGITS)
        options.setdefault("decimal_places", DECIMALS)
        super().__init__(**options)  # type: ignore[arg-type]


M = TypeVar("M", bound="Superseded")


class SupersededQuerySet(models.QuerySet[M]):
    def in_force(self) -> Self:
        return self.filter(superseded_at__isnull=True)


class Superseded(models.Model):
    """A row that is never updated: a new one takes its place, the old one stays readable."""

    recorded_at = models.DateTimeField(default=timezone.now, help_text="记录时间")
    superseded_at = models.DateTimeField(null=True, blank=True, help_text="被取代时间")

    class Meta:
        abstract = True


class Domain(models.Model):
    """A field of quality work: products, engineering, services, environment …"""

    code = models.SlugField(max_length=20, unique=True)
    name_zh = models.CharField(max_length=20, help_text="领域")
    name_en = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        return localized(self, "name")


class Document(models.Model):
    """One issued text that states targets for an area."""

    slug = models.SlugField(max_length=40, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="documents")
    title_zh = models.CharField(max_length=120, help_text="文件标题")
    title_en = models.CharField(max_length=200)
    number = models.CharField(max_length=40, blank=True, help_text="文号; may be unknown")
    issued_on = models.DateField(null=True, blank=True, help_text="印发日期; may be unknown")
    issuer_zh = models.CharField(max_length=80, blank=True, help_text="发文机关")
    issuer_en = models.CharField(max_length=120, blank=True)
    start_year = models.PositiveSmallIntegerField(help_text="规划期起始年")
    end_year = models.PositiveSmallIntegerField(help_text="规划期结束年")
    source_url = models.URLField(max_length=1000, blank=True)
    scan = models.FileField(upload_to="documents/", blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["area__code", "start_year", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_year__gte=models.F("start_year")),
                name="document_period_runs_forward",
                violation_error_message=_("A period cannot end before it starts."),
            ),
            year_in_range("start_year", name="document_start_year_range"),
            year_in_range("end_year", name="document_end_year_range"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("reports:document", args=[self.slug])

    @property
    def title(self) -> str:
        return localized(self, "title")

    @property
    def issuer(self) -> str:
        return localized(self, "issuer")


class Target(Superseded):
    """One commitment of a document, as the document states it.

    One row is in force per code; a correction supersedes it by a new row with the same code.
    """

    code = models.CharField(
        max_length=50,
        validators=[RegexValidator(r"^[a-z0-9-]+-[0-9]{3}\Z", _("A code is <document>-NNN."))],
    )
    document = models.ForeignKey(Document, models.PROTECT, related_name="targets")
    area = models.ForeignKey(Area, models.PROTECT, related_name="targets")
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="targets")
    statement_zh = models.CharField(max_length=200, help_text="目标表述")
    statement_en = models.CharField(max_length=300)
    stated = models.CharField(max_length=100, help_text="原文数字短语")
    locator = models.CharField(max_length=200, help_text="位置 (heading path)")
    kind = models.CharField(max_length=10, choices=Kind)
    comparator = models.CharField(max_length=10, choices=Comparator, blank=True)
    value = FigureField(null=True, blank=True, help_text="目标值")
    value_upper = FigureField(null=True, blank=True, help_text="上限")
    stated_decimals = models.PositiveSmallIntegerField(default=0)
    unit = models.CharField(max_length=20, blank=True, help_text="%, index or a counting word")
    target_year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="目标年")
    firmness = models.CharField(max_length=10, choices=Firmness, default=Firmness.STATED)
    key = models.BooleanField(default=False, help_text="主要指标")
    departments: "models.ManyToManyField[Department, TargetDepartment]" = models.ManyToManyField(
        Department, through="TargetDepartment", related_name="targets"
    )
    replaces: "models.ManyToManyField[Target, models.Model]" = models.ManyToManyField(
        "self", symmetrical=False, related_name="replaced_by", blank=True
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = SupersededQuerySet["Target"].as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index(fields=["area", "target_year"], name="target_by_area_and_year"),
            # The order of lists: a page of a long one is found without sorting all of it.
            models.Index(
                fields=["target_year", "-key", "code"],
                condition=Q(superseded_at__isnull=True),
                name="target_in_order_of_lists",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(superseded_at__isnull=True),
                name="target_code_in_force_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="target_kind_known"),
            models.CheckConstraint(
                condition=Q(firmness__in=Firmness.values), name="target_firmness_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.TEXT) | Q(comparator__in=Comparator.values),
                name="target_comparator_required",
                violation_error_message=_("A target with a figure needs a comparator."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[Kind.TEXT, Kind.MONOTONE]) | Q(value__isnull=False),
                name="target_value_required",
                violation_error_message=_("This kind of target needs a value."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[Kind.RELATIVE, Kind.MONOTONE])
                | Q(comparator__in=[Comparator.GE, Comparator.LE]),
                name="target_kind_limits_comparator",
                violation_error_message=_(
                    "A target of this kind is at least (ge) or at most (le)."
                ),
            ),
            models.CheckConstraint(
                # A comparison with nothing is not false in SQL, so the end must be asked for.
                condition=Q(
                    comparator=Comparator.BETWEEN,
                    value_upper__isnull=False,
                    value_upper__gte=models.F("value"),
                )
                | (~Q(comparator=Comparator.BETWEEN) & Q(value_upper__isnull=True)),
                name="target_range_has_both_ends",
                violation_error_message=_("A range has two ends, and only a range has."),
            ),
            figure_in_range("value", name="target_value_range"),
            figure_in_range("value_upper", name="target_value_upper_range"),
            no_more_decimals_than_stated("value", "value_upper", name="target_decimals_stated"),
            year_in_range("target_year", name="target_year_range"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("reports:target", args=[self.code])

    @property
    def statement(self) -> str:
        return localized(self, "statement")

    @property
    def direction(self) -> int:
        """-1 where less is better, else +1."""
        return -1 if self.comparator in {Comparator.LE, Comparator.LT} else 1

    @property
    def is_after_period(self) -> bool:
        """Whether its document promises it for a year after the document's own period."""
        return self.target_year is not None and self.target_year > self.document.end_year

    @property
    def value_as_stated(self) -> str:
        return plain(self.value, decimals=self.stated_decimals)

    @property
    def value_upper_as_stated(self) -> str:
        return plain(self.value_upper, decimals=self.stated_decimals)

    def departments_as(self, part: str) -> list[Department]:
        """Lead or responsible departments in the document's order; prefetch
        `department_links__department` for lists."""
        links = self.department_links.all()
        return [link.department for link in links if link.part == part]


class TargetDepartment(models.Model):
    """A department that the document names for a target."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="department_links")
    department = models.ForeignKey(Department, models.PROTECT, related_name="target_links")
    part = models.CharField(max_length=12, choices=DepartmentPart)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["part", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "department", "part"], name="target_department_once"
            ),
            models.CheckConstraint(
                condition=Q(part__in=DepartmentPart.values), name="target_department_part_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target.code} {self.part} {self.department}"
