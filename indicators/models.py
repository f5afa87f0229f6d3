"""What is measured, which figures count, how we read a target, and how far along it is."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from indicators.enums import (
    Bound,
    Light,
    Nature,
    ObsStatus,
    SideState,
    SourceGrade,
    State,
    Status,
)
from indicators.validators import known_obs_status, published_on_text
from plans.models import FigureField, Superseded, SupersededQuerySet, Target
from plans.validators import figure_in_range, year_in_range
from targets_site.accounts.models import User
from targets_site.figures import plain
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


class SeriesDepartment(models.Model):
    """The department that reports a series, from one year to another."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="department_links")
    department = models.ForeignKey(Department, models.PROTECT, related_name="series_links")
    from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    to_year = models.PositiveSmallIntegerField(null=True, blank=True)

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


class TargetReading(Superseded):
    """How we read a target: the series that measures it and the rules that go with it."""

    target = models.ForeignKey(Target, models.PROTECT, related_name="readings")
    series = models.ForeignKey(Series, models.PROTECT, related_name="readings")
    hold_from = models.PositiveSmallIntegerField(null=True, blank=True, help_text="保持起始年")
    tolerance = FigureField(null=True, blank=True, help_text="允许偏差")
    baseline_year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="基期")
    baseline_value = FigureField(null=True, blank=True, help_text="基期值")
    note_zh = models.TextField(help_text="口径认定说明")
    note_en = models.TextField(blank=True)
    read_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SupersededQuerySet["TargetReading"].as_manager()

    class Meta:
        ordering = ["target__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["target"],
                condition=Q(superseded_at__isnull=True),
                name="reading_in_force_once",
            ),
            models.CheckConstraint(
                condition=Q(tolerance__isnull=True) | Q(tolerance__gte=0),
                name="reading_tolerance_not_negative",
                violation_error_message=_("A tolerance cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("read_by")),
                name="reading_four_eyes",
                violation_error_message=_("A reading is confirmed by somebody else."),
            ),
            figure_in_range("tolerance", name="reading_tolerance_range"),
            figure_in_range("baseline_value", name="reading_baseline_value_range"),
            year_in_range("baseline_year", name="reading_baseline_year_range"),
            year_in_range("hold_from", name="reading_hold_from_range"),
        ]

    def __str__(self) -> str:
        return f"{self.target.code} → {self.series.code}"

    @property
    def note(self) -> str:
        return localized(self, "note")


