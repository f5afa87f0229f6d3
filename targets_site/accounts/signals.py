"""Signing in, failing to, and signing out stand in the trail."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from targets_site.accounts.models import User
from targets_site.accounts.passwords import spent
from targets_site.audit.actions import record

# No user name can be so: it has brackets.
UNKNOWN = "(unknown)"


@receiver(user_logged_in)
def record_login(user: User, **_sent: Any) -> None:
    _record("login", user.username, by=user.username)


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


@receiver(user_login_failed)
def record_failed_login(credentials: Mapping[str, Any], **_sent: Any) -> None:
    """Only names of users are written down: people also type their password there."""
    typed = str(credentials.get("username", ""))
    # PostgreSQL refuses to look for NUL.
    exists = "\x00" not in typed and User.objects.filter(username=typed).exists()
    _record("login_failed", typed if exists else UNKNOWN)


def _record(action: str, username: str, *, by: str = "") -> None:
    with transaction.atomic():
        record(action, f"user:{username}", by=by)
