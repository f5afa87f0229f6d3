"""Passwords that people had."""

from typing import Self

from django.db import models
from django.utils import timezone

from targets_site.accounts.models.users import User


class FormerPasswordQuerySet(models.QuerySet["FormerPassword"]):
    def of_user(self, user: User) -> Self:
        """The newest first."""
        return self.filter(user=user).order_by("-pk")


class FormerPassword(models.Model):
    """The hash of a password of one's own that another took the place of; the newest ones of a
    person are kept, so that he does not choose them again."""

    user = models.ForeignKey(User, models.PROTECT, related_name="former_passwords")
    password = models.CharField(max_length=128)
    left_at = models.DateTimeField(default=timezone.now, help_text="停用时间")

    objects = FormerPasswordQuerySet.as_manager()

    class Meta:
        ordering = ["user", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.left_at:%Y-%m-%d}"
