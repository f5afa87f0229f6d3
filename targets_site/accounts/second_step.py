"""Between the two steps of a login: who gave the right password, kept for five minutes in a session
that nobody is signed in to."""

import time
from typing import Any

from django.http import HttpRequest
from django_otp import DEVICE_ID_SESSION_KEY

from targets_site.accounts.models import User

KEY = "second_step"
SECONDS = 5 * 60


def begin(request: HttpRequest, user: User, *, wanted: str) -> None:
    """wanted: the address to go to afterwards, or empty. The session gets a new id."""
    request.session.cycle_key()
    request.session[KEY] = {
        "user": user.pk,
        "stamp": user.get_session_auth_hash(),
        "until": time.time() + SECONDS,
        "wanted": wanted,
    }


def waiting_user(request: HttpRequest) -> User | None:
    """Who may give a code now; None where nobody gave a password, where it is too long ago, or the
    account, its password or its factor is another one by now."""
    kept: dict[str, Any] = request.session.get(KEY) or {}
    if not kept or kept["until"] <= time.time():
        return None
    user = User.objects.filter(
        pk=kept["user"], is_active=True, second_factor_since__isnull=False
    ).first()
    if user is None or user.one_time_password_is_over:
        return None
    return user if user.get_session_auth_hash() == kept["stamp"] else None


def end(request: HttpRequest) -> str:
    """The address that was wanted, or empty."""
    return str((request.session.pop(KEY, None) or {}).get("wanted", ""))


def had_both_steps(request: HttpRequest) -> bool:
    """Whether the session came of a code, or has set the factor up."""
    return DEVICE_ID_SESSION_KEY in request.session
