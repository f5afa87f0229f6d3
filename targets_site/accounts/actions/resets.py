"""One-time passwords for accounts with posts, and second factors taken off: asked for by the system
administrator, confirmed by another administrator, and only then made."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from targets_site.accounts.access import NotAllowed
from targets_site.accounts.actions.accounts import Issued, issue_anew, locked_account
from targets_site.accounts.actions.posts import AlreadyDecided
from targets_site.accounts.actions.second_factor import take_off
from targets_site.accounts.models import PasswordReset, ResetAction, ResetState, Role, User
from targets_site.accounts.rights import check_confirms, confirming_role, holds
from targets_site.audit.actions import record


class AlreadyAsked(Exception):
    """One waits for its confirmation."""


class NotConfirmed(Exception):
    """No one-time password for the account waits for this person, or no longer."""


@transaction.atomic
def ask_reset(*, user: User, reason: str, by: User) -> PasswordReset:
    """Ask for a one-time password: a new one, or where the account is disabled, to open it again.

    Nothing changes for the account. One that was confirmed and not made lapses. Raises NotAllowed
    unless `by` is a system administrator and somebody else, AlreadyAsked, and ValidationError
    without a reason.
    """
    user = locked_account(user, by=by)
    action = ResetAction.RESET if user.is_active else ResetAction.ENABLE
    return _ask(action, user, reason=reason, by=by)


@transaction.atomic
def ask_second_factor_reset(*, user: User, reason: str, by: User) -> PasswordReset:
    """Ask for the second factor to be taken off, since the phone is lost; with or without posts.

    Raises as `ask_reset`, and NotAllowed where the account has none.
    """
    user = locked_account(user, by=by)
    if user.second_factor_since is None:
        raise NotAllowed("The account has no second factor.")
    return _ask(ResetAction.SECOND_FACTOR, user, reason=reason, by=by)


def _ask(action: ResetAction, user: User, *, reason: str, by: User) -> PasswordReset:
    _check_reason(reason)
    before = PasswordReset.objects.of_user(user)
    if before.waiting().exists():
        raise AlreadyAsked
    before.open().update(state=ResetState.LAPSED)
    reset = PasswordReset.objects.create(
        user=user,
        action=action,
        reason=reason,
        requested_by=by,
    )
    _record("ask", reset, by=by, role=Role.SYSTEM_ADMIN, reason=reason)
    return reset


@transaction.atomic
def confirm_reset(*, reset: PasswordReset, by: User) -> PasswordReset:
    """Let who asked have the password made, for three days; a second factor is taken off at once,
    since there is nothing to hand over.

    Raises NotAllowed unless `by` is a security administrator (where the account is one's, an audit
    administrator), and neither its person nor who asked; AlreadyDecided where it does not wait.
    """
    reset = _decide(reset, ResetState.CONFIRMED, by=by)
    if reset.action == ResetAction.SECOND_FACTOR:
        _take_off_second_factor(reset, by=by)
    return reset


@transaction.atomic
def refuse_reset(*, reset: PasswordReset, reason: str, by: User) -> PasswordReset:
    """Raises as `confirm_reset`, and ValidationError without a reason."""
    _check_reason(reason)
    return _decide(reset, ResetState.REFUSED, by=by, reason=reason)


@transaction.atomic
def issue_confirmed(*, user: User, by: User) -> Issued:
    """Make the password that was confirmed, good for three days; sessions with the old one end.

    Raises NotAllowed unless `by` is a system administrator and somebody else, NotConfirmed where
    nothing waits that `by` asked for, its days have passed, or who confirmed it could not today.
    """
    user = locked_account(user, by=by)
    reset = PasswordReset.objects.of_user(user).open().select_related("decided_by").first()
    if reset is None or not reset.is_for(by) or not _still_confirmed(reset, user):
        raise NotConfirmed
    reset.state = ResetState.ISSUED
    reset.save(update_fields=["state"])
    return issue_anew(
        ResetAction(reset.action),
        user,
        by=by,
        until=timezone.now() + PasswordReset.GOOD_FOR,
        after={"confirmed_by": str(reset.decided_by and reset.decided_by.username)},
    )


def _take_off_second_factor(reset: PasswordReset, *, by: User) -> None:
    """Of an account that the decision has locked."""
    reset.state = ResetState.ISSUED
    reset.save(update_fields=["state"])
    role = confirming_role(reset.user)
    record(
        "reset_second_factor",
        f"user:{reset.user.username}",
        by=by.username,
        role=role,
        after={"asked_by": reset.requested_by.username},
    )
    take_off(user=reset.user, by=by, role=role, reason="reset_second_factor")


def _still_confirmed(reset: PasswordReset, user: User) -> bool:
    """Whether the account is as it was, and who confirmed would be asked today."""
    as_it_was = user.is_active == (reset.action == ResetAction.RESET)
    by = reset.decided_by
    return as_it_was and by is not None and holds(by, confirming_role(user))


def _decide(
    reset: PasswordReset, state: ResetState, *, by: User, reason: str = ""
) -> PasswordReset:
    # The account first, as whoever asks and makes it does: so they wait for each other.
    user = User.objects.select_for_update(no_key=True).get(pk=reset.user_id)
    reset = PasswordReset.objects.select_related("requested_by", "user").get(pk=reset.pk)
    check_confirms(by, user=user, requested_by=reset.requested_by)
    if reset.state != ResetState.REQUESTED:
        raise AlreadyDecided(str(reset))
    role = confirming_role(user)
    reset.state, reset.refused_reason = state, reason
    reset.decided_by, reset.decided_at = by, timezone.now()
    reset.save(update_fields=["state", "refused_reason", "decided_by", "decided_at"])
    step = "confirm" if state == ResetState.CONFIRMED else "refuse"
    _record(step, reset, by=by, role=role, reason=reason)
    return reset


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError(_("“Reason” is missing: say why."), code="required")


def _record(step: str, reset: PasswordReset, *, by: User, role: Role, reason: str) -> None:
    """As `ask_reset_password` or `confirm_enable_account`."""
    record(
        f"{step}_{reset.action}",
        f"user:{reset.user.username}",
        by=by.username,
        role=role,
        reason=reason,
    )
