"""Making, disabling and opening accounts, the system administrator's work; one's own password and
e-mail address."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from targets_site.accounts import passwords
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.actions.posts import (
    WantedPost,
    about,
    check_is_somebody_else,
    described,
)
from targets_site.accounts.actions.sessions import end_sessions
from targets_site.accounts.actions.tokens import end_tokens
from targets_site.accounts.models import (
    FormerPassword,
    PasswordReset,
    Post,
    ResetAction,
    ResetState,
    Role,
    User,
)
from targets_site.accounts.rights import (
    check_is_person,
    check_makes_accounts,
    needs_confirmation,
)
from targets_site.accounts.validators import validate_email_address, validate_username
from targets_site.audit.actions import LONGEST_OBJECT, record


class NameTaken(Exception):
    """An account of one of the names exists."""


@dataclass(frozen=True)
class WantedAccount:
    """A person who is to get an account, and the posts that are asked for with it."""

    username: str
    full_name: str
    posts: tuple[WantedPost, ...] = ()
    email: str = ""


@dataclass(frozen=True)
class Issued:
    """An account with its one-time password, which is in no other place: show it once."""

    user: User
    password: str = field(repr=False)


def create_account(*, wanted: WantedAccount, by: User) -> Issued:
    """One account; see `create_accounts`."""
    [issued] = create_accounts(wanted=[wanted], by=by)
    return issued


@transaction.atomic
def create_accounts(*, wanted: Sequence[WantedAccount], by: User) -> list[Issued]:
    """Make all accounts, in their order, with one-time passwords; their posts are requested and
    count once the security administrator grants them.

    Raises NotAllowed unless `by` is a system administrator, NameTaken where an account exists,
    ValidationError where a user name or an e-mail address is none.
    """
    check_makes_accounts(by)
    issued = issue_accounts(wanted)
    for made in issued:
        _record("create_account", made.user, by=by, after=_described(made.user))
    _request_posts(zip(wanted, issued, strict=True), by=by)
    return issued


@transaction.atomic
def import_accounts(
    *, wanted: Sequence[WantedAccount], name: str, sha256: str, by: User
) -> list[Issued]:
    """`create_accounts` from an uploaded sheet, which the trail names too."""
    issued = create_accounts(wanted=wanted, by=by)
    record(
        "import_accounts",
        f"sheet:{name}"[:LONGEST_OBJECT],
        by=by.username,
        role=Role.SYSTEM_ADMIN,
        after={
            "sha256": sha256,
            "accounts": len(wanted),
            "posts": sum(len(each.posts) for each in wanted),
        },
    )
    return issued


def issue_accounts(wanted: Sequence[WantedAccount]) -> list[Issued]:
    """The accounts alone, in their order: for the actions that record who asked for them."""
    for each in wanted:
        validate_username(each.username)
        if each.email:
            validate_email_address(each.email)
    if taken_names(each.username for each in wanted):
        raise NameTaken
    one_time = [passwords.one_time_password() for _each in wanted]
    users = [
        User(
            username=each.username,
            full_name=each.full_name,
            email=each.email,
            password=passwords.hashed(password),
            must_change_password=True,
        )
        for each, password in zip(wanted, one_time, strict=True)
    ]
    try:
        users = User.objects.bulk_create(users)
    except IntegrityError as error:
        raise NameTaken from error
    return [Issued(user, password) for user, password in zip(users, one_time, strict=True)]


def taken_names(names: Iterable[str]) -> set[str]:
    """Those of the names (in small letters) that an account has, however it is written."""
    wanted = set(names)
    return {User.REFERENCE} & wanted | {
        name.lower()
        for name in User.objects.values_list("username", flat=True)
        if name.lower() in wanted
    }


@transaction.atomic
def disable_account(*, user: User, by: User) -> None:
    """Nobody can sign in with the account any more, and its sessions and tokens end.

    Its password opens nothing afterwards, and what it had before is forgotten: who is let in again
    gets a new one. Raises NotAllowed
    unless `by` is a system administrator and somebody else.
    """
    user = locked_account(user, by=by)
    user.is_active, user.suspended_at = False, None
    user.set_unusable_password()
    user.save(update_fields=["is_active", "suspended_at", "password"])
    FormerPassword.objects.of_user(user).delete()
    lapse_resets(user)
    _record("disable_account", user, by=by)
    end_tokens(user=user, by=by, reason="disable_account")
    end_sessions(user=user, by=by, reason="disable_account")


@transaction.atomic
def enable_account(*, user: User, by: User) -> Issued:
    """Open a disabled account again, with a one-time password. Raises NotAllowed as
    `disable_account`, and where the account has a post (see `resets.ask_reset`)."""
    user = _account_without_posts(user, by=by)
    return issue_anew(ResetAction.ENABLE, user, by=by)


@transaction.atomic
def reset_password(*, user: User, by: User) -> Issued:
    """A new one-time password; sessions with the old one end. Raises NotAllowed as
    `enable_account`, and where the account is disabled: opening it is another decision."""
    user = _account_without_posts(user, by=by)
    if not user.is_active:
        raise NotAllowed("The account is disabled.")
    return issue_anew(ResetAction.RESET, user, by=by)


@transaction.atomic
def set_email(*, user: User, email: str, by: User) -> None:
    """Where the person's notices are mailed; empty: nowhere. The trail keeps old and new.

    Raises NotAllowed as `disable_account`, ValidationError where it is no address.
    """
    _change_email(locked_account(user, by=by), email, by=by, role=Role.SYSTEM_ADMIN)


@transaction.atomic
def change_own_email(*, user: User, email: str) -> None:
    """As `set_email`, by the person."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _change_email(locked, email, by=user, role="")


