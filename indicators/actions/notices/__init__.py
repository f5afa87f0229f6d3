"""Telling people what concerns them: in the site, and in one mail a day where there is e-mail."""

from indicators.actions.notices.checks import run_checks
from indicators.actions.notices.giving import give_notices
from indicators.actions.notices.mailing import Run, send_digests
from indicators.actions.notices.reading import mark_all_read, mark_read
from indicators.actions.notices.trail_head import mail_trail_head

__all__ = [
    "Run",
    "give_notices",
    "mail_trail_head",
    "mark_all_read",
    "mark_read",
    "run_checks",
    "send_digests",
]
