"""What is done with rounds, and the moment from which they are seen."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from indicators.actions.rounds import change_round, grant_exception, read_mark

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 1, 9, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def refused(do, *args, **options):
    """What an action found wrong, by field."""
    with pytest.raises(ValidationError) as caught:
        do(*args, **options)
    return {field: messages[0] for field, messages in caught.value.message_dict.items()}


def change(one, *, by, **fields):
    usual = {
        "name": one.name,
        "due_at": one.due_at,
        "closes_at": one.closes_at,
        "read": read_mark(one),
    }
    return change_round(round=one, by=by, **usual | fields)


def except_until(one, department, until, *, by, reason="系统升级"):
    return grant_exception(round=one, department=department, until=until, reason=reason, by=by)
