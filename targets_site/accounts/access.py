"""Which pages open without login, and which posts a person holds."""

from collections.abc import Callable

from django.http.response import HttpResponseBase

from targets_site.accounts.models import Post, Role, User
from targets_site.places.models import Area, Department

View = Callable[..., HttpResponseBase]


class NotAllowed(Exception):
    """The person holds no post for this, or did the earlier step himself."""


def reading_page(view: View) -> View:
    """Mark a view that OPEN_READING shows without login."""
    view.is_reading_page = True  # type: ignore[attr-defined]
    return view


def departments_entered_by(user: User) -> list[int]:
    """Ids of the departments for which the person enters figures today: the post's own, and
    those that it succeeded, since documents name departments that no longer exist."""
    posts = Post.objects.of_user(user).today().filter(role=Role.OFFICIAL)
    found = set(posts.values_list("department_id", flat=True))
    newest = found
    while newest:
        before = Department.objects.filter(successor__in=newest).values_list("pk", flat=True)
        newest = set(before) - found
        found |= newest
    return sorted(pk for pk in found if pk is not None)


def areas_reviewed_by(user: User) -> list[int]:
    """Ids of the areas whose figures the person reviews today."""
    posts = Post.objects.of_user(user).today().filter(role=Role.REVIEWER)
    return list(posts.values_list("area_id", flat=True))


def may_review(user: User, area: Area) -> bool:
    return area.pk in areas_reviewed_by(user)
