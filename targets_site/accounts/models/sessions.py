"""Where people are signed in."""

import datetime
import uuid
from typing import Self

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone

from targets_site.accounts.browsers import browser_words
from targets_site.accounts.models.users import User


def idle_limit() -> datetime.timedelta:
    return datetime.timedelta(minutes=settings.SESSION_IDLE_MINUTES)


def longest() -> datetime.timedelta:
    return datetime.timedelta(hours=settings.SESSION_HOURS)


class Ended(models.TextChoices):
    """Why a session that a browser still sends opens nothing."""

    IDLE = "idle"
    TOO_LONG = "hours"
    # Signed out, ended by somebody, or removed long after it was over.
    GONE = "gone"


class SessionQuerySet(models.QuerySet["Session"]):
    def of_user(self, user: User) -> Self:
        """The one that was used last first."""
        return self.filter(user=user).order_by("-last_seen_at", "handle")

    def in_force(self) -> Self:
        """Those that open something now, by the limits of now."""
        now = timezone.now()
        return self.filter(
            expire_date__gt=now,
            last_seen_at__gt=now - idle_limit(),
            begun_at__gt=now - longest(),
        )


class Session(AbstractBaseSession):
    """One browser in which somebody is signed in, since a login; without a user, one that has only
    been told something. Whoever knows `session_key` is that person: no page and no entry of the
    trail shows it; they name a session by its `handle`.

    confirmed_at: when the password was typed last.
    """

    LONGEST_USER_AGENT = 200

    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    ip = models.CharField(max_length=45, blank=True, help_text="登录地址")
    user_agent = models.CharField(max_length=LONGEST_USER_AGENT, blank=True, help_text="浏览器")
    begun_at = models.DateTimeField(help_text="登录时间")
    last_seen_at = models.DateTimeField(help_text="最近操作时间")
    confirmed_at = models.DateTimeField(help_text="最近验证密码时间")

    # Django's has a manager of its own here.
    objects = BaseSessionManager.from_queryset(SessionQuerySet)()  # type: ignore[misc]

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from targets_site.accounts.sessions import SessionStore  # it stands on this model

        return SessionStore

    @property
    def browser(self) -> str:
        return browser_words(self.user_agent)

    @property
    def ends_at(self) -> datetime.datetime:
        """If nothing more is done in it."""
        return min(self.last_seen_at + idle_limit(), self.begun_at + longest())

    def ended(self) -> Ended | None:
        """Why it is over; None where it is not. A limit that was lowered holds at once, one that
        was raised opens nothing that had ended."""
        now = timezone.now()
        if self.begun_at + longest() <= now:
            return Ended.TOO_LONG
        return Ended.IDLE if self.ends_at <= now or self.expire_date <= now else None
