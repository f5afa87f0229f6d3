"""How far a target is."""

from typing import Self

from django.db import models
from django.db.models import Q

from indicators.enums import Light, SideState, SourceGrade, Status
from indicators.models.readings import TargetReading
from plans.models import Superseded, SupersededQuerySet, Target


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

    # Both are read from their tables in the transaction that stores the verdict, under the lock on
    # the document, and rows of those tables are never deleted. Checking them once more for each row
    # takes longer than storing it, and a nation has 644,200.
    target = models.ForeignKey(Target, models.PROTECT, related_name="verdicts", db_constraint=False)
    reading = models.ForeignKey(
        TargetReading,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,  # nobody looks verdicts up by it
    )
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
        indexes = [
            # What changed lately, which notices are made from; nothing of what never changed.
            models.Index(
                fields=["superseded_at"],
                condition=Q(superseded_at__isnull=False),
                name="verdict_superseded_lately",
            ),
        ]
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
