"""Celery entry points, and the nudges that start work on the rows that wait."""

import logging
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from indicators import drain, schedule
from indicators.actions.verdicts import work_off_stale
from indicators.actions.work import work_off_for_a_while
from indicators.models import JobPart
from targets_site.pause import Pause

logger = logging.getLogger(__name__)

# Messages for the parts of jobs, so that so many workers begin at once; those that find nothing
# left end at once.
MOST_MESSAGES = 8
# So that not every save during an outage waits for the broker; the sweep comes sooner or later.
_pause = Pause(seconds=10)


@shared_task(name="indicators.refresh_stale_verdicts")
def refresh_stale_verdicts() -> int:
    """Work off stale rows; running it twice does no harm. Returns how many rows."""
    return work_off_for_a_while(work_off_stale)


@shared_task(name="indicators.work_off_jobs")
def work_off_jobs() -> int:
    """Work off parts of jobs, and stale rows before each; running it twice does no harm. Returns
    how many of either."""
    total = work_off_for_a_while()
    # What nobody could take just now is no reason to look again at once: its worker may only take
    # longer than its lease.
    if total and JobPart.objects.free(now=timezone.now()).exists():
        _wake(work_off_jobs)
    return total


@shared_task(name="indicators.tick")
def tick() -> list[str]:
    """Run what the schedule says is due; twice does no harm. Returns the names of what ran."""
    return schedule.tick()


def nudge() -> None:
    """Ask for the stale rows to be worked off soon."""
    _wake(refresh_stale_verdicts)


def nudge_jobs() -> None:
    """Ask for the waiting parts of jobs to be worked off soon, by several workers where there are
    several parts."""
    free = JobPart.objects.free(now=timezone.now())
    for _message in range(len(free.values_list("pk")[:MOST_MESSAGES])):
        _wake(work_off_jobs)


def _wake(task: Any) -> None:
    """Never fails, and waits for the broker once: the rows are the queue, a lost message costs
    only delay."""
    if settings.EMBEDDED:
        drain.wake()
        return
    if _pause.is_on:
        return
    try:
        task.apply_async(retry=False, ignore_result=True)
    except Exception:  # the broker may fail in any way; the sweep finds the rows
        _pause.start()
        logger.warning("The broker did not take a message; the sweep will do.", exc_info=True)
