"""How times are said on the pages of entry; `{% load entry %}`."""

import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def moment(at: datetime.datetime) -> str:
    """14:03 for today, else with the day: 03-12 14:03, 2025-03-12 14:03."""
    local, today = timezone.localtime(at), timezone.localdate()
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


@register.filter
def time_left(until: datetime.datetime, now: datetime.datetime) -> str:
    """Until a deadline or since: `9 days left`, `5 hours left`, `overdue for 3 days`."""
    distance = abs(until - now)
    hours = int(distance.total_seconds()) // 3600
    if distance.days:
        long = ngettext("%(n)s day", "%(n)s days", distance.days) % {"n": distance.days}
    elif hours:
        long = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    else:
        long = _("less than an hour")
    form = _("%(time)s left") if until > now else _("overdue for %(time)s")
    return form % {"time": long}
