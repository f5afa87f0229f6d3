"""Granting, refusing and ending posts: the security administrator's work."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import (
    DEPARTMENT_ROLES,
    Post,
    PostState,
    Role,
    User,
    exclude_each_other,
)
from targets_site.accounts.rights import check_gives_posts, check_is_person
from targets_site.audit.actions import record
from targets_site.places.models import Area, Department

FIRST_DAY = datetime.date(2000, 1, 1)
LAST_DAY = datetime.date(2099, 12, 31)


class CannotHold(Exception):
    """Nothing was granted: `reasons` say which post cannot be held by whom, and why."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


class AlreadyDecided(Exception):
    """Somebody has granted, refused or ended it in the meantime."""


@dataclass(frozen=True)
class WantedPost:
    """A post that somebody is to hold; `to_date` None where its end is open."""

    role: Role
    area: Area
    department: Department | None
    from_date: datetime.date
    to_date: datetime.date | None = None

    @property
    def role_word(self) -> str:
        return str(self.role.label)

    def problems(self) -> list[tuple[str, str]]:
        """What is wrong with it on its own: the field, and what to say."""
        return [*self._problems_of_department(), *self._problems_of_period()]

    def _problems_of_department(self) -> list[tuple[str, str]]:
        needed = self.role in DEPARTMENT_ROLES
        if needed and self.department is None:
            return [("department", _("An official or signer needs a department."))]
        if not needed and self.department is not None:
            message = _("Only officials and signers have a department here; leave it empty.")
            return [("department", message)]
        if self.department is not None and self.department.area_id != self.area.pk:
            return [("department", _("The department is not one of this area."))]
        return []

    def _problems_of_period(self) -> list[tuple[str, str]]:
        outside = _("A day lies between %(first)s and %(last)s.") % {
            "first": FIRST_DAY,
            "last": LAST_DAY,
        }
        if not FIRST_DAY <= self.from_date <= LAST_DAY:
            return [("from_date", outside)]
        if self.to_date is None:
            return []
        if self.to_date > LAST_DAY:
            return [("to_date", outside)]
        if self.to_date < self.from_date:
            return [("to_date", _("A post cannot end before it starts."))]
        if self.to_date < timezone.localdate():
            return [("to_date", _("This day has passed: the post would never count."))]
        return []

    def post_of(self, user: User) -> Post:
        """The post, neither saved nor granted."""
        return Post(
            user=user,
            role=self.role,
            area=self.area,
            department=self.department,
            from_date=self.from_date,
            to_date=self.to_date,
        )


@transaction.atomic
def grant_post(*, user: User, wanted: WantedPost, by: User) -> Post:
    """Make the post and let it count from its first day.

    Raises NotAllowed unless `by` is a security administrator and somebody else than `user`, and
    CannotHold where the post makes no sense or the person may not hold it.
    """
    problems = [message for _field, message in wanted.problems()]
    if problems:
        raise CannotHold(problems)
    post = wanted.post_of(user)
    _grant([post], by=by)
    return post


@transaction.atomic
def grant_requests(*, posts: Collection[int], by: User) -> list[Post]:
    """Let requested posts (by id) count from their first days: all of them, or none.

    Raises NotAllowed as `grant_post`, AlreadyDecided where one is no longer requested, CannotHold
    with every reason where somebody may not hold one.
    """
    return _grant(_locked_requests(posts, by=by), by=by)


@transaction.atomic
def refuse_requests(*, posts: Collection[int], reason: str, by: User) -> list[Post]:
    """Raises NotAllowed as `grant_post`, AlreadyDecided where a post is no longer requested,
    ValidationError without a reason."""
    refused = _locked_requests(posts, by=by)
    for post in refused:
        check_is_somebody_else(post.user, by=by)
    if not reason.strip():
        raise ValidationError(_("“Reason” is missing: say why."), code="required")
    now = timezone.now()
    for post in refused:
        post.refused_by, post.refused_at, post.refused_reason = by, now, reason
        record("refuse_post", about(post), by=by.username, role=Role.SECURITY_ADMIN, reason=reason)
    Post.objects.bulk_update(refused, ["refused_by", "refused_at", "refused_reason"])
    return refused


@transaction.atomic
def end_post(*, post: Post, last_day: datetime.date | None, by: User) -> Post:
    """Let a granted post end: at once, or after its last day where one is given.

    Ended at once it counts from the next request on; its last day is then yesterday.
    Raises NotAllowed unless `by` is a security administrator and does not hold it himself,
    AlreadyDecided where it has ended or was never granted, ValidationError where the day has
    passed, lies before the first one, or does not shorten the post.
    """
    check_gives_posts(by)
    post = (
        Post.objects.select_for_update(of=("self",)).select_related("user", "area").get(pk=post.pk)
    )
    check_is_somebody_else(post.user, by=by)
    today = timezone.localdate()
    if not Post.objects.granted().until(today).filter(pk=post.pk).exists():
        raise AlreadyDecided(str(post))
    before = post.to_date
    post.to_date = last_day or today - datetime.timedelta(days=1)
    if last_day is not None:
        _check_last_day(last_day, post.from_date, before)
    post.ended_by, post.ended_at = by, timezone.now()
    post.save(update_fields=["to_date", "ended_by", "ended_at"])
    record(
        "end_post",
        about(post),
        by=by.username,
        role=Role.SECURITY_ADMIN,
        before={"to_date": before},
        after={**described(post), "at_once": last_day is None},
    )
    return post


