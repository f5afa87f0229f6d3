"""What a job does, how far it is and how long that takes, in words: `{% load jobs %}`."""

import datetime

from django import template
from django.utils.translation import gettext, ngettext

from indicators.enums import JobKind
from indicators.models import Job
from targets_site.templatetags.shown import MISSING

register = template.Library()

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60


@register.filter
def job_name(job: Job) -> str:
    """What it does: `Recomputing verdicts · 460000`."""
    said = [job.parameters.get("area"), job.parameters.get("as_of")]
    return " · ".join([_what(job), *(str(each) for each in said if each)])


def _what(job: Job) -> str:
    if job.kind != JobKind.IMPORT:
        return str(job.get_kind_display())
    if job.parameters.get("step") == "store":
        return gettext("Storing an imported file")
    return gettext("Reading an imported file")


@register.filter
def counts(job: Job) -> str:
    """How far it is, in the unit of its kind; an em dash where nobody knows."""
    if job.total is None:
        return str(job.done) if job.done else MISSING
    forms = {
        JobKind.RECOMPUTE: gettext("%(done)s of %(all)s areas"),
        JobKind.IMPORT: gettext("%(done)s of %(all)s lines"),
    }
    form = forms.get(JobKind(job.kind)) or gettext("%(done)s of %(all)s")
    return form % {"done": job.done, "all": job.total}


@register.filter
def progress(job: Job, now: datetime.datetime) -> str:
    """`3120 of 3221 areas, about 2 minutes left`."""
    left = job.time_left(now=now)
    if left is None:
        return counts(job)
    said = {"counts": counts(job), "left": left_in_words(left.total_seconds())}
    return gettext("%(counts)s, %(left)s") % said


def left_in_words(seconds: float) -> str:
    if seconds < MINUTE:
        return gettext("less than a minute left")
    if seconds < 2 * MINUTE:
        return gettext("about a minute left")
    return gettext("about %(duration)s left") % {"duration": duration(seconds)}


@register.filter
def duration(seconds: float) -> str:
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