@transaction.atomic
def change_own_password(*, user: User, password: str, keep: str | None = None) -> None:
    """Store what the person chose and was validated; tokens end, and sessions but the one with the
    key `keep`, in which he did it."""
    _keep_former_password(user)
    user.set_password(password)
    user.must_change_password, user.password_changed_at = False, timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    _record("change_password", user, by=user, role="")
    end_tokens(user=user, by=user, reason="change_password")
    end_sessions(user=user, by=user, reason="change_password", keep=keep)


def locked_account(user: User, *, by: User) -> User:
    """The account locked and as it stands now, for a system administrator who is somebody else.

    Grants of posts lock it too. Raises NotAllowed as `disable_account`.
    """
    check_makes_accounts(by)
    check_is_person(user)
    check_is_somebody_else(user, by=by)
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def issue_anew(
    action: ResetAction,
    user: User,
    *,
    by: User,
    until: datetime.datetime | None = None,
    after: dict[str, str] | None = None,
) -> Issued:
    """A one-time password for a locked account, good until it is used, or `until`. What was asked
    for before lapses."""
    password = passwords.one_time_password()
    _keep_former_password(user)
    user.password = passwords.hashed(password)
    user.is_active = user.must_change_password = True
    user.one_time_until, user.suspended_at, user.reopened_at = until, None, timezone.now()
    user.save(
        update_fields=[
            "password", "is_active", "must_change_password", "one_time_until", "suspended_at",
            "reopened_at",
        ]
    )  # fmt: skip
    lapse_resets(user)
    _record(action, user, by=by, after=after)
    end_tokens(user=user, by=by, reason=action)
    end_sessions(user=user, by=by, reason=action)
    return Issued(user, password)


def lapse_resets(user: User) -> None:
    """Whatever was asked for or confirmed for the account, and not yet made, no longer counts."""
    PasswordReset.objects.of_user(user).open().update(state=ResetState.LAPSED)


def was_had_lately(user: User, password: str) -> bool:
    """Whether it is one of the last PASSWORD_HISTORY that the person chose, without the one of
    today. Each costs as much as a login."""
    others = settings.PASSWORD_HISTORY - user.has_own_password
    former = FormerPassword.objects.of_user(user)[: max(0, others)]
    return any(check_password(password, each.password) for each in former)


def _keep_former_password(user: User) -> None:
    """The hash of the password of one's own that is about to go; only the newest ones stay."""
    if user.has_own_password:
        FormerPassword.objects.create(user=user, password=user.password)
    kept = FormerPassword.objects.of_user(user)[: settings.PASSWORD_HISTORY].values_list("pk")
    FormerPassword.objects.of_user(user).exclude(pk__in=[pk for (pk,) in kept]).delete()


def _account_without_posts(user: User, *, by: User) -> User:
    """As `locked_account`; one administrator alone lets nobody into an account with rights."""
    user = locked_account(user, by=by)
    if needs_confirmation(user):
        raise NotAllowed("Another administrator confirms this first.")
    return user


def _change_email(user: User, email: str, *, by: User, role: str) -> None:
    if email:
        validate_email_address(email)
    before = user.email
    if email == before:
        return
    user.email = email
    user.save(update_fields=["email"])
    _record(
        "change_email", user, by=by, role=role, before={"email": before}, after={"email": email}
    )


def _described(user: User) -> dict[str, str]:
    """A new account as the trail keeps it."""
    given = {"full_name": user.full_name, "email": user.email}
    return {name: value for name, value in given.items() if value}


def _request_posts(accounts: Iterable[tuple[WantedAccount, Issued]], *, by: User) -> None:
    posts = [post.post_of(made.user) for wanted, made in accounts for post in wanted.posts]
    now = timezone.now()
    for post in posts:
        post.requested_by, post.requested_at = by, now
    Post.objects.bulk_create(posts)
    for post in posts:
        record(
            "request_post",
            about(post),
            by=by.username,
            role=Role.SYSTEM_ADMIN,
            after=described(post),
        )


def _record(
    action: str,
    user: User,
    *,
    by: User,
    role: str = Role.SYSTEM_ADMIN,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    about = f"user:{user.username}"
    record(action, about, by=by.username, role=role, before=before, after=after)
