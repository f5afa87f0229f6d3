"""Failures to sign in, counted, and what they lock."""

import datetime
import ipaddress
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.crypto import salted_hmac


class LockKind(models.TextChoices):
    """What failures are counted for."""

    ACCOUNT = "account"
    # Whose failures at a login came from there, and whose unknown access tokens: a program that
    # runs on with a token of yesterday does not lock an office out of the login.
    ADDRESS = "address"
    TOKENS = "tokens"


def most_failures(kind: str) -> int:
    """The failure that locks."""
    is_account = kind == LockKind.ACCOUNT
    return settings.LOGIN_FAILURES if is_account else settings.LOGIN_FAILURES_BY_ADDRESS


def lock_time() -> datetime.timedelta:
    """How long a lock holds, and how long a failure counts."""
    return datetime.timedelta(minutes=settings.LOGIN_LOCK_MINUTES)


def name_subject(username: str) -> str:
    """A name as it was typed, keyed and hashed: people also type their password there."""
    return salted_hmac("accounts.locks", username, algorithm="sha256").hexdigest()


def address_subject(address: str) -> str:
    """An address; of IPv6 its network, since each machine has as many addresses as it likes."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False))


class LoginFailuresQuerySet(models.QuerySet["LoginFailures"]):
    def of_name(self, username: str) -> Self:
        return self.filter(kind=LockKind.ACCOUNT, subject=name_subject(username))

    def of_address(self, address: str, kind: LockKind = LockKind.ADDRESS) -> Self:
        return self.filter(kind=kind, subject=address_subject(address))

    def locked(self) -> Self:
        return self.filter(locked_until__gt=timezone.now())

    def over(self, moment: datetime.datetime) -> Self:
        """What has counted for nothing since then."""
        forgotten = Q(locked_until=None, first_at__lt=moment - lock_time())
        return self.filter(Q(locked_until__lt=moment) | forgotten)

    def count_one(self, kind: LockKind, subject: str) -> "LoginFailures":
        """One more failure, in one statement, so that of many at once each counts; returns the row
        as that left it. In a transaction, in which nobody else then changes the row.

        A lock neither moves nor ends by failures that come while it holds: who goes on trying
        locks nobody out for longer. They are counted, and after it counting begins anew.
        """
        rows = self.filter(kind=kind, subject=subject)
        if not rows._count():
            self.bulk_create([LoginFailures(kind=kind, subject=subject)], ignore_conflicts=True)
            rows._count()
        return rows.get()

    def _count(self) -> int:
        now = timezone.now()
        anew = Q(locked_until__lte=now) | Q(locked_until=None, first_at__lte=now - lock_time())
        is_last = {
            kind: Q(kind=kind, locked_until=None, failures__gte=most_failures(kind) - 1)
            for kind in LockKind
        }
        first_is_last = Q(kind__in=[kind for kind in LockKind if most_failures(kind) == 1])
        locked = now + lock_time()
        return self.update(
            failures=Case(When(anew, then=1), default=F("failures") + 1),
            first_at=Case(When(anew, then=now), default=F("first_at")),
            last_at=now,
            locked_until=Case(
                When(anew & first_is_last, then=locked),
                When(anew, then=None),
                *(When(condition, then=locked) for condition in is_last.values()),
                default=F("locked_until"),
            ),
        )


class LoginFailures(models.Model):
    """The failures of one name or address that count, since the first of them.

    subject: of an account `name_subject`, whether a user has the name or not; of an address
    `address_subject`. locked_until: in the past where the lock is over.
    """

    kind = models.CharField(max_length=10, choices=LockKind)
    subject = models.CharField(max_length=64)
    failures = models.PositiveIntegerField(default=0, help_text="失败次数")
    first_at = models.DateTimeField(default=timezone.now, help_text="首次失败时间")
    last_at = models.DateTimeField(default=timezone.now, help_text="最近失败时间")
    locked_until = models.DateTimeField(null=True, blank=True, help_text="锁定至")

    objects = LoginFailuresQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="failures_counted_once"),
            models.CheckConstraint(condition=Q(kind__in=LockKind.values), name="failures_of_what"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.failures}"

    @property
    def has_just_locked(self) -> bool:
        """Whether the last of the failures counted was the one that locked."""
        return self.locked_until == self.last_at + lock_time()
