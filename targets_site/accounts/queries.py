"""Accounts and posts as their pages show them."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Window
from django.utils import timezone

from targets_site.accounts.actions.locks import locked_until
from targets_site.accounts.models import PasswordReset, Post, Role, Session, User
from targets_site.places.models import Department

PEOPLE_PER_PAGE = 25
REQUESTS_PER_PAGE = 50
SESSIONS_PER_PAGE = 50
PEOPLE_SEARCHED = 200


def persons() -> QuerySet[User]:
    """All accounts that are somebody's, by user name."""
    return User.objects.exclude(username=User.REFERENCE).order_by("username")


def usernames_like(text: str) -> list[str]:
    """The text itself, which may have been typed at the login or be no person's, and the user names
    of all whose name contains it. One query."""
    named = User.objects.filter(full_name__icontains=text).order_by("username")
    found = named.exclude(username=text).values_list("username", flat=True)
    return [text, *found[:PEOPLE_SEARCHED]]


def people(*, search: str, number: int, only_suspended: bool = False) -> Page[User]:
    """One page of those whose user name or name contains the text, each with `current_posts`
    (granted, not over), `requested_posts`, and as `open_reset` how far a one-time password is
    that was asked for, or None."""
    of_person = PasswordReset.objects.open().in_time().filter(user=OuterRef("pk"))
    wanted = persons().filter(suspended_at__isnull=False) if only_suspended else persons()
    found = wanted.annotate(open_reset=Subquery(of_person.values("state")))
    if search:
        found = found.filter(Q(username__icontains=search) | Q(full_name__icontains=search))
    with_posts: QuerySet[User] = found.prefetch_related(
        Prefetch("posts", _current_posts(), to_attr="current_posts"),
        Prefetch("posts", _with_places(Post.objects.requested()), to_attr="requested_posts"),
    )
    return Paginator(with_posts, PEOPLE_PER_PAGE).get_page(number)


def locks_on(page: Page[User]) -> None:
    """Give each person on the page as `locked_until` until when failures lock him, or None."""
    shown = list(page)
    locked = locked_until(shown)
    for each in shown:
        each.locked_until = locked.get(each.pk)  # type: ignore[attr-defined]


def posts_of(user: User) -> list[Post]:
    """All of a person's, the newest first: requested, granted, refused and ended ones."""
    posts = _with_places(Post.objects.of_user(user)).select_related(
        "requested_by", "granted_by", "refused_by", "ended_by"
    )
    return list(posts.order_by("-from_date", "-pk"))


def requests(*, number: int) -> tuple[Page[Post], int]:
    """One page of what waits for a decision, the oldest first, and the highest id among all that
    wait, 0 where nothing does; `user.current_posts` are what the person holds already."""
    held = Prefetch("user__posts", _current_posts(), to_attr="current_posts")
    waiting: QuerySet[Any] = (
        _with_places(Post.objects.requested())
        .select_related("user", "requested_by")
        .prefetch_related(held)
        .annotate(newest=Window(Max("pk")))
        .order_by("pk")
    )
    page = Paginator(waiting, REQUESTS_PER_PAGE).get_page(number)
    return page, page[0].newest if page else 0


def requests_up_to(newest: int) -> list[int]:
    """Ids of what waits and was asked for before the page was read."""
    return list(Post.objects.requested().filter(pk__lte=newest).values_list("pk", flat=True))


def last_reset(user: User) -> PasswordReset | None:
    """The one-time password that was asked for last, with who asked for it and who decided."""
    resets = PasswordReset.objects.of_user(user).select_related("requested_by", "decided_by")
    return resets.order_by("-pk").first()


def resets_for(role: Role) -> QuerySet[PasswordReset]:
    """One-time passwords that wait for the holders of a post to confirm them, the oldest first,
    each with the account's `user.current_posts` and `user.requested_posts`.

    The rule is that of `rights.confirming_role`, for many accounts at once.
    """
    grants_posts = Post.objects.not_over().filter(role=Role.SECURITY_ADMIN, user=OuterRef("user"))
    others = role == Role.SECURITY_ADMIN
    waiting: QuerySet[PasswordReset] = (
        PasswordReset.objects.waiting()
        .filter(~Exists(grants_posts) if others else Exists(grants_posts))
        .select_related("user", "requested_by")
        .prefetch_related(
            Prefetch("user__posts", _current_posts(), to_attr="current_posts"),
            Prefetch(
                "user__posts", _with_places(Post.objects.requested()), to_attr="requested_posts"
            ),
        )
        .order_by("pk")
    )
    return waiting


def sessions(*, search: str, number: int) -> Page[Session]:
    """One page of where people are signed in, each with its `user`, the one that was used last
    first; of those whose user name or name contains the text."""
    found = Session.objects.in_force().filter(user__isnull=False).select_related("user")
    if search:
        found = found.filter(
            Q(user__username__icontains=search) | Q(user__full_name__icontains=search)
        )
    return Paginator(found.order_by("-last_seen_at", "handle"), SESSIONS_PER_PAGE).get_page(number)


def sessions_of(user: User) -> QuerySet[Session]:
    """Where the person is signed in, the one that was used last first."""
    return Session.objects.in_force().of_user(user).select_related("user")


def _with_places(posts: QuerySet[Post]) -> QuerySet[Post]:
    return posts.select_related("area", "department")


def _current_posts() -> QuerySet[Post]:
    return _with_places(Post.objects.granted().until(timezone.localdate())).order_by("from_date")


def all_departments() -> list[Department]:
    """With their areas, by area and name in Chinese."""
    return list(Department.objects.select_related("area").order_by("area__code", "name_zh"))
