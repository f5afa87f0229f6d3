"""Long tasks, the parts they are cut into, and what the schedule ran."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.enums import JobKind, JobState
from targets_site.accounts.models import User

# Why a job failed whose worker never came back to say it.
WORKER_LOST = "worker lost"


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> Self:
        """Waiting or running."""
        return self.filter(state__in=JobState.open())


class Job(models.Model):
    """One long task and how far it is. The rows are the queue: a worker takes a part of it, and
    the job has ended once no part is left that could still be worked.

    asked_by: empty where the schedule or a command of the installation asked. done, total: in the
    unit of the kind (areas, lines); total empty where nobody knows. result: counts by name, and how
    much was done before it was started again. error: why it failed.
    """

    DONE_BEFORE = "done_before"

    kind = models.CharField(max_length=10, choices=JobKind)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    parameters = models.JSONField(default=dict)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=JobKind.values), name="job_kind_known"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=Q(state=JobState.WAITING, started_at__isnull=True)
                | Q(state__in=[JobState.RUNNING, JobState.FAILED], started_at__isnull=False)
                | Q(state__in=[JobState.DONE, JobState.CANCELLED]),
                name="job_started_when_it_runs",
            ),
            models.CheckConstraint(
                condition=Q(state__in=JobState.open(), finished_at__isnull=True)
                | Q(~Q(state__in=JobState.open()), finished_at__isnull=False),
                name="job_finished_when_it_ended",
            ),
            models.CheckConstraint(
                condition=(Q(state=JobState.FAILED) & ~Q(error=""))
                | (~Q(state=JobState.FAILED) & Q(error="")),
                name="job_failed_with_reason",
            ),
        ]
        indexes = [
            # Most jobs are done; what asks for somebody's attention are few.
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=[*JobState.open(), JobState.FAILED]),
                name="job_not_done",
            ),
            models.Index(fields=["asked_by", "-id"], name="job_by_person"),
        ]

    def __str__(self) -> str:
        return f"job {self.pk} {self.kind} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("indicators:job", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in JobState.open()

    @property
    def may_be_cancelled(self) -> bool:
        return self.is_open or self.state == JobState.FAILED

    @property
    def may_be_retried(self) -> bool:
        return self.state == JobState.FAILED

    @property
    def asker(self) -> str:
        """The user name, or who else asked, as the trail names them."""
        return self.asked_by.username if self.asked_by else "system"

    @property
    def reason(self) -> str:
        """Why it failed, for technicians: the text of the error."""
        if self.error == WORKER_LOST:
            return _("The worker died several times while it was at it.")
        return self.error

    @property
    def took(self) -> datetime.timedelta | None:
        """From its last start to its end."""
        if self.started_at is None or self.finished_at is None:
            return None
        return self.finished_at - self.started_at

    @property
    def left(self) -> int:
        """What a job that ended early has not done, as far as anybody knows."""
        return max(0, (self.total or 0) - self.done)

    def time_left(self, *, now: datetime.datetime) -> datetime.timedelta | None:
        """As long as it takes at the speed so far; None while nobody can tell."""
        if self.state != JobState.RUNNING or self.started_at is None or not self.total:
            return None
        done_since: int = self.done - self.result.get(self.DONE_BEFORE, 0)
        if done_since <= 0 or not self.left:
            return None
        return (now - self.started_at) / done_since * self.left


class JobPartQuerySet(models.QuerySet["JobPart"]):
    def free(self, *, now: datetime.datetime) -> Self:
        """Those that a worker may take, in the order in which they are taken: what failed least,
        what people wait for before what runs for all, what waits longest. Those too whose worker
        has not said for so long that it is at work that it must be dead."""
        waits_behind = Case(When(job__kind=JobKind.RECOMPUTE, then=Value(1)), default=Value(0))
        nobody_has_it = Q(leased_until__isnull=True, attempts__lt=JobPart.MAX_ATTEMPTS)
        return self.filter(
            nobody_has_it | Q(leased_until__lt=now), job__state__in=JobState.open()
        ).order_by("attempts", waits_behind, "pk")

    def given_up(self) -> Self:
        return self.filter(leased_until__isnull=True, attempts__gte=JobPart.MAX_ATTEMPTS)


class JobPart(models.Model):
    """What one worker does of a job, until it is done.

    size: how much it adds to the job's `done`. leased_until: who works on it has said that he is at
    it until then; empty where nobody is. error: why the last attempt failed.
    """

    MAX_ATTEMPTS = 3

    job = models.ForeignKey(Job, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    size = models.PositiveIntegerField(default=1)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects = JobPartQuerySet.as_manager()

    class Meta:
        ordering = ["job", "number"]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="job_part_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}"


class ScheduledRun(models.Model):
    """The last run of an entry of the schedule: one row a name, claimed by who runs it.

    slot: the moment it was due for. finished_at: empty while it runs, and where it failed or its
    process died; then it is tried again.
    """

    MAX_ATTEMPTS = 3

    name = models.CharField(max_length=40, unique=True)
    slot = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.slot:%Y-%m-%d %H:%M}"
