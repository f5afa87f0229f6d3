"""Sessions as the pages use them: Django's in the database, which know whose they are and when
they end."""

import datetime
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from targets_site.accounts.models import Ended, Session
from targets_site.client_address import client_address

View = Callable[..., HttpResponse]

logger = logging.getLogger(__name__)

# Last seen is not written down more often.
SEEN_EACH = datetime.timedelta(minutes=1)
# Milliseconds that a page waits for it: on SQLite any other writer is in its way.
LONGEST_WAIT = 100
# What a new key (at a change of the password, for instance) takes over from the one before.
TAKEN_OVER = ("ip", "user_agent", "begun_at", "last_seen_at", "confirmed_at")


def asked_by_scripts(view: View) -> View:
    """A view that a page asks by itself, again and again: that keeps no session alive."""
    view.is_asked_by_scripts = True  # type: ignore[attr-defined]
    return view


class SessionStore(DatabaseStore):
    """row: the session as it was loaded, or is to be saved; None before, and for a new one.

    ended: once it was loaded, why it opens nothing; ended_of: id of the person who was signed in,
    where that is still known.
    """

    row: Session | None = None
    ended: Ended | None = None
    ended_of: int | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _validate_session_key(self, key: Any) -> bool:
        """Django takes any eight characters; PostgreSQL refuses to look for some."""
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()  # type: ignore[misc, no-any-return]

    def _get_session_from_db(self) -> Session | None:
        """The row; none where its session is over, whatever its `expire_date` says."""
        row = Session.objects.filter(session_key=self.session_key).first()
        self.ended = row.ended() if row else Ended.GONE
        if self.ended:
            self._session_key = None
            self.ended_of = row.user_id if row else None
            return None
        self.row = row
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        known = self.row or _new()
        key = self._get_or_create_session_key()  # type: ignore[attr-defined]
        row = Session(
            session_key=key,
            session_data=self.encode(data),
            user_id=data.get(SESSION_KEY),
            **{name: getattr(known, name) for name in TAKEN_OVER},
        )
        if known.session_key in {"", key}:
            row.handle = known.handle
        row.expire_date = row.ends_at
        self.row = row
        return row

    def flush(self) -> None:
        super().flush()
        self.row, self.ended = None, Ended.GONE

    def begin(self, request: HttpRequest) -> None:
        """Somebody has just signed in with a password."""
        agent = "".join(c for c in request.META.get("HTTP_USER_AGENT", "") if c.isprintable())
        self.row = _new(
            ip=client_address(request),
            user_agent=agent[: Session.LONGEST_USER_AGENT],
        )
        self.modified = True

    def seen(self) -> None:
        """Somebody does something in it: it is idle from now on. Written at most once a minute,
        and left for the next request where the database has no time for it."""
        now = timezone.now()
        # A clock that was put back must not leave it longer idle than it may be.
        if self.row is None or abs(now - self.row.last_seen_at) < SEEN_EACH:
            return
        self.row.last_seen_at = now
        self.row.expire_date = self.row.ends_at
        own = Session.objects.filter(pk=self.row.pk)
        try:
            with _waiting_briefly():
                own.update(last_seen_at=now, expire_date=self.row.expire_date)
        except DatabaseError as error:
            logger.warning("When a session was seen last is not written down: %r", error)


def session_of(request: HttpRequest) -> SessionStore:
    session = request.session
    assert isinstance(session, SessionStore)  # SESSION_ENGINE
    return session


def _new(**told: str) -> Session:
    now = timezone.now()
    return Session(begun_at=now, last_seen_at=now, confirmed_at=now, **told)


@contextmanager
def _waiting_briefly() -> Iterator[None]:
    """On PostgreSQL nobody but who ends the session holds its row."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = int(1000 * connection.settings_dict["OPTIONS"].get("timeout", 5))
    with connection.cursor() as cursor:
        cursor.execute(_busy_timeout(LONGEST_WAIT))
        try:
            yield
        finally:
            cursor.execute(_busy_timeout(usual))


def _busy_timeout(milliseconds: int) -> str:
    """A PRAGMA takes no parameters."""
    return f"PRAGMA busy_timeout = {milliseconds:d}"
