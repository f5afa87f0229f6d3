"""Who may have a file that a job wrote."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.db.models import Q, QuerySet

from indicators.enums import JobKind, JobState
from indicators.models import Job
from reports.exports.kept import files
from reports.exports.kept.working import asked_of
from reports.exports.rights import OF_THE_PERSON, check_may_export, still_held
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role, User
from targets_site.accounts.rights import holds


def fetchable_by(user: User) -> QuerySet[Job]:
    """Exports that were written for the person; for auditors also those of others, but for what
    was chosen by the other's posts."""
    done = Job.objects.filter(kind=JobKind.EXPORT, state=JobState.DONE)
    own = Q(asked_by=user)
    if holds(user, Role.AUDITOR):
        own |= ~Q(parameters__table__in=sorted(OF_THE_PERSON))
    return done.filter(own)


def open_file(job: Job, *, by: User) -> tuple[BinaryIO, dict[str, Any]]:
    """The file from its start and what is known of it: name, type, size, rows, sha256.

    Raises NotAllowed where the person holds less today than when it was made, and files.Gone.
    """
    said: dict[str, Any] = job.result["file"]
    check_may_export(asked_of(job), by)
    if job.asked_by_id == by.pk and not still_held(said["held"], by):
        raise NotAllowed("It was made with rights that the person does not hold any more.")
    return files.open_checked(said["stored"], sha256=said["sha256"]), said
