"""Who may do what with accounts and posts: three administrators with disjoint rights.

The posts of administrators hold for the whole installation; their area only says whose office the
person belongs to.
"""

from typing import Any

from django.conf import settings
from django.db.models import DateField, IntegerField, QuerySet
from django.utils import timezone

from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Post, PostQuerySet, Role, User
from targets_site.built_once import BuiltOnce, Given

# Auditors, of whatever area, and audit administrators read the whole trail.
TRAIL_READERS = (Role.AUDITOR, Role.AUDIT_ADMIN)


def holds(user: User, *roles: Role) -> bool:
    """Whether the person holds a post of one of these roles today, granted, with an account in
    use."""
    return _held_today(user).filter(role__in=roles).exists()


def needs_second_factor(user: User) -> bool:
    """Whether a post held today is one that SECOND_FACTOR_ROLES asks a second factor for. Asked at
    each request of who has none, so built once."""
    asked = set(settings.SECOND_FACTOR_ROLES)
    if not asked or not user.is_active:
        return False
    rows = _roles_today.rows(user=user.pk, day=timezone.localdate())
    return any(role in asked for (role,) in rows)


def reads_trail(user: User | None) -> bool:
    """Whether the trail is open to the person today; None is somebody who is not signed in."""
    return user is not None and holds(user, *TRAIL_READERS)


def role_for_trail(user: User | None) -> str:
    """In which role the person reads or exports, as the trail names it: one that reads the trail
    before the others; empty without a post."""
    held = set(_held_today(user).values_list("role", flat=True)) if user else set()
    return next((role for role in (*TRAIL_READERS, *Role) if role in held), "")


def _roles_on_a_day() -> QuerySet[Post, Any]:
    posts = Post.objects.on(Given("day", DateField())).filter(user=Given("user", IntegerField()))
    return posts.order_by().values_list("role")


_roles_today = BuiltOnce(_roles_on_a_day)


def _held_today(user: User) -> PostQuerySet:
    return Post.objects.of_user(user).today().filter(user__is_active=True)


def check_makes_accounts(user: User) -> None:
    """Raises NotAllowed unless the person is a system administrator today."""
    if not holds(user, Role.SYSTEM_ADMIN):
        raise NotAllowed("Accounts are made and disabled by the system administrator.")


def check_gives_posts(user: User) -> None:
    """Raises NotAllowed unless the person is a security administrator today."""
    if not holds(user, Role.SECURITY_ADMIN):
        raise NotAllowed("Posts are granted and ended by the security administrator.")


def needs_confirmation(user: User) -> bool:
    """Whether a new password for the account would open rights, today or later."""
    return Post.objects.of_user(user).not_over().exists()


def confirming_role(user: User) -> Role:
    """Whose holder confirms a one-time password for the account: those who grant posts, except
    for themselves."""
    posts = Post.objects.of_user(user).not_over()
    if posts.filter(role=Role.SECURITY_ADMIN).exists():
        return Role.AUDIT_ADMIN
    return Role.SECURITY_ADMIN


def check_confirms(by: User, *, user: User, requested_by: User) -> None:
    """Raises NotAllowed unless `by` is the administrator who confirms a one-time password for
    `user`, and neither of the two others."""
    if by in {user, requested_by} or not holds(by, confirming_role(user)):
        raise NotAllowed("Another administrator confirms this one-time password.")


def check_is_person(user: User) -> None:
    """Raises NotAllowed for the author of the loaded data, who is nobody."""
    if user.username == User.REFERENCE:
        raise NotAllowed("The author of the reference data is no person.")
