"""Ending sessions: a person his own, the system administrator everybody's."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role, Session, User
from targets_site.accounts.rights import holds
from targets_site.audit.actions import record


@transaction.atomic
def end_session(*, session: Session, by: User) -> None:
    """It opens nothing from the next request on. Raises NotAllowed unless `by` is its person or a
    system administrator."""
    role = _role_that_ends(session.user, by=by)
    _end([session], by=by.username, role=role)


@transaction.atomic
def end_sessions(*, user: User, by: User, reason: str = "", keep: str | None = None) -> int:
    """All of the person's but the one with the key `keep`; returns how many. Raises as
    `end_session`.

    reason: the action that it belongs to.
    """
    role = _role_that_ends(user, by=by)
    return end_sessions_with(user=user, by=by.username, role=role, reason=reason, keep=keep)


def end_sessions_with(
    *, user: User, by: str, role: str = "", reason: str, keep: str | None = None
) -> int:
    """As `end_sessions`, for the actions that decide themselves who may do what they do."""
    ended = list(Session.objects.of_user(user).exclude(session_key=keep or ""))
    _end(ended, by=by, role=role, reason=reason)
    return len(ended)


@transaction.atomic
def confirm_session(*, session: Session, by: User) -> None:
    """The person in it has just typed the password again."""
    session.confirmed_at = timezone.now()
    Session.objects.filter(pk=session.pk).update(confirmed_at=session.confirmed_at)
    record("confirm_identity", f"user:{by.username}", by=by.username)


def forget_sessions(before: datetime.datetime) -> int:
    """Drop the rows of those that were over then; returns how many. Nobody ended them, so that the
    trail says nothing."""
    return Session.objects.filter(expire_date__lte=before).delete()[0]


def _role_that_ends(user: User | None, *, by: User) -> str:
    """In which role, as the trail names it; empty for one's own."""
    if user == by:
        return ""
    if not holds(by, Role.SYSTEM_ADMIN):
        raise NotAllowed("The sessions of others are ended by the system administrator.")
    return Role.SYSTEM_ADMIN


def _end(sessions: Iterable[Session], *, by: str, role: str, reason: str = "") -> None:
    """One that was over is dropped like the others, and is none that anybody ended."""
    for session in sessions:
        before = _described(session)
        about = f"session:{session.user.username if session.user else ''}"
        is_over = session.ended() is not None
        session.delete()
        if not is_over:
            record("end_session", about, by=by, role=role, before=before, reason=reason)


def _described(session: Session) -> dict[str, object]:
    return {
        "begun_at": session.begun_at,
        "last_seen_at": session.last_seen_at,
        "ip": session.ip,
        "user_agent": session.user_agent,
    }
