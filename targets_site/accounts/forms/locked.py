"""What doors say that failures have locked."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from targets_site.accounts.actions.locks import is_locked
from targets_site.audit.context import current_actor


def error_of_lock(username: str) -> ValidationError | None:
    """The same for whoever has the name, or nobody; None where neither it nor the address that
    asks is locked."""
    if not is_locked(username=username, address=current_actor().ip):
        return None
    said = _(
        "Signing in failed too often. Try again in %(minutes)s minutes, or ask your system "
        "administrator to unlock the account."
    )
    return ValidationError(said % {"minutes": settings.LOGIN_LOCK_MINUTES}, code="locked")
