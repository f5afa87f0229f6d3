"""The head of the trail's chain, mailed to the audit administrators each day: who holds it can
prove later what the trail said by then, whatever became of database and files."""

import datetime
import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from indicators.actions.notices.checks import told_of_the_trail
from targets_site.accounts.models import Role
from targets_site.audit.actions import record
from targets_site.audit.chain import Head, head

logger = logging.getLogger(__name__)


def mail_trail_head(moment: datetime.datetime | None = None) -> bool:
    """One mail to all of them. False where the mail server did not take it: to be tried again;
    where there is no e-mail, nobody to mail to, or nothing chained yet, nothing is to be done."""
    last = head()
    people = [each.email for each in told_of_the_trail(Role.AUDIT_ADMIN) if each.email]
    if not settings.EMAIL_HOST or not people or last is None:
        return True
    try:
        _message(last, moment or timezone.now(), people).send()
    except (OSError, SMTPException):
        logger.exception("The mail server did not take the head of the trail.")
        return False
    with transaction.atomic():
        said = {"position": last.position, "seq": last.seq, "hash": last.hash}
        record("mail_trail_head", "trail", after={**said, "people": len(people)})
    return True


def _message(last: Head, moment: datetime.datetime, people: list[str]) -> EmailMessage:
    """In Chinese: the schedule knows nobody's choice of language."""
    with override(settings.LANGUAGE_CODE):
        facts = {"position": last.position, "day": f"{timezone.localdate(moment):%Y-%m-%d}"}
        return EmailMessage(
            subject=_("Head of the trail on %(day)s: position %(position)s") % facts,
            body=render_to_string(
                "indicators/mail/trail_head.txt", {"head": last, "moment": moment}
            ),
            to=people,
        )
