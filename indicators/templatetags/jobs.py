"""How long something takes or waits, in words: `{% load jobs %}`."""

import datetime

from django import template
from django.utils.translation import gettext, ngettext

from indicators.models import Job

register = template.Library()

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60


@register.filter
def duration(seconds: int) -> str:
    """In the largest unit that says enough: `40 seconds`, `3 minutes`, `2 hours`, `4 days`."""
    if seconds < 2 * MINUTE:
        number = int(seconds)
        form = ngettext("%(number)s second", "%(number)s seconds", number)
    elif seconds < 2 * HOUR:
        number = int(seconds / MINUTE)
        form = ngettext("%(number)s minute", "%(number)s minutes", number)
    elif seconds < 2 * DAY:
        number = int(seconds / HOUR)
        form = ngettext("%(number)s hour", "%(number)s hours", number)
    else:
        number = int(seconds / DAY)
        form = ngettext("%(number)s day", "%(number)s days", number)
    return form % {"number": number}


@register.filter
def time_left(job: Job, now: datetime.datetime) -> str:
    """`about 2 minutes left`; empty while nobody can tell."""
    left = job.time_left(now=now)
    if left is None:
        return ""
    if left.total_seconds() < MINUTE:
        return gettext("less than a minute left")
    if left.total_seconds() < 2 * MINUTE:
        return gettext("about a minute left")
    return gettext("about %(duration)s left") % {"duration": duration(int(left.total_seconds()))}
