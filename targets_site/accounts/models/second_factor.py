"""The second factor: an app on the person's phone that shows codes, and codes on paper."""

import secrets
from hashlib import sha512
from typing import Self

from django.db import models
from django_otp.plugins.otp_totp.models import TOTPDevice

from targets_site.accounts.models.users import User
from targets_site.accounts.passwords import DIGITS, SMALL


class Authenticator(TOTPDevice):  # type: ignore[misc]
    """A person's app: the key that it shares with us, and the step of the last code that was used,
    so that each is good once. At most one for each person (`actions.second_factor`)."""

    # Each failure doubles the wait for the next code, from a second to some 17 minutes. Without an
    # end, who knows the password could lock the person out for years.
    FAILURES_COUNTED = 11

    class Meta:
        proxy = True

    def throttle_increment(self, commit: bool = True) -> None:
        failures: int = self.throttling_failure_count  # type: ignore[has-type]
        self.throttling_failure_count = min(failures, self.FAILURES_COUNTED - 1)
        super().throttle_increment(commit)


class RecoveryCodeQuerySet(models.QuerySet["RecoveryCode"]):
    def of_user(self, user: User) -> Self:
        return self.filter(user=user)

    def left(self) -> Self:
        return self.filter(used_at__isnull=True)


class RecoveryCode(models.Model):
    """A code on paper that stands once for the app. Only its digest is kept: 79 random bits need
    no slow hash."""

    BLOCKS, BLOCK_LENGTH = 4, 4

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=128)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.used_at or ''}"

    @classmethod
    def drawn(cls) -> str:
        """A new one, as people read it."""
        letters = SMALL + DIGITS
        blocks = (
            "".join(secrets.choice(letters) for _each in range(cls.BLOCK_LENGTH))
            for _block in range(cls.BLOCKS)
        )
        return "-".join(blocks)

    @staticmethod
    def digest_of(code: str) -> str:
        """However its blocks are parted."""
        return sha512("".join(code.lower().replace("-", " ").split()).encode()).hexdigest()
