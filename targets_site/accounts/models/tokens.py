"""Access tokens of the API."""

from typing import Self

from django.db import models
from django.utils import timezone
from knox.models import AbstractAuthToken, AuthTokenManager

from targets_site.accounts.models.users import User


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def of_user(self, user: User) -> Self:
        """The newest first."""
        return self.filter(user=user).order_by("-created", "pk")

    def over(self) -> Self:
        """Whose day has come."""
        return self.filter(expiry__lte=timezone.now())


class AccessTokenManager(AuthTokenManager):  # type: ignore[misc]
    """Knox's, which makes the secret, over our questions."""

    def get_queryset(self) -> AccessTokenQuerySet:
        return AccessTokenQuerySet(self.model, using=self._db)

    def of_user(self, user: User) -> AccessTokenQuerySet:
        return self.get_queryset().of_user(user)


class AccessToken(AbstractAuthToken):  # type: ignore[misc]
    """A secret with which a program reads the API as a person, until a day; only its digest is
    kept, and its first characters by which the owner tells it.

    password_stamp: of the password under which it was made; with another one it opens nothing.
    """

    SHOWN = 8

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60, help_text="用途")
    password_stamp = models.CharField(max_length=64)

    objects = AccessTokenManager()

    def __str__(self) -> str:
        return f"{self.beginning}… {self.name}"

    @property
    def beginning(self) -> str:
        return str(self.token_key[: self.SHOWN])

    @property
    def is_over(self) -> bool:
        return bool(self.expiry <= timezone.now())
