"""Yearly figures: the cell of a series and year, and what was said of it."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Replace
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from indicators.enums import Bound, ObsStatus, SourceGrade, State
from indicators.models.attachments import Attachment
from indicators.models.measures import Series, SeriesDepartment
from indicators.models.stale import StaleRow
from indicators.models.workflow import Cell, Worked, left_department, workflow_constraints
from indicators.validators import known_obs_status, published_on_text
from plans.models import FigureField
from plans.validators import figure_in_range, no_more_decimals_than_stated, year_in_range
from targets_site.accounts.access import DirectlyEntered, held_by
from targets_site.accounts.models import User
from targets_site.built_once import Given
from targets_site.figures import plain
from targets_site.places.models import Area


def reported_by(departments: Any, *, series: str, year: str) -> Exists:
    """Whether one of the departments reports the series in the year; both are fields of the
    outer query."""
    return Exists(
        SeriesDepartment.objects.filter(
            Q(from_year__isnull=True) | Q(from_year__lte=OuterRef(year)),
            Q(to_year__isnull=True) | Q(to_year__gte=OuterRef(year)),
            series=OuterRef(series),
            department__in=departments,
        )
    )


def _reporting(
    series_id: int | Given, year: int | Given
) -> "models.QuerySet[SeriesDepartment, int]":
    links = SeriesDepartment.objects.of_series_in(series_id, year)
    return links.order_by().values_list("department_id", flat=True)


DIRECTLY_ENTERED = DirectlyEntered(
    lambda: _reporting(Given("series", models.IntegerField()), Given("year", models.IntegerField()))
)


class Observation(Cell):
    """One series and year: the identity behind its versions."""

    RELATED = ("series__area", "series__indicator")

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

    @property
    def about(self) -> str:
        return f"observation:{self.series.code}:{self.year}"

    @property
    def area(self) -> Area:
        return self.series.area

    def reporting(self) -> "models.QuerySet[SeriesDepartment, int]":
        return _reporting(self.series_id, self.year)

    def entered_by(self, user: User) -> frozenset[int]:
        found = DIRECTLY_ENTERED(user, series=self.series_id, year=self.year)
        return super().entered_by(user) if found is None else found

    def mark_stale(self) -> None:
        StaleRow.objects.append_series([self.series_id])


class ObservationVersionQuerySet(models.QuerySet["ObservationVersion"]):
    def readable_by(self, user: User) -> Self:
        """What was ever approved, for everybody; else what the person's posts concern: all of
        the departments he enters or signs for, and of the areas he audits; of the areas he
        reviews what has left the department.

        The one rule of pages, lists, searches, charts, exports, API and jobs.
        """
        held = held_by(user)
        readable: Any = Q(state=State.APPROVED)
        if held.departments:
            readable |= reported_by(
                held.departments, series="observation__series", year="observation__year"
            )
        if held.audited:
            readable |= Q(observation__series__area__in=held.audited)
        if held.reviewed:
            readable |= left_department() & Q(observation__series__area__in=held.reviewed)
        return self.filter(readable)


def _without(letters: Iterable[str], field: str) -> Any:
    """What is left of a text without the letters."""
    left: Any = F(field)
    for letter in letters:
        left = Replace(left, Value(letter))
    return left


class ObservationVersion(Worked):
    """What was said of a series and year at one time; the content never changes.

    Only the state moves, forward, with who and when for each step.
    """

    observation = models.ForeignKey(Observation, models.PROTECT, related_name="versions")
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
    evidence = models.ManyToManyField(Attachment, related_name="versions", blank=True)

    # The plain fields; `evidence` goes with them.
    CONTENT = (
        "value", "stated_decimals", "missing_reason", "numerator", "denominator", "bound",
        "obs_status", "source_title", "source_url", "published_as", "published_on", "remark",
        "shortfall_reason", "next_steps",
    )  # fmt: skip
    COPIED = (*CONTENT, "published_scope", "source_grade")

    objects = ObservationVersionQuerySet.as_manager()

    class Meta:
        ordering = ["observation", "number"]
        constraints = [
            *workflow_constraints("version"),
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
            models.CheckConstraint(condition=Q(bound__in=Bound.values), name="version_bound_known"),
            models.CheckConstraint(
                condition=Exact(_without(ObsStatus.values, "obs_status"), ""),
                name="version_obs_status_known",
            ),
            models.CheckConstraint(
                condition=Q(source_grade__in=SourceGrade.values), name="version_grade_known"
            ),
            models.CheckConstraint(
                condition=Q(stated_decimals__lte=6), name="version_decimals_range"
            ),
            figure_in_range("value", name="version_value_range"),
            no_more_decimals_than_stated("value", name="version_decimals_stated"),
            figure_in_range("numerator", name="version_numerator_range"),
            figure_in_range("denominator", name="version_denominator_range"),
        ]

    def __str__(self) -> str:
        return f"{self.observation} v{self.number}"

    @property
    def value_as_stated(self) -> str:
        return plain(self.value, decimals=self.stated_decimals)

    @property
    def is_loaded(self) -> bool:
        """Of the reference data, whose remarks are not the department's; select entered_by."""
        return self.entered_by.username == User.REFERENCE

    @property
    def is_break(self) -> bool:
        return ObsStatus.BREAK in self.obs_status

    @property
    def is_in_force(self) -> bool:
        """Select the observation."""
        return self.observation.in_force_id == self.pk

    @property
    def was_replaced(self) -> bool:
        """It counted once and no longer does; select the observation."""
        return self.state == State.APPROVED and not self.is_in_force

    @property
    def cell(self) -> Observation:
        return self.observation

    def said(self) -> dict[str, Any]:
        return {
            "version": self.number,
            "state": self.state,
            **{name: getattr(self, name) for name in self.CONTENT},
            "value": self.value_as_stated,
        }
