"""One mail a day and person with all that the person was not told yet, where the installation sends
e-mail at all.

A mail cannot be sent exactly once: a machine may stop between the sending and the note of it. The
rows that say "mailed" are therefore stored first and the mail sent after it. Two runs at once
never send twice, since they wait for each other at the person's row; where sending fails, the
rows are taken back and the next run tries again; where the machine stops in between, that one mail
is lost rather than doubled, and the notices stand in the site.
"""

import datetime
import logging
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from indicators.models import Notice
from indicators.queries.digests import Digest, digests
from targets_site.accounts.models import User
from targets_site.audit.actions import record

logger = logging.getLogger(__name__)

# Servers end a connection after so many messages; a fresh one costs little.
MAILS_A_CONNECTION = 50
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
class _Claimed:
    """Notices (ids) whose rows say that they were mailed to the person at this moment."""

    person: User
    ids: tuple[int, ...]
    moment: datetime.datetime


def send_digests(moment: datetime.datetime | None = None) -> Run:
    """Mail everybody with an address the notices that were neither read nor mailed, in one mail
    and at most one a day.

    What is still owed of a round is looked up anew; a round that the person owes nothing any more
    is left out. Runs again and beside another run without doubling a mail. Where the mail server
    does not answer, the run breaks off and the next one goes on.
    """
    if not settings.EMAIL_HOST:
        return Run(is_configured=False)
    now = moment or timezone.now()
    run = Run()
    backend = get_connection()
    try:
        for number, digest in enumerate(digests(now)):
            if number % MAILS_A_CONNECTION == 0:
                backend.close()
                backend.open()
            _send_once(digest, backend, run, moment=now)
    except (OSError, SMTPException):
        logger.exception("The mail server does not answer; the next run goes on.")
        run.broke_off = True
    finally:
        backend.close()
    return run


def _send_once(
    digest: Digest, backend: BaseEmailBackend, run: Run, *, moment: datetime.datetime
) -> None:
    """Raises what the mail server raises where it would refuse every other message too."""
    message = _message(digest, backend)
    claimed = _claim(digest, moment)
    if claimed is None:
        return
    try:
        message.send()
    except OF_ONE_MESSAGE as error:
        _take_back(claimed, error)
        logger.warning("The mail server refused a mail of notices: %s", type(error).__name__)
        run.failed += 1
    except BaseException as error:
        _take_back(claimed, error)
        raise
    else:
        run.sent += 1


@transaction.atomic
def _claim(digest: Digest, moment: datetime.datetime) -> _Claimed | None:
    """Store that the notices are mailed; None where another run has mailed the person today."""
    person = User.objects.select_for_update(no_key=True).get(pk=digest.person.pk)
    own = Notice.objects.of_person(person)
    if own.mailed_on(timezone.localdate(moment)).exists():
        return None
    claimed = _Claimed(person, tuple(line.notice.pk for line in digest.lines), moment)
    own.unseen().filter(pk__in=claimed.ids).update(mailed_at=moment)
    _record("mail_notices", claimed)
    return claimed


@transaction.atomic
def _take_back(claimed: _Claimed, error: BaseException) -> None:
    Notice.objects.filter(pk__in=claimed.ids, mailed_at=claimed.moment).update(mailed_at=None)
    _record("mail_notices_failed", claimed, reason=type(error).__name__)


def _record(action: str, claimed: _Claimed, *, reason: str = "") -> None:
    """The entry names the person; the address stands with the account and its own entries."""
    about = f"user:{claimed.person.username}"
    record(action, about, after={"notices": len(claimed.ids)}, reason=reason)


def _message(digest: Digest, backend: BaseEmailBackend) -> EmailMessage:
    """In Chinese: a job knows nobody's choice of language."""
    with override(settings.LANGUAGE_CODE):
        return EmailMessage(
            subject=_subject(digest),
            body=render_to_string(
                "indicators/mail/notices.txt", {"digest": digest, "site_url": settings.SITE_URL}
            ),
            to=[digest.person.email],
            connection=backend,
        )


def _subject(digest: Digest) -> str:
    first = digest.lines[0].title
    if len(digest.lines) == 1:
        return first
    return _("%(number)s notices: %(first)s and more") % {
        "number": len(digest.lines),
        "first": first,
    }
