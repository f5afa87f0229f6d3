"""What is said where a session has ended."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from targets_site.accounts.models import Ended
from targets_site.accounts.sessions import session_of


def why_ended(ended: str | None) -> str:
    """For the person who was signed in; empty where it is no reason."""
    if ended == Ended.IDLE:
        minutes = settings.SESSION_IDLE_MINUTES
        return ngettext(
            "Your session has ended: nothing was done in it for %(minutes)s minute.",
            "Your session has ended: nothing was done in it for %(minutes)s minutes.",
            minutes,
        ) % {"minutes": minutes}
    if ended == Ended.TOO_LONG:
        hours = settings.SESSION_HOURS
        return ngettext(
            "Your session has ended: one signs in anew after %(hours)s hour.",
            "Your session has ended: one signs in anew after %(hours)s hours.",
            hours,
        ) % {"hours": hours}
    if ended == Ended.GONE:
        return _("Your session has ended: you signed out, or it was ended elsewhere.")
    return ""


def not_signed_in(request: HttpRequest) -> str:
    """Why the request was not answered, where nobody is signed in."""
    return why_ended(session_of(request).ended) or _("You are not signed in.")
