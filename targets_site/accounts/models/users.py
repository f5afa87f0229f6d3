"""Named people."""

import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from targets_site.moments import start_of


class User(AbstractUser):
    """One named person; what the person may do follows from the posts held today.

    suspended_at: since when it is suspended, nobody having used it for long: then it is not active,
    and comes back as it was. An account that is not active otherwise has been disabled.
    """

    # The author of everything loaded from the fixtures; nobody can log in as it.
    REFERENCE = "reference"

    full_name = models.CharField(max_length=60, blank=True, help_text="姓名")
    # With a one-time password one can do nothing but choose one's own.
    must_change_password = models.BooleanField(
        default=False, db_default=False, help_text="须修改密码"
    )
    # Until when a one-time password opens the account; empty: until it is used.
    one_time_until = models.DateTimeField(null=True, blank=True, help_text="一次性密码有效期至")

    # Since when the person signs in with a second factor; empty: without.
    second_factor_since = models.DateTimeField(
        null=True, blank=True, help_text="启用双因素认证的时间"
    )
    # Says the middleware of the request, where the person's posts of today ask for a factor.
    must_set_up_second_factor = False
    # Empty: never since the account was made.
    password_changed_at = models.DateTimeField(null=True, blank=True, help_text="密码修改时间")
    suspended_at = models.DateTimeField(null=True, blank=True, help_text="暂停使用时间")
    # When it was last opened again: as good as a login, or it would be suspended the night after.
    reopened_at = models.DateTimeField(null=True, blank=True, help_text="恢复使用时间")

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(suspended_at__isnull=True) | Q(is_active=False),
                name="user_suspended_is_not_active",
            ),
        ]

    def __str__(self) -> str:
        if self.username == self.REFERENCE:
            return gettext("Reference data")
        return self.full_name or self.username

    @property
    def one_time_password_is_over(self) -> bool:
        """Whether nobody used it in time."""
        until = self.one_time_until if self.must_change_password else None
        return until is not None and until <= timezone.now()

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    @property
    def last_seen_at(self) -> datetime.datetime:
        """When somebody last signed in, or the account was made or opened again."""
        return max(filter(None, (self.last_login, self.date_joined, self.reopened_at)))

    @property
    def has_own_password(self) -> bool:
        """Whether the person chose the password of today."""
        return not self.must_change_password and self.has_usable_password()

    @property
    def password_ends_at(self) -> datetime.datetime | None:
        """When a password of one's own is too old: at midnight, when nobody loses what he was
        typing. None: never, or it is none of one's own."""
        if not settings.PASSWORD_DAYS or self.must_change_password:
            return None
        chosen_on = timezone.localdate(self.password_changed_at or self.date_joined)
        return start_of(chosen_on + datetime.timedelta(days=settings.PASSWORD_DAYS))

    @property
    def password_is_over(self) -> bool:
        """Whether it is too old."""
        ends_at = self.password_ends_at
        return ends_at is not None and ends_at <= timezone.now()

    @property
    def must_choose_password(self) -> bool:
        """Whether the person can do nothing before choosing a password."""
        return self.must_change_password or self.password_is_over

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What sessions and access tokens were made under: the password, and the second factor.
        With another one, or none any more, they open nothing."""
        stamp: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        if self.second_factor_since is None:
            return stamp
        under = f"{stamp} {self.second_factor_since.isoformat()}"
        return salted_hmac("second factor", under, secret=secret, algorithm="sha256").hexdigest()
