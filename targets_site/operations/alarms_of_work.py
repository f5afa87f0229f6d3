"""Whether the work that waits is being done, and the trail chained: what the database knows."""

import datetime
from collections.abc import Iterator

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from indicators import schedule
from indicators.queries.jobs import health
from targets_site.alarms import Alarm, Facts
from targets_site.audit.models import Entry
from targets_site.audit.protection import is_installed, may_append

# Work is taken up within seconds, and by the sweep within half a minute; a day's import or a nation
# computed anew may hold others up for some minutes.
LONGEST_WAIT_SECONDS = 600
# Chained within a second; the sealer's restart takes some.
LONGEST_UNCHAINED = datetime.timedelta(seconds=60)
# Numbers, from the newest back, among which the sealer looks.
LOOKED_AT = 3000


def work_waits(facts: Facts) -> Iterator[Alarm]:
    said = facts.of(health)
    if said.silent:
        yield Alarm(
            "beat", gettext_noop("The schedule stands still: beat or worker is not at work.")
        )
    for name, seconds, form in (
        ("stale", said.oldest_stale, gettext_noop("Verdicts have waited for %(minutes)s minutes.")),
        ("jobs", said.oldest_waiting, gettext_noop("A job has waited for %(minutes)s minutes.")),
    ):
        if seconds is not None and seconds > LONGEST_WAIT_SECONDS:
            yield Alarm(name, form, {"minutes": seconds // 60})
    if number := said.failed_number + said.given_up_number:
        form = gettext_noop("Jobs and verdicts that were given up: %(number)s.")
        yield Alarm("given_up", form, {"number": number})


def schedule_is_late(facts: Facts) -> Iterator[Alarm]:
    now, runs = timezone.now(), facts.of(health).runs
    for entry in schedule.ENTRIES:
        run = runs.get(entry.name)
        if run is not None and entry.is_late(run, now):
            form = gettext_noop("Overdue in the schedule: %(entry)s.")
            yield Alarm("schedule", form, {"entry": entry.name})
        elif run is not None and run.error:
            form = gettext_noop("Failed in the schedule: %(entry)s.")
            yield Alarm("schedule", form, {"entry": entry.name})


def trail_is_not_chained(_facts: Facts) -> Iterator[Alarm]:
    newest = Entry.objects.aggregate(newest=Max("seq"))["newest"] or 0
    behind = Entry.objects.filter(
        seq__gt=newest - LOOKED_AT,
        link__isnull=True,
        at__lt=timezone.now() - LONGEST_UNCHAINED,
    ).count()
    if behind:
        form = gettext_noop(
            "The sealer is behind: %(number)s entries of the trail are not chained."
        )
        yield Alarm("sealer", form, {"number": behind})


def trail_is_open(_facts: Facts) -> Iterator[Alarm]:
    """Whether it takes entries, without which nothing is stored, and changes, which it must not.
    A role of the database may lose its right, and its owner may switch triggers off."""
    if not may_append():
        yield Alarm("trail", gettext_noop("The trail cannot be written: nothing can be saved."))
    if not is_installed():
        yield Alarm("trail", gettext_noop("The trail is not protected against changes."))


def checks_found_something(_facts: Facts) -> Iterator[Alarm]:
    """By the last night."""
    last = Entry.objects.filter(action="run_checks").order_by("-seq").first()
    for name, number in sorted((last.after or {}).items()) if last else ():
        if number:
            form = gettext_noop("The nightly check %(check)s found %(number)s things wrong.")
            yield Alarm("check", form, {"check": name, "number": number})
