"""Users, their posts, second factors, resets that wait for a second administrator, sessions,
tokens, former passwords, and what failed logins lock."""

from targets_site.accounts.models.former import (
    FormerPassword,
    FormerPasswordQuerySet,
)
from targets_site.accounts.models.locks import (
    LockKind,
    LoginFailures,
    LoginFailuresQuerySet,
)
from targets_site.accounts.models.posts import (
    ADMINISTRATOR_ROLES,
    DEPARTMENT_ROLES,
    FIGURE_ROLES,
    Post,
    PostQuerySet,
    PostState,
    Role,
    exclude_each_other,
)
from targets_site.accounts.models.resets import (
    PasswordReset,
    PasswordResetQuerySet,
    ResetAction,
    ResetState,
)
from targets_site.accounts.models.second_factor import (
    Authenticator,
    RecoveryCode,
    RecoveryCodeQuerySet,
)
from targets_site.accounts.models.sessions import (
    Ended,
    Session,
    SessionQuerySet,
)
from targets_site.accounts.models.tokens import (
    AccessToken,
    AccessTokenManager,
    AccessTokenQuerySet,
)
from targets_site.accounts.models.users import (
    User,
)

__all__ = [
    "ADMINISTRATOR_ROLES",
    "DEPARTMENT_ROLES",
    "FIGURE_ROLES",
    "AccessToken",
    "AccessTokenManager",
    "AccessTokenQuerySet",
    "Authenticator",
    "Ended",
    "FormerPassword",
    "FormerPasswordQuerySet",
    "LockKind",
    "LoginFailures",
    "LoginFailuresQuerySet",
    "PasswordReset",
    "PasswordResetQuerySet",
    "Post",
    "PostQuerySet",
    "PostState",
    "RecoveryCode",
    "RecoveryCodeQuerySet",
    "ResetAction",
    "ResetState",
    "Role",
    "Session",
    "SessionQuerySet",
    "User",
    "exclude_each_other",
]
