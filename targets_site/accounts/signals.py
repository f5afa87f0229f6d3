"""Signing in, failing to, and signing out stand in the trail."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from targets_site.accounts.actions.locks import count_failure, forget_failures, known_name
from targets_site.accounts.models import User
from targets_site.accounts.passwords import spent
from targets_site.accounts.sessions import session_of
from targets_site.audit.actions import record
from targets_site.audit.context import current_actor

REMIND_BEFORE = datetime.timedelta(days=7)


@receiver(user_logged_in)
def record_login(user: User, **_sent: Any) -> None:
    _record("login", user.username, by=user.username)


@receiver(user_logged_in)
def begin_session(request: HttpRequest, **_sent: Any) -> None:
    session_of(request).begin(request)


@receiver(user_logged_in)
def spend_one_time_password(user: User, request: HttpRequest, **_sent: Any) -> None:
    """It opens nothing from now on: what is left is this session, in which the person chooses a
    password. Of two logins at once only one spends it; the other one's session then fails."""
    if not user.must_change_password or not user.has_usable_password():
        return
    encoded = spent(user.password)
    mine = User.objects.filter(pk=user.pk, password=user.password).update(password=encoded)
    if mine:
        user.password = encoded
        request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()


@receiver(user_logged_out)
def record_logout(user: User | None, **_sent: Any) -> None:
    """`user` is None where the session had ended before."""
    if user is not None:
        _record("logout", user.username, by=user.username)


@receiver(user_logged_in)
def remind_of_old_password(user: User, request: HttpRequest, **_sent: Any) -> None:
    """In the week before it has to be changed."""
    ends_at = user.password_ends_at
    if ends_at is None or not timezone.now() < ends_at <= timezone.now() + REMIND_BEFORE:
        return
    last_day = timezone.localdate(ends_at) - datetime.timedelta(days=1)
    said = _("Your password is good until %(day)s. Change it in time.") % {"day": last_day}
    # Where no browser signs in there is nobody to tell.
    messages.info(request, said, fail_silently=True)


@receiver(user_logged_in)
def forget_failures_before(user: User, **_sent: Any) -> None:
    """The login is complete."""
    forget_failures(user)


@receiver(user_login_failed)
def record_failed_login(credentials: Mapping[str, Any], **_sent: Any) -> None:
    """In the trail, and towards the lock; of the names only those of users are written down. What
    failed after the right password says at which step."""
    typed = str(credentials.get("username", ""))
    steps = {"one_time_token": "code", "recovery_token": "recovery_code"}
    step = next((step for given, step in steps.items() if given in credentials), "")
    with transaction.atomic():
        _record("login_failed", known_name(typed), after={"step": step} if step else None)
        count_failure(username=typed, address=current_actor().ip)


def _record(
    action: str, username: str, *, by: str = "", after: Mapping[str, str] | None = None
) -> None:
    with transaction.atomic():
        record(action, f"user:{username}", by=by, after=after)
