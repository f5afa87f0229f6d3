"""What people do with a job: start it, cancel it, have it tried again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from indicators.actions.jobs.kinds import work_of
from indicators.enums import JobKind, JobState
from indicators.models import Job, JobPart
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role, User
from targets_site.accounts.rights import holds
from targets_site.audit.actions import record


class NotAtThisStep(Exception):
    """The job has gone on since the person read its page."""


@dataclass(frozen=True)
class Part:
    """What one worker will do. size: how much it adds to the job's `done`; 0 where its work says
    itself how far it is."""

    content: Mapping[str, Any]
    size: int = 1


def about(job: Job) -> str:
    """The job as the trail names it."""
    return f"job:{job.pk}"


@transaction.atomic
def start_job(
    *,
    kind: JobKind,
    by: User | None,
    parts: Iterable[Part],
    parameters: Mapping[str, Any] | None = None,
    role: Role | None = None,
) -> Job:
    """A job that workers will take up; whoever calls wakes them once it is stored.

    by: None where the schedule or a command of the installation asks. role: as which `by` asks,
    for the trail; whether he may is checked by who calls. Without parts it is done at once.
    """
    job = Job.objects.create(kind=kind, asked_by=by, parameters=dict(parameters or {}))
    JobPart.objects.bulk_create(
        JobPart(job=job, number=number, content=dict(part.content), size=part.size)
        for number, part in enumerate(parts, 1)
    )
    said = {"kind": kind, **job.parameters}
    record("start_job", about(job), by=job.asker, role=role or "", after=said)
    job.total = _size_left(job) or None
    if not job.parts.exists():
        end(job, JobState.DONE)
    else:
        job.save(update_fields=["total"])
    return job


@transaction.atomic
def cancel_job(*, job: Job, by: User) -> Job:
    """End a job that waits or runs, or drop one that failed. What is stored of it stays stored;
    what a worker has in hands at this moment is not stored any more.

    Raises NotAllowed unless `by` started it or is a system administrator, NotAtThisStep where it
    has ended.
    """
    check_may_decide(job, by)
    locked = _locked(job)
    if not locked.may_be_cancelled:
        raise NotAtThisStep
    work_of(locked).cancelled(locked)
    locked.state, locked.finished_at, locked.error = JobState.CANCELLED, timezone.now(), ""
    locked.save(update_fields=["state", "finished_at", "error"])
    # The worker of a part that is locked finds out at its next step, and drops it itself.
    rows = locked.parts.order_by()
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    JobPart.objects.filter(pk__in=[part.pk for part in rows]).delete()
    _record("cancel_job", locked, by=by)
    return locked


@transaction.atomic
def retry_job(*, job: Job, by: User) -> Job:
    """Have what is left of a failed job tried again; whoever calls wakes the workers.

    Raises NotAllowed and NotAtThisStep as `cancel_job`, the latter unless it failed.
    """
    check_may_decide(job, by)
    locked = _locked(job)
    if not locked.may_be_retried:
        raise NotAtThisStep
    locked.parts.update(attempts=0, leased_until=None, error="")
    locked.state, locked.started_at, locked.finished_at = JobState.WAITING, None, None
    locked.error = ""
    # It may have to do something else now than what it failed at.
    work_of(locked).retried(locked)
    _count_anew(locked)
    locked.save()
    _record("retry_job", locked, by=by)
    return locked


def check_may_decide(job: Job, by: User) -> None:
    """Raises NotAllowed unless the person started the job or is a system administrator today."""
    if job.asked_by_id != by.pk and not holds(by, Role.SYSTEM_ADMIN):
        raise NotAllowed("A job is cancelled and retried by who started it or an administrator.")


def end(job: Job, state: JobState, *, error: str = "") -> None:
    """Note in the caller's transaction that a job has ended by itself: DONE or FAILED."""
    job.state, job.finished_at, job.error = state, timezone.now(), error
    job.save()
    said = {"kind": job.kind, "state": state, "done": job.done, "total": job.total, **job.result}
    record("end_job", about(job), by=job.asker, after=said, reason=error)


def _count_anew(job: Job) -> None:
    """What was done stays done. A job that says itself how far it is begins anew with it."""
    size = _size_left(job)
    job.done = job.done if size else 0
    job.total = job.done + size or None
    job.result[Job.DONE_BEFORE] = job.done


def _size_left(job: Job) -> int:
    return job.parts.aggregate(size=Sum("size"))["size"] or 0


def _locked(job: Job) -> Job:
    return Job.objects.select_related("asked_by").select_for_update(of=("self",)).get(pk=job.pk)


def _record(action: str, job: Job, *, by: User) -> None:
    role = "" if job.asked_by_id == by.pk else Role.SYSTEM_ADMIN
    after = {"kind": job.kind, "done": job.done, "total": job.total}
    record(action, about(job), by=by.username, role=role, after=after)
