"""What every page knows of who reads it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from indicators.models import Notice
from indicators.queries.jobs import to_see_to
from targets_site.accounts.models import Post, User


@dataclass(frozen=True)
class Reader:
    """roles: the names of the roles held today; unread: how many notices. Notices are given to
    holders of posts, so that nobody without one has any to count."""

    roles: frozenset[str] = frozenset()
    unread: int = 0


def reader(request: HttpRequest) -> dict[str, Any]:
    """`reader` and, out of it, `roles`: asked for by one query for all parts of a page, and only
    by a page that shows them. `failures`: what waits for a system administrator, another query
    for their pages only."""

    def ask() -> Reader:
        return _reader(request.user) if isinstance(request.user, User) else Reader()

    # The parts around a kept page are rendered one by one.
    found: Any = getattr(request, "known_reader", None) or SimpleLazyObject(ask)
    request.known_reader = found  # type: ignore[attr-defined]
    return {
        "reader": found,
        "roles": SimpleLazyObject(lambda: found.roles),
        "failures": SimpleLazyObject(to_see_to),
    }


def _reader(user: User) -> Reader:
    unread = Notice.objects.unread().filter(person=OuterRef("user")).order_by().values("person")
    counted = Coalesce(Subquery(unread.annotate(number=Count("pk")).values("number")), 0)
    posts = Post.objects.of_user(user).today().order_by()
    rows = list(posts.annotate(unread=counted).values_list("role", "unread").distinct())
    return Reader(frozenset(role for role, _unread in rows), max((n for _r, n in rows), default=0))
