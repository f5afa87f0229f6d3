"""What runs when. Beat, or the embedded mode's thread, only ticks; the database says what is due.

Each moment that an entry is due for (a slot) is claimed by one conditional update, so that two
beats do no harm. Where nothing ticked for a day, the last slot that was missed runs at the next
tick, late but once: none of these would do anything more the second time.
"""

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.actions.expiry import forget_old
from indicators.actions.notices import give_notices, mail_trail_head, run_checks, send_digests
from indicators.actions.questions import find_questions
from indicators.actions.recompute import AlreadyUnderWay, start_full_recompute
from indicators.actions.suspension import look_after_unused_accounts
from indicators.actions.work import work_off_for_a_while
from indicators.models import ScheduledRun
from indicators.queries.jobs import SILENT_AFTER
from targets_site.database_errors import database_failed

logger = logging.getLogger(__name__)

TICK = datetime.timedelta(seconds=30)
# A run that has not ended for so long was killed; whatever it does can be done twice.
LEASE = datetime.timedelta(minutes=30)


class MailServerAway(Exception):
    """Some have not been mailed yet what is new."""


def _recompute(moment: datetime.datetime) -> None:
    try:
        start_full_recompute(by=None)
    except AlreadyUnderWay as other:
        logger.info("The nightly recomputation leaves it to %s.", other.job)


def _notice(moment: datetime.datetime) -> None:
    give_notices(moment=moment)


def _ask(moment: datetime.datetime) -> None:
    find_questions(moment=moment)


def _mail(moment: datetime.datetime) -> None:
    if send_digests(moment=moment).broke_off:
        raise MailServerAway


def _check(moment: datetime.datetime) -> None:
    run_checks(moment=moment)


def _mail_head(moment: datetime.datetime) -> None:
    if not mail_trail_head(moment=moment):
        raise MailServerAway


def _suspend(moment: datetime.datetime) -> None:
    look_after_unused_accounts(moment=moment)


def _forget(moment: datetime.datetime) -> None:
    forget_old(moment=moment)


def _sweep(moment: datetime.datetime) -> None:
    """In the embedded mode a thread of its own sweeps (`drain.py`)."""
    if not settings.EMBEDDED:
        work_off_for_a_while()


@dataclass(frozen=True)
class Entry:
    """Something that runs each day at a time of Shanghai, or at intervals."""

    name: str
    label: Promise
    run: Callable[[datetime.datetime], None]
    at: datetime.time | None = None
    every: datetime.timedelta = datetime.timedelta(days=1)

    @property
    def when(self) -> str:
        """In words."""
        if self.at is not None:
            return gettext("daily at %(time)s") % {"time": f"{self.at:%H:%M}"}
        seconds = int(self.every.total_seconds())
        if seconds == 60 * 60:
            return gettext("each hour")
        return gettext("every %(number)s seconds") % {"number": seconds}

    def slot(self, moment: datetime.datetime) -> datetime.datetime:
        """The last moment up to this one that it was due for."""
        if self.at is None:
            seconds = self.every.total_seconds()
            return datetime.datetime.fromtimestamp(
                moment.timestamp() // seconds * seconds, datetime.UTC
            )
        zone = timezone.get_default_timezone()
        today = moment.astimezone(zone).date()
        due = datetime.datetime.combine(today, self.at, zone)
        return due if due <= moment else due - self.every

    def is_late(self, run: ScheduledRun, now: datetime.datetime) -> bool:
        """Whether its next run is overdue for longer than a tick that has much to do explains."""
        grace = max(SILENT_AFTER, self.every / 4)
        return run.slot + self.every + grace < now


# What is short comes before what may take a while.
ENTRIES = (
    Entry("recompute", _("All verdicts anew"), _recompute, at=datetime.time(2, 30)),
    Entry("checks", _("Trail and issued reports checked"), _check, at=datetime.time(4)),
    # Before the notices, which go to whoever can sign in.
    Entry("suspend", _("Unused accounts suspended"), _suspend, at=datetime.time(0, 30)),
    # Before the mail, which says what is new.
    Entry("notice", _("Notices"), _notice, every=datetime.timedelta(hours=1)),
    Entry("mail", _("Notices by e-mail"), _mail, at=datetime.time(8)),
    Entry("head", _("Head of the trail by e-mail"), _mail_head, at=datetime.time(8, 15)),
    Entry("forget", _("Old previews and files"), _forget, every=datetime.timedelta(hours=1)),
    # At night, since a nation takes minutes.
    Entry("questions", _("Questions about figures"), _ask, at=datetime.time(3, 30)),
    Entry("sweep", _("Stale verdicts and waiting jobs"), _sweep, every=TICK),
)


def tick(*, moment: datetime.datetime | None = None) -> list[str]:
    """Run what is due and nobody else has claimed; returns the names of what ran here.

    What fails is logged, noted on its row and tried again after LEASE, a few times. Raises
    OperationalError or InterfaceError when the database fails: the entries after it run with the
    next tick, itself after LEASE, as what was killed.
    """
    moment = moment or timezone.now()
    return [entry.name for entry in ENTRIES if _run_if_due(entry, moment)]


def _run_if_due(entry: Entry, moment: datetime.datetime) -> bool:
    slot = entry.slot(moment)
    if not _claim(entry, slot, moment):
        return False
    mine = ScheduledRun.objects.filter(name=entry.name, slot=slot, claimed_at=moment)
    try:
        entry.run(moment)
    except Exception as error:  # the other entries are due whatever this one met
        if database_failed(error):
            raise
        logger.exception("%s of the schedule failed.", entry.name)
        mine.update(error=repr(error)[:1000])
    else:
        mine.update(finished_at=timezone.now(), error="")
    return True


def _claim(entry: Entry, slot: datetime.datetime, moment: datetime.datetime) -> bool:
    """Whether the slot is this process's to run. What the schedule has never seen begins with its
    next slot: a new installation owes nothing."""
    seen, is_new = ScheduledRun.objects.get_or_create(
        name=entry.name, defaults={"slot": slot, "finished_at": moment}
    )
    # A slot that lies further ahead was run before the clock was put back.
    ahead = slot + entry.every
    if is_new or (slot <= seen.slot <= ahead and seen.finished_at is not None):
        return False
    rows = ScheduledRun.objects.filter(name=entry.name)
    if rows.filter(Q(slot__lt=slot) | Q(slot__gt=ahead)).update(
        slot=slot, claimed_at=moment, finished_at=None, attempts=1, error=""
    ):
        return True
    was_killed = rows.filter(
        slot=slot,
        finished_at__isnull=True,
        claimed_at__lt=moment - LEASE,
        attempts__lt=ScheduledRun.MAX_ATTEMPTS,
    )
    return bool(was_killed.update(claimed_at=moment, attempts=F("attempts") + 1))
