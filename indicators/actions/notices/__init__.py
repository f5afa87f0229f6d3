"""Telling people what concerns them: in the site, and in one mail a day where there is e-mail."""

from indicators.actions.notices.giving import give_notices
from indicators.actions.notices.mailing import Run, send_digests
from indicators.actions.notices.reading import mark_all_read, mark_read

__all__ = ["Run", "give_notices", "mark_all_read", "mark_read", "send_digests"]
