"""How people prove who they are: by a password, and by a second factor after it."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from targets_site.accounts.actions.locks import is_locked
from targets_site.accounts.actions.second_factor import use_code, use_recovery_code
from targets_site.accounts.demo import is_demo, is_tryout
from targets_site.accounts.models import User
from targets_site.audit.context import current_actor


def opens(user: User) -> bool:
    """Whether the account is in use; one of the try-out is so nowhere else, as where somebody
    copied its database."""
    return user.is_active and (is_tryout() or not is_demo(user))


class GuardedBackend(ModelBackend):
    """Django's, behind the lock: where failures have locked the name or the address, the right
    password opens nothing either.

    For the right password of a suspended account it gives the person, so that the login can say
    why it opens nothing; no session becomes of it.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> User | None:
        if username is None or password is None:
            return None
        self._check(username)
        user: User | None = super().authenticate(request, username, password, **more)
        if user is not None:
            # The failures of others, tried at the same time, may have locked it meanwhile.
            self._check(username)
        return user

    def user_can_authenticate(self, user: User | None) -> bool:  # type: ignore[override]
        return user is not None and (user.is_suspended or opens(user))

    def get_user(self, user_id: int) -> User | None:
        user: User | None = super().get_user(user_id)
        return user if user is not None and opens(user) else None

    def _check(self, username: str) -> None:
        if is_locked(username=username, address=current_actor().ip):
            raise PermissionDenied


class SecondFactorBackend(GuardedBackend):
    """The second step of a login, for `authenticate(request, username=…, one_time_token=…)` or
    `recovery_token=…`, which only pages call that know the person by his password.

    Behind the same lock; and through `authenticate` a wrong code is a failed login like a wrong
    password.
    """

    def authenticate(  # type: ignore[override]
        self,
        request: HttpRequest | None,
        username: str,
        one_time_token: str = "",
        recovery_token: str = "",
    ) -> User | None:
        self._check(username)
        user = User.objects.filter(username=username).first()
        if user is None or not opens(user):
            return None
        if one_time_token:
            device = use_code(user=user, code=one_time_token)
        else:
            device = use_recovery_code(user=user, code=recovery_token)
        if device is None:
            return None
        # By this the login writes into the session that it had both steps (django_otp).
        user.otp_device = device  # type: ignore[attr-defined]
        return user
