"""Access tokens: who a program reads as, asked anew at each request."""

import re
from secrets import compare_digest

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import APIException, AuthenticationFailed

from targets_site.accounts.actions.locks import count_unknown_token, tokens_are_locked
from targets_site.accounts.backends import opens
from targets_site.accounts.models import AccessToken, User
from targets_site.accounts.rights import needs_second_factor
from targets_site.audit.context import current_actor

TOKEN = re.compile(rb"[0-9a-f]{64}")


class TooManyTries(APIException):
    """Unknown tokens came from the address, so many that for a while none is looked at."""

    status_code = 429
    default_detail = gettext_lazy(
        "Too many unknown tokens came from your address. Try again later."
    )


class AccessTokenAuthentication(TokenAuthentication):  # type: ignore[misc]
    """`Authorization: Token …`. The token ends with its day, with the password and the second
    factor under which it was made, and with the account; reading writes nothing, so that what is
    over stays until its owner makes the next."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AccessToken]:
        address = current_actor().ip
        if tokens_are_locked(address):
            raise TooManyTries
        if not TOKEN.fullmatch(token):
            count_unknown_token(address)
            raise _refused()
        try:
            found: tuple[User, AccessToken] = super().authenticate_credentials(token)
        except AuthenticationFailed:
            # A program that goes on with one that is over guesses nothing.
            if not AccessToken.objects.filter(digest=hash_token(token.decode())).exists():
                count_unknown_token(address)
            raise
        return found

    def validate_user(self, auth_token: AccessToken) -> tuple[User, AccessToken]:
        user = auth_token.user
        as_it_was = compare_digest(auth_token.password_stamp, user.get_session_auth_hash())
        if not opens(user) or user.must_change_password or not as_it_was:
            raise _refused()
        if user.second_factor_since is None and needs_second_factor(user):
            raise _refused()
        if user.password_is_over:
            raise AuthenticationFailed(
                _("The password of the token's owner is too old. Sign in and choose another one.")
            )
        return user, auth_token

    def _cleanup_token(self, auth_token: AccessToken) -> bool:
        """Whether it is over; Knox would delete it here."""
        return auth_token.expiry is None or auth_token.expiry <= timezone.now()


class AccessTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description of the API speaks of it."""

    target_class = AccessTokenAuthentication
    name = "accessToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        said = _("“Token ” and an access token")
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": said}


def _refused() -> AuthenticationFailed:
    """The same words for all reasons: who found a token learns nothing of the account."""
    return AuthenticationFailed(_("The token is not in force."))
