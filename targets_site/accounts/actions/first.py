"""The one way in before anybody could grant anything."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from targets_site.accounts.actions.accounts import Issued, WantedAccount, issue_accounts
from targets_site.accounts.actions.posts import about, described
from targets_site.accounts.models import ADMINISTRATOR_ROLES, Post
from targets_site.audit.actions import record


class AdministratorsExist(Exception):
    """Somebody holds an administrator's post, or will."""


@transaction.atomic
def make_first_administrators(*, wanted: Sequence[WantedAccount]) -> list[Issued]:
    """Accounts whose posts count at once, granted by nobody; in their order.

    Raises AdministratorsExist where somebody could do it instead, NameTaken, and ValidationError
    where a user name is none.
    """
    administrators = Post.objects.granted().until(timezone.localdate())
    if administrators.filter(role__in=ADMINISTRATOR_ROLES).exists():
        raise AdministratorsExist
    issued = issue_accounts(wanted)
    for each, made in zip(wanted, issued, strict=True):
        record(
            "create_account",
            f"user:{each.username}",
            after={"full_name": each.full_name},
            reason="first_administrators",
        )
        for wanted_post in each.posts:
            post = wanted_post.post_of(made.user)
            post.granted_at = timezone.now()
            post.save()
            record("grant_post", about(post), after=described(post), reason="first_administrators")
    return issued
