"""What a job does, how far it is, how long that takes and what came of it, in words:
`{% load jobs %}`."""

import datetime

from django import template
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from indicators.enums import ImportState, JobKind, JobState
from indicators.models import Import, Job
from indicators.models.jobs import WORKER_LOST
from indicators.queries.jobs import Health
from targets_site.templatetags.shown import MISSING

register = template.Library()

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
# What is said where this stands in the text of an error; the first that does.
REASONS = (
    (WORKER_LOST, _("The worker died several times while it was at it.")),
    ("MemoryError", _("The server had too little memory; give it more, then try again.")),
    ("out of memory", _("The server had too little memory; give it more, then try again.")),
    ("No space left", _("The disk of the server is full; make room, then try again.")),
    ("DiskFull", _("The disk of the server is full; make room, then try again.")),
    ("statement timeout", _("The database stopped it, because it took longer than it may.")),
)


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
        JobKind.EXPORT: gettext("%(done)s of %(all)s rows"),
    }
    form = forms.get(JobKind(job.kind)) or gettext("%(done)s of %(all)s")
    return form % {"done": job.done, "all": job.total}


@register.filter
def outcome(job: Job, imported: Import | None) -> str:
    """What came of it; of one that goes on, how far it is. imported: what it reads or stores."""
    if job.kind == JobKind.IMPORT:
        return _outcome_of_import(job, imported)
    if job.kind == JobKind.RECOMPUTE and job.state == JobState.DONE:
        said = {"number": job.result.get("verdicts", 0)}
        return gettext("Verdicts changed: %(number)s") % said
    return counts(job)


def _outcome_of_import(job: Job, imported: Import | None) -> str:
    if job.is_open:
        return counts(job)
    if job.state != JobState.DONE:
        return gettext("Nothing was stored")
    if "stored" in job.result:
        number = job.result["stored"]
        form = ngettext("%(number)s figure stored", "%(number)s figures stored", number)
        return form % {"number": number}
    if job.result.get("problems_found"):
        return _why_refused(job.result.get("refused", 0))
    if job.parameters.get("step") == "store":
        return gettext("Nothing was stored: figures had changed since the preview")
    if imported and imported.state == ImportState.PREVIEWED:
        return gettext("Preview to be confirmed")
    return gettext("Read to a preview")


def _why_refused(lines: int) -> str:
    if not lines:
        return gettext("Not imported: the file cannot be read as a table")
    form = ngettext(
        "Not imported: %(number)s line is wrong", "Not imported: %(number)s lines are wrong", lines
    )
    return form % {"number": lines}


@register.filter
def reason(error: str) -> str:
    """Why something failed, for people; the text of the error says more to technicians."""
    for sign, words in REASONS:
        if sign in error:
            return str(words)
    return gettext(
        "An error in the program: trying again may well fail again. Pass the technical details "
        "below on to technical support."
    )


@register.simple_tag
def to_see_to(health: Health, entries: int) -> str:
    """`2 jobs, 2 verdicts to be seen to`. entries: of the schedule, those that failed or are
    late."""
    counted = [
        (health.failed_number, ngettext("%(number)s job", "%(number)s jobs", health.failed_number)),
        (
            health.given_up_number,
            ngettext("%(number)s verdict", "%(number)s verdicts", health.given_up_number),
        ),
        (
            entries,
            ngettext(
                "%(number)s entry of the schedule", "%(number)s entries of the schedule", entries
            ),
        ),
    ]
    what = [form % {"number": number} for number, form in counted if number]
    return gettext("%(what)s to be seen to") % {"what": pgettext("list", ", ").join(what)}


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
    if seconds < 1:
        return gettext("less than a second")
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
