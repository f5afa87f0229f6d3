"""What waits to be worked off, in the order that matters to people."""

import time
from collections.abc import Callable

from indicators.actions.jobs import work_off_one
from indicators.actions.verdicts import work_off_stale

# At a stretch; what is left waits for the next nudge or the sweep.
SECONDS_AT_A_TIME = 60


def work_off_next() -> int:
    """The stale rows first, since somebody looks at their verdicts; else one part of a job.
    Returns how many rows or parts, 0 where nothing waits.

    Raises OperationalError or InterfaceError when the database fails; what waits still does then.
    """
    return work_off_stale() or work_off_one()


def work_off_for_a_while(work_off: Callable[[], int] = work_off_next) -> int:
    """Work off what waits for SECONDS_AT_A_TIME at most, but for what is at hand then; returns how
    many rows and parts. Raises as `work_off_next`."""
    stop_at = time.monotonic() + SECONDS_AT_A_TIME
    total = 0
    while time.monotonic() < stop_at and (done := work_off()):
        total += done
    return total
