"""What `check --deploy` finds wrong with the accounts."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from targets_site.accounts.demo import demo_accounts_in_use, is_tryout
from targets_site.accounts.models import User


@register(Tags.security, deploy=True)
def no_default_accounts(**_given: Any) -> list[CheckMessage]:
    """Accounts of the try-out outside it, and superusers, whom nothing here needs. Nothing is said
    where the database is not there yet."""
    try:
        demo = [] if is_tryout() else demo_accounts_in_use()
        superusers = User.objects.filter(is_superuser=True).order_by("username")
        names = list(superusers.values_list("username", flat=True))
    except DatabaseError:
        return []
    found: list[CheckMessage] = []
    if demo:
        said = f"Accounts of the try-out are there: {', '.join(demo)}."
        hint = "They sign in nowhere else. Begin with a new database instead of the try-out's."
        found.append(Error(said, hint=hint, id="accounts.E001"))
    if names:
        said = f"Superusers are there: {', '.join(names)}."
        hint = "No page is for them; rights follow from posts. Disable the accounts."
        found.append(Error(said, hint=hint, id="accounts.E002"))
    return found
