"""The embedded mode's background threads in the web process: one works off what waits, one runs the
schedule, since verdicts do not wait for a mail server, and one chains the trail."""

import logging
import os
import threading
import time

from django.conf import settings
from django.db import close_old_connections, connection

from indicators import schedule
from indicators.actions.work import work_off_for_a_while
from targets_site.audit.sealer import Sealer

logger = logging.getLogger(__name__)

# Also without a nudge, since another process (a command) or the schedule may have appended rows.
SWEEP_SECONDS = schedule.TICK.total_seconds()
_wanted = threading.Event()
_started_in: int | None = None


def start_if_embedded() -> None:
    """Start the threads of this process, in embedded mode."""
    global _started_in
    if not settings.EMBEDDED or _started_in == os.getpid():
        return
    _started_in = os.getpid()
    _wanted.set()
    forever = threading.Event()
    loops = {"drain": work_until, "schedule": tick_until, "sealer": Sealer().run_until}
    for name, loop in loops.items():
        threading.Thread(target=loop, args=(forever,), name=name, daemon=True).start()


def wake() -> None:
    _wanted.set()


def work_until(stopped: threading.Event) -> None:
    """Work off what waits at each wake and sweep, until told to stop."""
    while not stopped.is_set():
        _wanted.wait(SWEEP_SECONDS)
        _wanted.clear()
        try:
            close_old_connections()
            while work_off_for_a_while():
                continue
        except Exception:  # whatever it was, the rows are still there
            logger.exception("What waits could not be worked off; trying again.")
            connection.close()
            time.sleep(1)
            _wanted.set()


def tick_until(stopped: threading.Event) -> None:
    """Run what is due at once and at each tick, until told to stop."""
    while not stopped.is_set():
        try:
            close_old_connections()
            schedule.tick()
        except Exception:  # the next tick goes on
            logger.exception("The schedule could not go on; trying again with the next tick.")
            connection.close()
        stopped.wait(SWEEP_SECONDS)
