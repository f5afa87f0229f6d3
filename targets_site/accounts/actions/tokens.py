"""Access tokens of the API: a person makes and ends his own."""

import datetime
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from targets_site.accounts.models import AccessToken, User
from targets_site.audit.actions import record


class TooManyTokens(Exception):
    """The person has as many as one may have."""


@dataclass(frozen=True)
class Made:
    """A token with its secret, which is in no other place: show it once."""

    token: AccessToken
    secret: str = field(repr=False)


@transaction.atomic
def make_token(*, user: User, name: str) -> Made:
    """A token that reads as the person for API_TOKEN_DAYS. Those that are over go.

    Raises TooManyTokens where API_TOKENS_EACH others are in force.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    own = AccessToken.objects.of_user(user)
    _end(list(own.over()), by=user, reason="expired")
    if own.count() >= settings.API_TOKENS_EACH:
        raise TooManyTokens
    token, secret = AccessToken.objects.create(
        user=user,
        expiry=datetime.timedelta(days=settings.API_TOKEN_DAYS),
        name=name,
        password_stamp=user.get_session_auth_hash(),
    )
    record("make_token", _about(token), by=user.username, after=_described(token))
    return Made(token, secret)


@transaction.atomic
def end_token(*, token: AccessToken, by: User) -> None:
    """It opens nothing from the next request on; `by` is its owner."""
    _end([token], by=by)


@transaction.atomic
def end_tokens(*, user: User, by: User, reason: str) -> None:
    """All of the person's."""
    _end(list(AccessToken.objects.of_user(user)), by=by, reason=reason)


def _end(tokens: list[AccessToken], *, by: User, reason: str = "") -> None:
    for token in tokens:
        before = _described(token)
        about = _about(token)
        token.delete()
        record("end_token", about, by=by.username, before=before, reason=reason)


def _about(token: AccessToken) -> str:
    return f"token:{token.user.username}:{token.beginning}"


def _described(token: AccessToken) -> dict[str, object]:
    return {"name": token.name, "made_at": token.created, "ends_at": token.expiry}
