"""Celery entry points, and the nudges that start work on the rows that wait."""

import logging
import time
from typing import Any

from celery import shared_task
from django.conf import settings

from indicators import drain
from indicators.actions import reminders
from indicators.actions.imports import work_off_imports
from indicators.actions.verdicts import work_off_stale

logger = logging.getLogger(__name__)

# One message works this long at most; what is left waits for the next nudge or the sweep.
SECONDS_AT_A_TIME = 60


@shared_task(name="indicators.refresh_stale_verdicts")
def refresh_stale_verdicts() -> int:
    """Work off stale rows; running it twice does no harm. Returns how many rows."""
    stop_at = time.monotonic() + SECONDS_AT_A_TIME
    total = 0
    while time.monotonic() < stop_at and (done := work_off_stale()):
        total += done
    return total


@shared_task(name="indicators.send_reminders")
def send_reminders() -> int:
    """Remind by e-mail of what is still to be reported; twice does no harm. Returns how many."""
    return reminders.send_reminders().sent


@shared_task(name="indicators.work_off_imports")
def read_and_store_imports() -> int:
    """Read and store imported files; running it twice does no harm. Returns how many."""
    total = 0
    while work_off_imports():
        total += 1
    return total


def nudge() -> None:
    """Ask for the stale rows to be worked off soon."""
    _wake(refresh_stale_verdicts)


def nudge_imports() -> None:
    """Ask for the waiting imports to be worked off soon."""
    _wake(read_and_store_imports)


def _wake(task: Any) -> None:
    """Never fails: the rows are the queue, a lost message costs only delay."""
    if settings.EMBEDDED:
        drain.wake()
        return
    try:
        task.apply_async(retry=False, ignore_result=True)
    except Exception:  # the broker may fail in any way; the sweep finds the rows
        logger.warning("The broker did not take a message; the sweep will do.", exc_info=True)
