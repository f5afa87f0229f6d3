"""Which moment is shown; what a page says of "today" depends on it."""

import datetime
from contextvars import ContextVar

from django.utils import timezone

shown: ContextVar[datetime.datetime | None] = ContextVar("shown", default=None)


def moment_shown() -> datetime.datetime | None:
    """None where what is shown is of now."""
    return shown.get()


def now_shown() -> datetime.datetime:
    """For what readers see, in the place of `timezone.now()`; never later than that, though the
    end of a day may be asked for while the day lasts."""
    now, moment = timezone.now(), shown.get()
    return now if moment is None else min(moment, now)


def today_shown() -> datetime.date:
    """The day of `now_shown`, here."""
    return timezone.localdate(now_shown())
