"""Doing things at another time than now."""

import datetime
from contextlib import contextmanager
from unittest import mock
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def here(*parts):
    """A moment of Asia/Shanghai."""
    return datetime.datetime(*parts, tzinfo=SHANGHAI)


@contextmanager
def done_at(moment):
    """The clock stands still; also that of the models' defaults, which know `now` by itself."""

    class Still(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    with mock.patch.object(timezone, "datetime", Still):
        yield
