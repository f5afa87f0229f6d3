"""Locking what fails too often to sign in, and unlocking it.

A door that asks for a password, a code or a token asks `is_locked` first, tells `count_failure` of
each failure (Django's signal `user_login_failed` does) and `forget_failures` of a login that is
complete (`user_logged_in` does). All in the database, so that it holds without Redis.
"""

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from targets_site.accounts.actions.accounts import locked_account
from targets_site.accounts.models import LockKind, LoginFailures, Role, User
from targets_site.accounts.models.locks import address_subject, name_subject
from targets_site.audit.actions import record

# No user name can be so: it has brackets.
UNKNOWN = "(unknown)"


class NotLocked(Exception):
    """The account is not locked, or no longer."""


def is_locked(*, username: str, address: str) -> bool:
    """Whether nobody signs in under this name, or from this address, whatever he knows. One query,
    the same for names that no user has. address: empty where there is none."""
    by_name = Q(kind=LockKind.ACCOUNT, subject=name_subject(username))
    by_address = Q(kind=LockKind.ADDRESS, subject=address_subject(address))
    return LoginFailures.objects.locked().filter(by_name | by_address).exists()


def tokens_are_locked(address: str) -> bool:
    """Whether no access token opens anything from there. One query."""
    return LoginFailures.objects.of_address(address, LockKind.TOKENS).locked().exists()


@transaction.atomic
def count_failure(*, username: str, address: str) -> None:
    """One more failure of the name, and of the address.

    What comes from a locked address counts for no name: one address locks out a few, not
    everybody. The lock stands in the trail.
    """
    if address:
        if LoginFailures.objects.of_address(address).locked().exists():
            return
        _count(LockKind.ADDRESS, address_subject(address), f"address:{address_subject(address)}")
    _count(LockKind.ACCOUNT, name_subject(username), f"user:{known_name(username)}")


@transaction.atomic
def count_unknown_token(address: str) -> None:
    """One more access token that nobody was ever given, or that has been ended."""
    if address:
        subject = address_subject(address)
        _count(LockKind.TOKENS, subject, f"tokens_from:{subject}")


def forget_failures(user: User) -> None:
    """Of the account, not of the address: whoever has an account of his own could go on from there
    with those of others."""
    LoginFailures.objects.of_name(user.username).delete()


@transaction.atomic
def unlock_account(*, user: User, reason: str, by: User) -> None:
    """Let somebody try again before the lock is over.

    Raises NotAllowed unless `by` is a system administrator and somebody else, NotLocked, and
    ValidationError without a reason.
    """
    user = locked_account(user, by=by)
    if not reason.strip():
        raise ValidationError(_("“Reason” is missing: say why."), code="required")
    failures = LoginFailures.objects.of_name(user.username).locked()
    until = locked_until([user]).get(user.pk)
    if not failures.delete()[0]:
        raise NotLocked
    record(
        "unlock_account",
        f"user:{user.username}",
        by=by.username,
        role=Role.SYSTEM_ADMIN,
        before={"locked_until": until},
        reason=reason,
    )


def locked_until(users: Collection[User]) -> dict[int, datetime.datetime]:
    """By user id, until when those that are locked are. One query."""
    of = {name_subject(user.username): user.pk for user in users}
    locked = LoginFailures.objects.locked().filter(kind=LockKind.ACCOUNT, subject__in=of)
    return {
        of[subject]: until
        for subject, until in locked.values_list("subject", "locked_until")
        if until is not None
    }


def forget_old_failures(before: datetime.datetime) -> int:
    """Drop what has counted for nothing since then; returns how many rows."""
    return LoginFailures.objects.over(before).delete()[0]


def known_name(typed: str) -> str:
    """The name where it is a user's, else UNKNOWN: what else people typed is never written down."""
    # PostgreSQL refuses to look for NUL.
    exists = "\x00" not in typed and User.objects.filter(username=typed).exists()
    return typed if exists else UNKNOWN


def _count(kind: LockKind, subject: str, about: str) -> None:
    counted = LoginFailures.objects.count_one(kind, subject)
    if counted.has_just_locked:
        after = {"failures": counted.failures, "locked_until": counted.locked_until}
        record(f"lock_{kind}", about, after=after)
