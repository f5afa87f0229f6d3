"""A part of a job in the hands of one worker.

Two things keep others away from it: its row is locked while `finishing` runs, and until then it is
leased. Who commits on the way says again and again that he is at it; who was killed says nothing
more, and another takes over.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from indicators.actions.jobs.kinds import work_of
from indicators.actions.jobs.steps import end
from indicators.enums import JobState
from indicators.models import Job, JobPart
from indicators.models.jobs import WORKER_LOST, JobPartQuerySet

LEASE = datetime.timedelta(seconds=60)
# As much of an error as people read.
LONGEST_ERROR = 1000


class TakenOver(Exception):
    """Somebody else works on the part, or the job was cancelled: nothing more is stored here."""


class Claimed:
    """A part that was claimed; `part.leased_until` is what its worker said last."""

    def __init__(self, part: JobPart) -> None:
        self.part, self.until = part, part.leased_until

    @property
    def job(self) -> Job:
        return self.part.job

    def say(self, **fields: Any) -> None:
        """Show how far it is (`done`, `total`), and that somebody is at work. Raises TakenOver."""
        until = timezone.now() + LEASE
        with transaction.atomic():
            if not self._mine().update(leased_until=until):
                raise TakenOver
            running = Job.objects.filter(pk=self.part.job_id, state=JobState.RUNNING)
            # Without news of its own, this still finds out whether it is cancelled.
            if not running.update(**(fields or {"state": JobState.RUNNING})):
                raise TakenOver
        self.until = until

    @contextmanager
    def saying(self, **fields: Any) -> Iterator[None]:
        """`say` together with what is written inside, or neither."""
        said_before = self.until
        try:
            with transaction.atomic():
                self.say(**fields)
                yield
        except BaseException:
            self.until = said_before
            raise

    @contextmanager
    def finishing(self, *, lines: int | None = None) -> Iterator[dict[str, int]]:
        """One transaction for the work inside, the deletion of the part and its count: all or
        nothing of it. Counts put into the dictionary are added to the job's result.

        lines: how far the job is with it, of a job that says so itself. Raises TakenOver, before
        the work or after it.
        """
        with transaction.atomic():
            # By itself: the job's row is everybody's, and locked at the end only.
            if not self._mine().order_by().select_for_update().exists():
                raise TakenOver
            counts: dict[str, int] = {}
            yield counts
            job = self.wanted()
            JobPart.objects.filter(pk=self.part.pk).delete()
            job.done += self.part.size
            if lines is not None:
                job.done = job.total = lines
            for name, number in counts.items():
                job.result[name] = job.result.get(name, 0) + number
            job.save(update_fields=["done", "total", "result"])
            settle(job)

    def wanted(self) -> Job:
        """The job, locked until the transaction ends. Raises TakenOver where it was cancelled.

        What `Work.cancelled` writes too is written after this: both take the job's row first.
        """
        rows = Job.objects.select_related("asked_by").select_for_update(of=("self",))
        job = rows.filter(pk=self.part.job_id, state=JobState.RUNNING).first()
        if job is None:
            raise TakenOver
        return job

    def give_back(self) -> None:
        """As if it had not been claimed."""
        self._mine().update(leased_until=None, attempts=F("attempts") - 1)

    def fail(self, error: str) -> None:
        """Say why it failed; after the last attempt it is given up."""
        with transaction.atomic():
            if self._mine().update(leased_until=None, error=error[:LONGEST_ERROR]):
                job = Job.objects.select_related("asked_by").select_for_update(of=("self",))
                settle(job.get(pk=self.part.job_id))

    def give_up(self) -> None:
        """Of a part whose worker died at its last attempt."""
        self.fail(WORKER_LOST)

    def drop_if_cancelled(self) -> None:
        JobPart.objects.filter(pk=self.part.pk, job__state=JobState.CANCELLED).delete()

    def _mine(self) -> JobPartQuerySet:
        return JobPart.objects.filter(pk=self.part.pk, leased_until=self.until)


def settle(job: Job) -> None:
    """End a running job, whose row is locked, where no part is left that could be worked."""
    if job.state != JobState.RUNNING:
        return
    left = JobPart.objects.filter(job=job)
    given_up = left.given_up()
    if not left.exists():
        end(job, JobState.DONE)
    elif given_up.count() == left.count():
        work_of(job).given_up(job)
        end(job, JobState.FAILED, error=given_up.order_by("number")[0].error)
