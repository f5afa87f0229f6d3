"""What is to be computed anew."""

import datetime
from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone

from indicators.models.measures import Series
from plans.models import Target


class StaleRowManager(models.Manager["StaleRow"]):
    def append_series(self, series_ids: Iterable[int]) -> None:
        self.bulk_create(StaleRow(series_id=pk) for pk in series_ids)

    def append_targets(self, target_ids: Iterable[int]) -> None:
        self.bulk_create(StaleRow(target_id=pk) for pk in target_ids)

    def free(self, *, now: datetime.datetime) -> "models.QuerySet[StaleRow]":
        """Those that a worker may claim."""
        nobody_has_it = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
        return self.filter(nobody_has_it, attempts__lt=StaleRow.MAX_ATTEMPTS)

    def given_up(self) -> "models.QuerySet[StaleRow]":
        """Those that failed too often to be tried again by themselves."""
        return self.filter(attempts__gte=StaleRow.MAX_ATTEMPTS)


class StaleRow(models.Model):
    """Work to be done: verdicts of a series or a target to compute anew.

    Appended in the transaction that causes it, claimed and deleted by the job. The rows are the
    queue; a message to Celery only nudges.

    leased_until: whoever claimed it last has locked its row by then, or is dead.
    """

    series = models.ForeignKey(Series, models.CASCADE, null=True, related_name="+")
    target = models.ForeignKey(Target, models.CASCADE, null=True, related_name="+")
    appended_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
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
        # The order in which they are claimed; and those that were given up are found at its end.
        indexes = [models.Index(fields=["attempts", "id"], name="stale_row_by_attempts")]

    def __str__(self) -> str:
        return f"stale {self.series_id or self.target_id}"
