"""The second factor of a person: setting it up, using it up code by code, and taking it off.

Whoever changes it locks the person's row; whoever uses it, the row of the authenticator, so that of
two who bring the same code at once one comes second.
"""

import datetime
import math
import time

from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP

from targets_site.accounts.access import NotAllowed
from targets_site.accounts.actions.sessions import end_sessions, end_sessions_with
from targets_site.accounts.actions.tokens import end_tokens
from targets_site.accounts.models import Authenticator, RecoveryCode, User
from targets_site.accounts.rights import needs_second_factor
from targets_site.audit.actions import record

RECOVERY_CODES = 10


class AlreadySetUp(Exception):
    """The person has one; it is taken off before the next."""


class WrongCode(Exception):
    """It is not what the key shows now."""


@transaction.atomic
def set_up(
    *, user: User, key: str, code: str, keep: str | None = None
) -> tuple[Authenticator, list[str]]:
    """Sign in with this key from now on; all tokens end, and sessions but the one with the key
    `keep`, in which the person does it.

    key: in hexadecimal; code: six digits that the app shows for it, used hereby. Returns the
    recovery codes too, which are in no other place. Raises AlreadySetUp, WrongCode.
    """
    _lock(user)
    if user.second_factor_since is not None:
        raise AlreadySetUp
    authenticator = Authenticator(user=user, name="app", key=key)
    authenticator.last_t = _step_of(code, authenticator)
    authenticator.save()
    user.second_factor_since = timezone.now()
    user.save(update_fields=["second_factor_since"])
    record("set_up_second_factor", _about(user), by=user.username)
    end_tokens(user=user, by=user, reason="set_up_second_factor")
    end_sessions(user=user, by=user, reason="set_up_second_factor", keep=keep)
    return authenticator, _draw_codes(user)


@transaction.atomic
def make_recovery_codes(*, user: User) -> list[str]:
    """New ones, which are in no other place; those of before open nothing any more.

    Raises NotAllowed without a second factor.
    """
    _lock(user)
    if user.second_factor_since is None:
        raise NotAllowed("There is no second factor to recover.")
    record("make_recovery_codes", _about(user), by=user.username)
    return _draw_codes(user)


@transaction.atomic
def turn_off(*, user: User, keep: str | None = None) -> None:
    """By the person; tokens and sessions end as in `set_up`. Raises NotAllowed where a post asks
    for one."""
    _lock(user)
    if needs_second_factor(user):
        raise NotAllowed("A post of today asks for a second factor.")
    record("end_second_factor", _about(user), by=user.username)
    take_off(user=user, by=user, reason="end_second_factor", keep=keep)


def take_off(*, user: User, by: User, role: str = "", reason: str, keep: str | None = None) -> None:
    """Without any factor from now on: key and recovery codes are deleted, tokens end, and sessions
    but the one with the key `keep`. For the actions that record who decided so, of a locked
    person."""
    Authenticator.objects.filter(user=user).delete()
    RecoveryCode.objects.of_user(user).delete()
    user.second_factor_since = None
    user.save(update_fields=["second_factor_since"])
    end_tokens(user=user, by=by, reason=reason)
    end_sessions_with(user=user, by=by.username, role=role, reason=reason, keep=keep)


@transaction.atomic
def use_code(*, user: User, code: str) -> Authenticator | None:
    """The authenticator whose code this is, used hereby; None where it is wrong, of another time
    or used before, or comes too soon after a failure (`seconds_to_wait`)."""
    authenticator = _locked_authenticator(user)
    is_right = authenticator is not None and authenticator.verify_token(code)
    return authenticator if is_right else None


@transaction.atomic
def use_recovery_code(*, user: User, code: str) -> Authenticator | None:
    """As `use_code`, with one of the codes on paper in place of the app."""
    authenticator = _locked_authenticator(user)
    if authenticator is None or not authenticator.verify_is_allowed()[0]:
        return None
    digest = RecoveryCode.digest_of(code)
    left = RecoveryCode.objects.of_user(user).left()
    if not left.filter(digest=digest).update(used_at=timezone.now()):
        authenticator.throttle_increment()
        return None
    authenticator.throttle_reset()
    record("use_recovery_code", _about(user), by=user.username, after={"left": left.count()})
    return authenticator


def seconds_to_wait(user: User) -> int:
    """Until the next code is looked at, after failures; 0: now."""
    authenticator = Authenticator.objects.filter(user=user).first()
    if authenticator is None:
        return 0
    is_allowed, why = authenticator.verify_is_allowed()
    if is_allowed:
        return 0
    left: datetime.timedelta = why["locked_until"] - timezone.now()
    return max(1, math.ceil(left.total_seconds()))


def _lock(user: User) -> None:
    locked = User.objects.select_for_update(no_key=True)
    user.refresh_from_db(fields=["second_factor_since"], from_queryset=locked)


def _locked_authenticator(user: User) -> Authenticator | None:
    found: Authenticator | None = (
        Authenticator.objects.select_for_update().filter(user=user).first()
    )
    return found


def _step_of(code: str, authenticator: Authenticator) -> int:
    """In which half minute the code is shown; raises WrongCode where it is none of those around
    now."""
    totp = TOTP(authenticator.bin_key, step=authenticator.step, digits=authenticator.digits)
    totp.time = time.time()
    if not totp.verify(int(code), tolerance=authenticator.tolerance):
        raise WrongCode
    return int(totp.t())


def _draw_codes(user: User) -> list[str]:
    RecoveryCode.objects.of_user(user).delete()
    codes = [RecoveryCode.drawn() for _each in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=RecoveryCode.digest_of(code)) for code in codes
    )
    return codes


def _about(user: User) -> str:
    return f"user:{user.username}"