class Observation(models.Model):
    """One series and year: the identity behind its versions."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="observations")
    year = models.PositiveSmallIntegerField()
    in_force = models.ForeignKey(
        "ObservationVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    working = models.ForeignKey(
        "ObservationVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["series", "year"]
        constraints = [
            models.UniqueConstraint(fields=["series", "year"], name="observation_once_a_year"),
            year_in_range("year", name="observation_year_range"),
        ]

    def __str__(self) -> str:
        return f"{self.series.code}:{self.year}"


class ObservationVersion(models.Model):
    """What was said of a series and year at one time; the content never changes.

    Only the state moves, forward, with who and when for each step.
    """

    observation = models.ForeignKey(Observation, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    value = FigureField(null=True, blank=True, help_text="数值")
    stated_decimals = models.PositiveSmallIntegerField(default=0)
    missing_reason = models.CharField(max_length=200, blank=True, help_text="缺数原因")
    numerator = FigureField(null=True, blank=True, help_text="分子")
    denominator = FigureField(null=True, blank=True, help_text="分母")
    bound = models.CharField(max_length=10, choices=Bound, default=Bound.EXACT)
    obs_status = models.CharField(
        max_length=5, default=ObsStatus.NORMAL, validators=[known_obs_status]
    )
    published_scope = models.CharField(max_length=120, blank=True, help_text="发布口径")
    source_title = models.CharField(max_length=300, blank=True, help_text="来源")
    source_url = models.URLField(max_length=1000, blank=True)
    source_grade = models.CharField(max_length=10, choices=SourceGrade)
    published_as = models.CharField(max_length=120, blank=True, help_text="发布时的指标名称")
    published_on = models.CharField(max_length=10, blank=True, validators=[published_on_text])
    remark = models.TextField(blank=True, help_text="备注")
    shortfall_reason = models.TextField(blank=True, help_text="未完成原因")
    next_steps = models.TextField(blank=True, help_text="下一步措施")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    # Who approved or returned it; empty for figures loaded from the fixtures.
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True, help_text="退回原因")

    class Meta:
        ordering = ["observation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["observation", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, missing_reason="")
                | (Q(value__isnull=True) & ~Q(missing_reason="")),
                name="version_value_or_missing_reason",
                violation_error_message=_("Give a value or the reason why there is none."),
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | ~Q(source_title=""),
                name="version_source_at_submission",
                violation_error_message=_("A figure needs its source when it is submitted."),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RETURNED) | ~Q(return_reason=""),
                name="version_return_needs_reason",
                violation_error_message=_("Say why the figure is returned."),
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("entered_by")),
                name="version_nobody_approves_his_own",
                violation_error_message=_("Nobody approves what he entered."),
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="version_state_known"),
            models.CheckConstraint(condition=Q(bound__in=Bound.values), name="version_bound_known"),
            models.CheckConstraint(
                condition=Q(source_grade__in=SourceGrade.values), name="version_grade_known"
            ),
            models.CheckConstraint(
                condition=Q(stated_decimals__lte=6), name="version_decimals_range"
            ),
            figure_in_range("value", name="version_value_range"),
            figure_in_range("numerator", name="version_numerator_range"),
            figure_in_range("denominator", name="version_denominator_range"),
        ]

    def __str__(self) -> str:
        return f"{self.observation} v{self.number}"

    @property
    def value_as_stated(self) -> str:
        return plain(self.value, decimals=self.stated_decimals)

    @property
    def is_break(self) -> bool:
        return ObsStatus.BREAK in self.obs_status


class StaleRowManager(models.Manager["StaleRow"]):
    def append_series(self, series_ids: Iterable[int]) -> None:
        self.bulk_create(StaleRow(series_id=pk) for pk in series_ids)

    def append_targets(self, target_ids: Iterable[int]) -> None:
        self.bulk_create(StaleRow(target_id=pk) for pk in target_ids)


class StaleRow(models.Model):
    """Work to be done: verdicts of a series or a target to compute anew.

    Appended in the transaction that causes it, claimed and deleted by the job. The rows are the
    queue; a message to Celery only nudges.
    """

    series = models.ForeignKey(Series, models.CASCADE, null=True, related_name="+")
    target = models.ForeignKey(Target, models.CASCADE, null=True, related_name="+")
    appended_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True, help_text="why the last attempt failed")

    objects = StaleRowManager()

    MAX_ATTEMPTS = 3

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(series__isnull=False, target__isnull=True)
                | Q(series__isnull=True, target__isnull=False),
                name="stale_row_names_one",
            ),
        ]

    def __str__(self) -> str:
        return f"stale {self.series_id or self.target_id}"


class ExactField(models.DecimalField):  # type: ignore[type-arg]
    """A figure of the method, exact: the sum of flows and the level of a relative target may
    have more digits than a figure that was entered."""

    def __init__(self, **options: object) -> None:
        options.update(max_digits=30, decimal_places=14, null=True)
        super().__init__(**options)  # type: ignore[arg-type]


class RatioField(models.DecimalField):  # type: ignore[type-arg]
    """A figure rounded half-even to 4 places by the method."""

    def __init__(self, **options: object) -> None:
        options.update(max_digits=24, decimal_places=4, null=True)
        super().__init__(**options)  # type: ignore[arg-type]


class VerdictQuerySet(SupersededQuerySet["Verdict"]):
    def at(self, as_of: int) -> Self:
        """The verdicts in force of one as-of year."""
        return self.in_force().filter(as_of=as_of)


class Verdict(Superseded):
    """How far a target is, seen from one year, with the figures behind it (METHOD.md).

    Appended when it changes; `recorded_at` is when it was computed.
    """

    target = models.ForeignKey(Target, models.PROTECT, related_name="verdicts")
    reading = models.ForeignKey(TargetReading, models.PROTECT, null=True, related_name="+")
    as_of = models.PositiveSmallIntegerField(help_text="截至年份")
    status = models.CharField(max_length=16, choices=Status)
    light = models.CharField(max_length=8, choices=Light)
    actual_year = models.PositiveSmallIntegerField(null=True)
    actual_value = ExactField()
    gap = ExactField()
    baseline_year = models.PositiveSmallIntegerField(null=True)
    baseline_value = ExactField()
    expected_value = RatioField()
    ratio = RatioField()
    share = RatioField()
    required_pace = RatioField()
    last_pace = RatioField()
    missing_years = models.CharField(max_length=200, blank=True)
    breached_years = models.CharField(max_length=200, blank=True)
    side_year = models.PositiveSmallIntegerField(null=True)
    side_value = ExactField()
    side_state = models.CharField(max_length=5, blank=True, choices=SideState)
    source_grade = models.CharField(max_length=10, choices=SourceGrade, blank=True)
    method_version = models.CharField(max_length=10)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["target__code", "as_of"]
        indexes = [models.Index(fields=["as_of", "light"], name="verdict_by_year_and_light")]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "as_of"],
                condition=Q(superseded_at__isnull=True),
                name="verdict_in_force_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="verdict_status_known"
            ),
            models.CheckConstraint(condition=Q(light__in=Light.values), name="verdict_light_known"),
        ]

    def __str__(self) -> str:
        return f"{self.target.code} {self.as_of} {self.status}"
