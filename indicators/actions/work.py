"""What waits to be worked off, in the order that matters to people."""

import time

from indicators.actions.jobs import work_off_one
from indicators.actions.verdicts import work_off_stale


def work_off_next() -> int:
    """The stale rows first, since somebody looks at their verdicts; else one part of a job.
    Returns how many rows or parts, 0 where nothing waits.

    Raises OperationalError when the database fails; what waits still does then.
    """
    return work_off_stale() or work_off_one()


def work_off_for(seconds: float) -> int:
    """`work_off_next` for so long at most, but for the part that is at hand then; returns how many
    rows and parts."""
    stop_at = time.monotonic() + seconds
    total = 0
    while time.monotonic() < stop_at and (done := work_off_next()):
        total += done
    return total
