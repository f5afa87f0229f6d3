"""The embedded mode's background thread: works off stale rows and waiting imports in the web
process."""

import datetime
import logging
import os
import threading
import time

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone

from indicators.actions.imports import work_off_imports
from indicators.actions.reminders import send_reminders
from indicators.actions.verdicts import work_off_stale

logger = logging.getLogger(__name__)

# Also without a nudge, since another process (a command) may have appended rows.
SWEEP_SECONDS = 30
_wanted = threading.Event()
_started_in: int | None = None
REMIND_FROM_HOUR = 8
_reminded_on: datetime.date | None = None


def start_if_embedded() -> None:
    """Start the one thread of this process, in embedded mode."""
    global _started_in
    if not settings.EMBEDDED or _started_in == os.getpid():
        return
    _started_in = os.getpid()
    _wanted.set()
    forever = threading.Event()
    threading.Thread(target=work_until, args=(forever,), name="drain", daemon=True).start()


def _remind_once_a_day() -> None:
    """From 08:00 on, as beat does in service mode; asking again does no harm."""
    global _reminded_on
    now = timezone.localtime()
    if now.hour >= REMIND_FROM_HOUR and _reminded_on != now.date():
        send_reminders()
        _reminded_on = now.date()


def wake() -> None:
    _wanted.set()


def work_until(stopped: threading.Event) -> None:
    """Work off what waits at each wake and sweep, until told to stop: the verdicts first, also
    between two imports."""
    while not stopped.is_set():
        _wanted.wait(SWEEP_SECONDS)
        _wanted.clear()
        try:
            close_old_connections()
            while work_off_stale() or work_off_imports():
                continue
            _remind_once_a_day()
        except Exception:  # whatever it was, the rows are still there
            logger.exception("What waits could not be worked off; trying again.")
            connection.close()
            time.sleep(1)
            _wanted.set()
