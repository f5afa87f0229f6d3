"""Which part is worked next: the rows are the queue, a message only wakes a worker."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress

from django.db import Error, connection, transaction
from django.utils import timezone

from indicators.actions.jobs.claims import LEASE, Claimed, TakenOver
from indicators.actions.jobs.kinds import registered, work_of
from indicators.enums import JobState
from indicators.models import Job, JobPart
from targets_site.database_errors import database_failed

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.2
# Where the database fails whoever waits for a job: again so often in a row, after so long.
MOST_FAILURES = 10
SECONDS_AFTER_FAILURE = 1.0


def work_off_one() -> int:
    """Work off the part that is next; returns how many were claimed, 0 or 1.

    What fails is tried again, JobPart.MAX_ATTEMPTS times; the parts of a job do not wait for each
    other. Raises OperationalError or InterfaceError when the database fails, which is no attempt.
    """
    claimed = claim()
    if claimed is not None:
        work_on(claimed)
    return int(claimed is not None)


def work_off_job(job: Job, *, seen: Callable[[Job], None] = lambda job: None) -> Job:
    """Work off this job at once, beside other workers, until it has ended; returns it as it is
    then. seen: told of the job after each part, or while others are at it.

    Where the database fails, or others hold what it needs, it is tried again; raises as
    `work_off_one` where that does not help for MOST_FAILURES in a row, and the job waits still.
    """
    failures = 0
    while job.is_open:
        try:
            _work_off_one_of(job)
        except Exception as error:
            failures += 1
            if not database_failed(error) or failures > MOST_FAILURES:
                raise
            logger.warning("The database failed %s; trying again.", job, exc_info=True)
            time.sleep(SECONDS_AFTER_FAILURE)
            if not connection.in_atomic_block:
                connection.close()
        else:
            failures = 0
            seen(job)
    return job


def _work_off_one_of(job: Job) -> None:
    claimed = claim(of=job)
    if claimed is not None:
        work_on(claimed)
    else:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    job.refresh_from_db()


def claim(*, of: Job | None = None) -> Claimed | None:
    """The next part, of this job or of any, leased and with one more attempt; None where there is
    none. A worker that dies from it has so said that it tried.

    What no app of this process registered is left to those that know it.
    """
    free = JobPart.objects.free(now=timezone.now()).filter(job__kind__in=registered())
    if of is not None:
        free = free.filter(job=of)
    if not free.exists():
        return None
    with transaction.atomic():
        rows = free.select_related("job__asked_by")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        part = rows.first()
        if part is None:
            return None
        now = timezone.now()
        part.attempts, part.leased_until, part.error = part.attempts + 1, now + LEASE, ""
        part.save(update_fields=["attempts", "leased_until", "error"])
        if Job.objects.filter(pk=part.job_id, state=JobState.WAITING).update(
            state=JobState.RUNNING, started_at=now
        ):
            part.job.state, part.job.started_at = JobState.RUNNING, now
    return Claimed(part)


def work_on(claimed: Claimed) -> None:
    """Raises OperationalError or InterfaceError when the database fails; the part is free again
    then, or once its lease is over."""
    if claimed.part.attempts > JobPart.MAX_ATTEMPTS:
        claimed.give_up()
        return
    try:
        work_of(claimed.job).do(claimed)
    except TakenOver:
        logger.warning("Part %s was cancelled, or is worked on by somebody else.", claimed.part)
        claimed.drop_if_cancelled()
    except Exception as error:  # whatever it is, the parts after it must not wait for ever
        if database_failed(error):
            # Where it is still away, this costs the part one attempt.
            with suppress(Error):
                claimed.give_back()
            raise
        logger.exception("Part %s failed.", claimed.part)
        claimed.fail(repr(error))
