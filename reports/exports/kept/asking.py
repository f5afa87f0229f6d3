"""Asking for an export that is too large to wait for."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from indicators.actions.jobs import Part, start_job
from indicators.enums import JobKind
from indicators.models import Job
from indicators.models.jobs import JobQuerySet
from reports.exports.asked import Asked
from reports.exports.counting import fits
from reports.exports.rights import check_may_export
from targets_site.accounts.models import User
from targets_site.audit.context import current_actor

# Of one person at once; each takes a worker for minutes.
MOST_AT_ONCE = 3


class TooMany(Exception):
    """The person has MOST_AT_ONCE exports waiting or running."""


class DoesNotFit(Exception):
    """An Excel sheet does not hold so many rows."""


@transaction.atomic
def ask_for_export(*, asked: Asked, by: User) -> Job:
    """A job that writes the file as the data stand when it runs; the one that waits for the same
    already where there is one. Whoever calls wakes the job.

    Raises NotAllowed, TooMany, DoesNotFit.
    """
    check_may_export(asked, by)
    # The other half of a doubled form waits here until the first job can be seen.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    under_way = list(jobs_of(by).open())
    for job in under_way:
        if _said(job.parameters) == as_parameters(asked):
            return job
    if len(under_way) >= MOST_AT_ONCE:
        raise TooMany
    if not fits(asked, by):
        raise DoesNotFit
    told = {**as_parameters(asked), "ip": current_actor().ip}
    return start_job(kind=JobKind.EXPORT, by=by, parts=[Part({}, size=0)], parameters=told)


def as_parameters(asked: Asked) -> dict[str, str]:
    """What the job is told: texts, which the form of the page understands."""
    return {**asked.query, "table": asked.table, "format": asked.format}


def _said(parameters: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if name != "ip"}


def jobs_of(user: User) -> JobQuerySet:
    """Exports that the person asked for, newest first."""
    return Job.objects.filter(kind=JobKind.EXPORT, asked_by=user).order_by("-pk")
