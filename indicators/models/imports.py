"""Files of figures that people import: read to a preview, then stored whole or not at all."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from indicators.enums import ImportState, JobState, LineOutcome
from indicators.models.attachments import Attachment
from indicators.models.jobs import Job
from indicators.models.measures import Series
from targets_site.accounts.models import User


class Import(models.Model):
    """One imported file and its preview.

    job: what reads or stores it, or did so last; how far that is stands there.
    problems: why it was refused, each with line, column and message, in the importer's language.
    """

    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="import_of")
    job = models.OneToOneField(Job, models.PROTECT, related_name="import_of")
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING)
    encoding = models.CharField(max_length=20, blank=True, help_text="as it was detected")
    correction_reason = models.TextField(blank=True, help_text="更正原因")
    lines_total = models.PositiveIntegerField(null=True, help_text="known once it was read")
    counts = models.JSONField(default=dict, help_text="lines by outcome")
    problems = models.JSONField(default=list)
    started_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    stored_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attachment} {self.state}"

    @property
    def is_under_way(self) -> bool:
        return self.state in ImportState.under_way()

    @property
    def was_cancelled(self) -> bool:
        """Somebody stopped it before there was a preview; a preview is discarded."""
        return (
            self.state == ImportState.DISCARDED
            and self.job.state == JobState.CANCELLED
            and self.job.parameters.get("step") == "read"
        )


class ImportLine(models.Model):
    """A line of the preview: exactly what storing it would write."""

    imported = models.ForeignKey(Import, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(help_text="line of the file; the header is 1")
    series = models.ForeignKey(Series, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=LineOutcome)
    # Figures as text, so that no digit is lost.
    content = models.JSONField()
    read_version = models.PositiveSmallIntegerField(null=True, help_text="stored when it was read")
    value_before = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True, help_text="how it was understood")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["imported", "number"], name="import_line_once"),
            models.UniqueConstraint(
                fields=["imported", "series", "year"], name="import_line_figure_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=LineOutcome.values), name="import_line_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.imported} {self.number}"
