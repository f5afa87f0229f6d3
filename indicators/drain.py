"""The embedded mode's background thread: works off what waits, and runs the schedule, in the web
process."""

import logging
import os
import threading
import time

from django.conf import settings
from django.db import close_old_connections, connection

from indicators import schedule
from indicators.actions.work import work_off_for

logger = logging.getLogger(__name__)

# Also without a nudge, since another process (a command) may have appended rows.
SWEEP_SECONDS = schedule.TICK.total_seconds()
_wanted = threading.Event()
_started_in: int | None = None


def start_if_embedded() -> None:
    """Start the one thread of this process, in embedded mode."""
    global _started_in
    if not settings.EMBEDDED or _started_in == os.getpid():
        return
    _started_in = os.getpid()
    _wanted.set()
    forever = threading.Event()
    threading.Thread(target=work_until, args=(forever,), name="drain", daemon=True).start()


def wake() -> None:
    _wanted.set()


def work_until(stopped: threading.Event) -> None:
    """Work off what waits and tick at each wake and sweep, until told to stop; a job that takes
    long holds up no tick for longer than one of its parts."""
    while not stopped.is_set():
        _wanted.wait(SWEEP_SECONDS)
        _wanted.clear()
        try:
            close_old_connections()
            while work_off_for(SWEEP_SECONDS):
                schedule.tick()
            schedule.tick()
        except Exception:  # whatever it was, the rows are still there
            logger.exception("What waits could not be worked off; trying again.")
            connection.close()
            time.sleep(1)
            _wanted.set()
