"""Who exports, and whether he may."""

from targets_site.accounts.models import Post, Role, User

AUDITING = (Role.AUDITOR, Role.AUDIT_ADMIN)


def is_auditing(reader: User | None) -> bool:
    """Auditors of whatever area, and audit administrators."""
    return not set(AUDITING).isdisjoint(_roles(reader))


def role_of(reader: User | None) -> str:
    """In which role, for the trail: an auditor's before the others; empty without a post."""
    held = _roles(reader)
    return next((role for role in (*AUDITING, *Role) if role in held), "")


def _roles(reader: User | None) -> set[str]:
    if reader is None:
        return set()
    held = Post.objects.of_user(reader).today().filter(user__is_active=True)
    return set(held.values_list("role", flat=True))
