"""E-mail reminders of rounds, where the installation sends e-mail at all.

A mail cannot be sent exactly once: a machine may stop between the sending and the note of it. The
row that says "reminded" is therefore stored first and the mail sent after it. Two runs at once
never send twice, since the row is unique; where sending fails, the row is taken back and the next
run tries again; where the machine stops in between, that one reminder is lost rather than doubled.
"""

import datetime
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from indicators.actions.rounds import about
from indicators.enums import ReminderKind
from indicators.models import Reminder, Round
from indicators.queries.completeness import batched
from indicators.queries.owed import OwedRow, asked_rows, missing_rows
from targets_site.accounts.models import User
from targets_site.audit.actions import record

logger = logging.getLogger(__name__)

ROUNDS_AT_A_TIME = 20
# Servers end a connection after so many messages; a fresh one costs little.
MAILS_A_CONNECTION = 50
# A mail lists this many lines; the page lists all.
LISTED = 20
# What the server has against one message says nothing about the next.
OF_ONE_MESSAGE = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)


@dataclass
class Run:
    """What came of one run. is_configured: whether there is e-mail at all."""

    is_configured: bool = True
    sent: int = 0
    failed: int = 0
    broke_off: bool = False


@dataclass(frozen=True)
class Wanted:
    """A person to be reminded of a round, of what the person's departments owe."""

    round: Round
    person: User
    kind: ReminderKind
    rows: tuple[OwedRow, ...]
    due_at: datetime.datetime


def send_reminders(*, moment: datetime.datetime | None = None) -> Run:
    """Remind everybody whose departments owe something and who has an address: once when a round
    has opened, once in its last days (REMIND_DAYS_BEFORE), and once when it is overdue.

    Of those that fit, the most urgent is sent, and none once the department can no longer enter.
    Runs again and beside another run without doubling a mail. Where the mail server does not
    answer, the run breaks off and the next one goes on.
    """
    if not settings.EMAIL_HOST:
        return Run(is_configured=False)
    now = moment or timezone.now()
    run = Run()
    backend = get_connection()
    try:
        for number, wanted in enumerate(_wanted(now)):
            if number % MAILS_A_CONNECTION == 0:
                backend.close()
                backend.open()
            _send_once(wanted, backend, run)
    except (OSError, SMTPException):
        logger.exception("The mail server does not answer; the next run goes on.")
        run.broke_off = True
    finally:
        backend.close()
    return run


def _wanted(moment: datetime.datetime) -> Iterator[Wanted]:
    """Who is to be reminded now and was not yet, by round and user name."""
    still_open = Q(closes_at__gt=moment) | Q(exceptions__until__gt=moment)
    ids = (
        Round.objects.filter(still_open, opens_at__lte=moment)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for some in batched(ids.distinct(), ROUNDS_AT_A_TIME):
        rounds = Round.objects.filter(pk__in=some)
        yield from _wanted_of(rounds.select_related("area").prefetch_related("year_rows"), moment)


def _wanted_of(rounds: Iterable[Round], moment: datetime.datetime) -> Iterator[Wanted]:
    rounds = list(rounds)
    asked_years = [(one, year) for one in rounds for year in one.years]
    by_person: dict[tuple[Round, User], list[OwedRow]] = defaultdict(list)
    for row in missing_rows(asked_rows(asked_years, moment=moment)):
        if moment < max(row.round.closes_at, row.due_at):
            for person in row.holders:
                by_person[row.round, person].append(row)
    reminded = set(Reminder.objects.filter(round__in=rounds).values_list("round", "person", "kind"))
    for (one, person), rows in by_person.items():
        due_at = _deadline(rows)
        kind = _kind(due_at, moment)
        if person.email and (one.pk, person.pk, kind) not in reminded:
            yield Wanted(one, person, kind, tuple(rows), due_at)


def _deadline(rows: Iterable[OwedRow]) -> datetime.datetime:
    """The first one; that of a material only where nothing else is owed, since each kind of
    reminder is sent once."""
    materials = [row.due_at for row in rows if row.year is None]
    others = [row.due_at for row in rows if row.year is not None]
    return min(others or materials)


def _kind(due_at: datetime.datetime, moment: datetime.datetime) -> ReminderKind:
    if moment >= due_at:
        return ReminderKind.OVERDUE
    if moment >= due_at - datetime.timedelta(days=settings.REMIND_DAYS_BEFORE):
        return ReminderKind.DUE_SOON
    return ReminderKind.OPENED


def _send_once(wanted: Wanted, backend: BaseEmailBackend, run: Run) -> None:
    """Raises what the mail server raises where it would refuse every other message too."""
    message = _message(wanted, backend)
    reminder = _claim(wanted)
    if reminder is None:
        return
    try:
        message.send()
    except OF_ONE_MESSAGE as error:
        _take_back(reminder, error)
        logger.warning("The mail server refused a reminder: %s", type(error).__name__)
        run.failed += 1
    except BaseException as error:
        _take_back(reminder, error)
        raise
    else:
        run.sent += 1


def _claim(wanted: Wanted) -> Reminder | None:
    """The row that says "reminded"; None where another run has stored it."""
    try:
        with transaction.atomic():
            reminder = Reminder.objects.create(
                round=wanted.round, person=wanted.person, kind=wanted.kind
            )
            _record("remind", reminder)
            return reminder
    except IntegrityError:
        return None


@transaction.atomic
def _take_back(reminder: Reminder, error: BaseException) -> None:
    _record("remind_failed", reminder, reason=type(error).__name__)
    reminder.delete()


def _record(action: str, reminder: Reminder, *, reason: str = "") -> None:
    """The entry names the person; the address stands with the account and its own entries."""
    after = {"person": reminder.person.username, "kind": reminder.kind}
    record(action, about(reminder.round), after=after, reason=reason)


def _message(wanted: Wanted, backend: BaseEmailBackend) -> EmailMessage:
    """In Chinese: a job knows nobody's choice of language."""
    with override(settings.LANGUAGE_CODE):
        subjects = {
            ReminderKind.OPENED: _("Round opened: %(name)s"),
            ReminderKind.DUE_SOON: _("Due soon: %(name)s"),
            ReminderKind.OVERDUE: _("Overdue: %(name)s"),
        }
        return EmailMessage(
            subject=subjects[wanted.kind] % {"name": wanted.round.name},
            body=render_to_string(
                "indicators/mail/reminder.txt",
                {
                    "wanted": wanted,
                    "departments": _names(wanted.rows),
                    "rows": wanted.rows[:LISTED],
                    "more": max(0, len(wanted.rows) - LISTED),
                    "site_url": settings.SITE_URL,
                },
            ),
            to=[wanted.person.email],
            connection=backend,
        )


def _names(rows: Iterable[OwedRow]) -> str:
    return "、".join(dict.fromkeys(row.department.name for row in rows))
