"""Accounts and posts as their pages show them."""

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from targets_site.accounts.models import Post, User
from targets_site.places.models import Department

PEOPLE_PER_PAGE = 25
REQUESTS_PER_PAGE = 50


def persons() -> QuerySet[User]:
    """All accounts that are somebody's, by user name."""
    return User.objects.exclude(username=User.REFERENCE).order_by("username")


def people(*, search: str, number: int) -> Page[User]:
    """One page of those whose user name or name contains the text, each with `current_posts`
    (granted, not over) and `requested_posts`."""
    found = persons()
    if search:
        found = found.filter(Q(username__icontains=search) | Q(full_name__icontains=search))
    with_posts: QuerySet[User] = found.prefetch_related(
        Prefetch("posts", _current_posts(), to_attr="current_posts"),
        Prefetch("posts", _with_places(Post.objects.requested()), to_attr="requested_posts"),
    )
    return Paginator(with_posts, PEOPLE_PER_PAGE).get_page(number)


def posts_of(user: User) -> list[Post]:
    """All of a person's, the newest first: requested, granted, refused and ended ones."""
    posts = _with_places(Post.objects.of_user(user)).select_related(
        "requested_by", "granted_by", "refused_by", "ended_by"
    )
    return list(posts.order_by("-from_date", "-pk"))


def requests(*, number: int) -> Page[Post]:
    """One page of what waits for a decision, the oldest first; `user.current_posts` are what the
    person holds already."""
    held = Prefetch("user__posts", _current_posts(), to_attr="current_posts")
    waiting = (
        _with_places(Post.objects.requested())
        .select_related("user", "requested_by")
        .prefetch_related(held)
        .order_by("pk")
    )
    return Paginator(waiting, REQUESTS_PER_PAGE).get_page(number)


def newest_request() -> int:
    """The highest id among what waits for a decision; 0 where nothing does."""
    newest = Post.objects.requested().order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def requests_up_to(newest: int) -> list[int]:
    """Ids of what waits and was asked for before the page was read."""
    return list(Post.objects.requested().filter(pk__lte=newest).values_list("pk", flat=True))


def _with_places(posts: QuerySet[Post]) -> QuerySet[Post]:
    return posts.select_related("area", "department")


def _current_posts() -> QuerySet[Post]:
    return _with_places(Post.objects.granted().until(timezone.localdate())).order_by("from_date")


def all_departments() -> list[Department]:
    """With their areas, by area and name in Chinese."""
    return list(Department.objects.select_related("area").order_by("area__code", "name_zh"))
