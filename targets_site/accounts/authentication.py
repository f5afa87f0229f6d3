"""Access tokens: who a program reads as, asked anew at each request."""

import re
from secrets import compare_digest

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from targets_site.accounts.models import AccessToken, User

TOKEN = re.compile(rb"[0-9a-f]{64}")


class AccessTokenAuthentication(TokenAuthentication):  # type: ignore[misc]
    """`Authorization: Token …`. The token ends with its day, with the password under which it was
    made, and with the account; reading writes nothing, so that what is over stays until its owner
    makes the next."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AccessToken]:
        if not TOKEN.fullmatch(token):
            raise _refused()
        found: tuple[User, AccessToken] = super().authenticate_credentials(token)
        return found

    def validate_user(self, auth_token: AccessToken) -> tuple[User, AccessToken]:
        user = auth_token.user
        as_it_was = compare_digest(auth_token.password_stamp, user.get_session_auth_hash())
        if not user.is_active or user.must_change_password or not as_it_was:
            raise _refused()
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
