"""Suspending accounts that nobody uses, and bringing them back.

Who is needed where is not known here: the schedule and the opening of rounds say whom to spare and
whom to bring back.
"""

import datetime
from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from targets_site.accounts.actions.accounts import locked_account
from targets_site.accounts.actions.sessions import end_sessions_with
from targets_site.accounts.models import ADMINISTRATOR_ROLES, Post, Role, User
from targets_site.audit.actions import record

SCHEDULE = "schedule"


class NotSuspended(Exception):
    """The account is not suspended, or no longer."""


@transaction.atomic
def suspend_unused(*, moment: datetime.datetime, spared: Collection[int]) -> list[User]:
    """Suspend whom nobody has seen for ACCOUNT_UNUSED_DAYS (0: nobody), by id; returns them.

    The password stays; sessions end. spared: ids of those who will be needed. Of each
    administrator's post one holder stays, the last seen: else nobody could bring anybody back.
    """
    if not settings.ACCOUNT_UNUSED_DAYS:
        return []
    since = moment - datetime.timedelta(days=settings.ACCOUNT_UNUSED_DAYS)
    unused = list(
        _unused(since).exclude(pk__in=spared).select_for_update(no_key=True).order_by("pk")
    )
    kept = _needed_administrators({user.pk for user in unused})
    suspended = [user for user in unused if user.pk not in kept]
    for user in suspended:
        user.is_active, user.suspended_at = False, moment
        user.save(update_fields=["is_active", "suspended_at"])
        after = {"last_login": user.last_login}
        record("suspend_account", _about(user), by=SCHEDULE, after=after)
        end_sessions_with(user=user, by=SCHEDULE, reason="suspend_account")
    return suspended


@transaction.atomic
def bring_back_needed(
    *, users: Collection[int], by: str, role: str = "", reason: str
) -> list[User]:
    """Those of the users that are suspended, since a round needs them; returns them by id."""
    suspended = User.objects.filter(pk__in=users, suspended_at__isnull=False)
    found = list(suspended.select_for_update(no_key=True).order_by("pk"))
    for user in found:
        _bring_back(user, by=by, role=role, reason=reason)
    return found


@transaction.atomic
def bring_back(*, user: User, reason: str, by: User) -> None:
    """Let a suspended person sign in again, with the password of before.

    That makes no password, so that one administrator is enough. Raises NotAllowed unless `by` is a
    system administrator and somebody else, NotSuspended, and ValidationError without a reason.
    """
    user = locked_account(user, by=by)
    if not reason.strip():
        raise ValidationError(_("“Reason” is missing: say why."), code="required")
    if not user.is_suspended:
        raise NotSuspended
    _bring_back(user, by=by.username, role=Role.SYSTEM_ADMIN, reason=reason)


@transaction.atomic
def record_login_while_suspended(user: User) -> None:
    """With the right password, so that it counts towards no lock."""
    record("login_failed", _about(user), reason="suspended")


def _unused(since: datetime.datetime) -> QuerySet[User]:
    """Accounts in use that nobody has signed in with, or made or opened, since then."""
    not_seen = [
        Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": since})
        for name in ("last_login", "date_joined", "reopened_at")
    ]
    return User.objects.filter(*not_seen, is_active=True)


def _needed_administrators(unused: Collection[int]) -> set[int]:
    """Ids of those among the unused without whom a post of an administrator had no holder."""
    needed = set()
    for role in ADMINISTRATOR_ROLES:
        posts = Post.objects.today().filter(role=role)
        holders = list(User.objects.filter(pk__in=posts.values("user"), is_active=True))
        if holders and all(holder.pk in unused for holder in holders):
            needed.add(max(holders, key=lambda holder: holder.last_seen_at).pk)
    return needed


def _bring_back(user: User, *, by: str, role: str, reason: str) -> None:
    before = {"suspended_at": user.suspended_at}
    user.is_active, user.suspended_at, user.reopened_at = True, None, timezone.now()
    user.save(update_fields=["is_active", "suspended_at", "reopened_at"])
    record("bring_back_account", _about(user), by=by, role=role, before=before, reason=reason)


def _about(user: User) -> str:
    return f"user:{user.username}"