def check_is_somebody_else(user: User, *, by: User) -> None:
    """Raises NotAllowed: nobody decides on his own posts or his own account."""
    if user.pk == by.pk:
        raise NotAllowed("Nobody decides on himself.")


def about(post: Post) -> str:
    """How the trail calls it; what else identifies it stands among the values."""
    return f"post:{post.user.username}:{post.role}"


def described(post: Post) -> dict[str, object]:
    """The post as the trail keeps it."""
    return {
        "area": post.area.code,
        "department": post.department.code if post.department else None,
        "from_date": post.from_date,
        "to_date": post.to_date,
    }


def period_in_words(post: Post) -> str:
    if post.to_date is None:
        return _("from %(first)s") % {"first": post.from_date}
    return _("%(first)s to %(last)s") % {"first": post.from_date, "last": post.to_date}


def overlap(first: Post | WantedPost, second: Post | WantedPost) -> bool:
    """Whether both have days, and one in common."""
    starts = max(first.from_date, second.from_date)
    ends = [post.to_date for post in (first, second) if post.to_date is not None]
    return not ends or starts <= min(ends)


def _check_last_day(
    last_day: datetime.date, from_date: datetime.date, before: datetime.date | None
) -> None:
    if last_day < timezone.localdate():
        raise ValidationError(
            _("This day has passed. To end the post at once, leave the day empty."), code="passed"
        )
    if last_day < from_date:
        raise ValidationError(_("A post cannot end before it starts."), code="before_start")
    if before is not None and last_day >= before:
        raise ValidationError(
            _("It ends on %(day)s already. To make it longer, grant another one."),
            code="not_shorter",
            params={"day": before},
        )


def _locked_requests(posts: Collection[int], *, by: User) -> list[Post]:
    check_gives_posts(by)
    requests = Post.objects.requested().select_for_update(of=("self",))
    found = list(
        requests.filter(pk__in=posts)
        .select_related("user", "area", "department")
        .order_by("user_id", "pk")
    )
    if len(found) != len(set(posts)):
        raise AlreadyDecided
    return found


def _grant(posts: Sequence[Post], *, by: User) -> list[Post]:
    """Grant all or raise; holders are locked, so that two grants to one person come in turn."""
    check_gives_posts(by)
    for user in {post.user for post in posts}:
        check_is_person(user)
        check_is_somebody_else(user, by=by)
    holders = sorted({post.user_id for post in posts})
    active = set(
        User.objects.select_for_update(no_key=True)
        .filter(pk__in=holders, is_active=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    now = timezone.now()
    for post in posts:
        post.granted_by, post.granted_at = by, now
    reasons = _reasons_against(posts, active=active)
    if reasons:
        raise CannotHold(reasons)
    _save_granted(posts, by=by)
    return list(posts)


def _reasons_against(posts: Iterable[Post], *, active: Collection[int]) -> list[str]:
    """Why the holders may not have them, compared with what they hold and with each other."""
    posts = list(posts)
    held = defaultdict(list)
    others = Post.objects.exclude(pk__in=[post.pk for post in posts if post.pk])
    for other in others.filter(user__in=[post.user_id for post in posts], refused_at=None):
        held[other.user_id].append(other)
    reasons = []
    for post in posts:
        if post.user_id not in active:
            reasons.append(_("%(who)s: the account is disabled.") % {"who": post.user})
        else:
            reasons += [_conflict(post, other) for other in held[post.user_id]]
        held[post.user_id].append(post)
    return [reason for reason in reasons if reason]


def _conflict(post: Post, held: Post) -> str:
    """Why nobody holds both; empty where one may."""
    asked_for = held.state == PostState.REQUESTED
    if not overlap(post, held) or (asked_for and not _is_same(post, held)):
        return ""
    words = {
        "who": post.user,
        "held": held.get_role_display(),
        "wanted": post.get_role_display(),
        "period": period_in_words(held),
    }
    if asked_for:
        return _("%(who)s: this post is asked for; grant or refuse that first.") % words
    if _is_same(post, held):
        return _("%(who)s holds this post already: %(held)s, %(period)s.") % words
    if exclude_each_other(post.role, held.role):
        return (
            _("%(who)s: nobody is %(held)s (%(period)s) and %(wanted)s at the same time.") % words
        )
    return ""


def _is_same(first: Post, second: Post) -> bool:
    return (first.role, first.area_id, first.department_id) == (
        second.role,
        second.area_id,
        second.department_id,
    )


def _save_granted(posts: Iterable[Post], *, by: User) -> None:
    """Raises CannotHold where the database knows of a post that was granted in the meantime."""
    posts = list(posts)
    try:
        Post.objects.bulk_update(
            [post for post in posts if post.pk], ["granted_by", "granted_at"], batch_size=500
        )
        Post.objects.bulk_create([post for post in posts if not post.pk])
    except IntegrityError as error:
        raise CannotHold([_("Somebody has decided meanwhile; look at the posts anew.")]) from error
    for post in posts:
        record(
            "grant_post",
            about(post),
            by=by.username,
            role=Role.SECURITY_ADMIN,
            after=described(post),
        )
