"""Celery entry points, and the nudge that starts work on the stale rows."""

import logging
import time

from celery import shared_task
from django.conf import settings

from indicators import drain
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


def nudge() -> None:
    """Ask for the stale rows to be worked off soon. Never fails: the rows are the queue, a lost
    message costs only delay."""
    if settings.EMBEDDED:
        drain.wake()
        return
    try:
        refresh_stale_verdicts.apply_async(retry=False, ignore_result=True)
    except Exception:  # the broker may fail in any way; the sweep finds the rows
        logger.warning("The broker did not take a message; the sweep will do.", exc_info=True)
