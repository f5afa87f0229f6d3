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

    class Any(type):
        def __instancecheck__(cls, instance):
            return isinstance(instance, datetime.datetime)

    class Still(datetime.datetime, metaclass=Any):
        # Templates ask what a moment is, too, before they show it as of here.
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    with mock.patch.object(timezone, "datetime", Still):
        yield
