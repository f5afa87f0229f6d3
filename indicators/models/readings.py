"""How we read a target."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from indicators.enums import ProposalState
from indicators.models.measures import Series
from plans.models import FigureField, Superseded, SupersededQuerySet, Target
from plans.validators import figure_in_range, year_in_range
from targets_site.accounts.models import User
from targets_site.localized import localized


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


class ReadingProposal(models.Model):
    """A reading that a steward proposes; it counts once another steward confirms it."""

    target_code = models.CharField(max_length=50)
    target = models.ForeignKey(Target, models.PROTECT, related_name="reading_proposals")
    # The reading that was in force when this was written; None where there was none.
    replaces = models.ForeignKey(
        TargetReading, models.PROTECT, null=True, blank=True, related_name="+"
    )
    series = models.ForeignKey(Series, models.PROTECT, related_name="+")
    hold_from = models.PositiveSmallIntegerField(null=True, blank=True, help_text="保持起始年")
    tolerance = FigureField(null=True, blank=True, help_text="允许偏差")
    baseline_year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="基期")
    baseline_value = FigureField(null=True, blank=True, help_text="基期值")
    note_zh = models.TextField(help_text="口径认定说明")
    note_en = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    refusal_reason = models.TextField(blank=True, help_text="不予认定的原因")

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["target_code"],
                condition=Q(state=ProposalState.PROPOSED),
                name="reading_proposal_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ProposalState.values), name="reading_proposal_state_known"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
                name="reading_proposal_four_eyes",
                violation_error_message=_("A reading is confirmed by somebody else."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.REFUSED) | ~Q(refusal_reason=""),
                name="reading_proposal_refusal_needs_reason",
            ),
            figure_in_range("tolerance", name="reading_proposal_tolerance_range"),
            figure_in_range("baseline_value", name="reading_proposal_baseline_value_range"),
        ]

    def __str__(self) -> str:
        return f"{self.target_code} → {self.series.code}"
