"""The way of a version, the same for figures and judgements: draft, (to be signed,) submitted,
returned, recalled or approved.

Each step is one function: atomic, on the locked cell, with its trail entry.
"""

import datetime
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.reasons import cleaned_reason
from indicators.enums import State, Step
from indicators.models import Cell, Worked
from indicators.queries.rounds import is_open
from targets_site.accounts.access import NotAllowed, held_by, signers_of
from targets_site.accounts.models import Role, User
from targets_site.audit.actions import record

AnyVersion = TypeVar("AnyVersion", bound=Worked)


class StaleVersion(Exception):
    """Somebody stored a newer version than the one that was read."""

    def __init__(self, newer: Worked) -> None:
        super().__init__(str(newer))
        self.newer = newer


class WrongState(Exception):
    """The version is not at the step that this action follows."""

    def __init__(self, version: Worked) -> None:
        super().__init__(f"{version} {version.state}")
        self.version = version


class Locked(Exception):
    """No round asks for this year now."""

    @property
    def words(self) -> str:
        return _("No round asks for this year now, so nothing was stored.")


class TooLateToRecall(Locked):
    """The round closed since it was sent: what was taken back could not be sent again."""

    @property
    def words(self) -> str:
        return _(
            "Nothing was recalled: the round has closed. The reviewers can still return it to you."
        )


def append_draft(
    cell: Cell,
    *,
    content: Mapping[str, Any],
    evidence: Collection[int],
    read_version: int | None,
    correction_reason: str,
    by: User,
) -> Worked:
    """Store the next version of a locked cell as a draft; what is in force stays so.

    read_version: number of the version that was read, None where there was none. The same said
    by the same person on the same read version (a doubled save) returns the stored version, as
    long as nobody has decided on it. Who saves a draft as he read it has entered nothing: it is
    returned as it stands, and what was returned to the officials stays, in its next version, with
    whoever entered it.
    Raises NotAllowed unless `by` enters for a department that reports the cell, StaleVersion when
    a newer version than the one read is stored, WrongState while the newest one waits for a
    decision, Locked where no round is open and nothing is in force that could be corrected,
    ValidationError, by field, when a version in force is to be replaced without a reason, or for
    a reason that is no text of ours (see `cleaned_reason`).
    """
    departments = entering(cell, by)
    reason = cleaned_reason(correction_reason, field="correction_reason")
    said = {**content, "correction_reason": reason if cell.in_force_id else ""}
    # The newest one, since whoever holds the cell appends to it. Read after the lock, never joined
    # to it: PostgreSQL joins what stood there before it waited.
    newest: Worked | None = cell.working
    number = newest.number if newest else 0
    if newest is not None and number != (read_version or 0):
        if number == (read_version or 0) + 1 and _is_repeated(newest, said, evidence, by=by):
            return newest
        raise StaleVersion(newest)
    if newest is not None and newest.state in State.waiting():
        raise WrongState(newest)
    if not cell.in_force_id and not is_open(cell, departments=departments):
        raise Locked(cell.about)
    if cell.in_force_id and not reason:
        raise ValidationError(
            {"correction_reason": _("What is in force is corrected only with a reason.")}
        )
    author, at = by, timezone.now()
    is_on_its_way = newest is not None and newest.state in {State.DRAFT, State.RETURNED}
    if newest is not None and is_on_its_way and _says_the_same(newest, said, evidence):
        if newest.state == State.DRAFT:
            return newest
        author, at = newest.entered_by, newest.entered_at
    version = _append(cell, number=number + 1, said=said, evidence=evidence, by=author, at=at)
    _record(Step.SAVE, version, by=by, role=Role.OFFICIAL, before=newest, evidence=evidence)
    return version


def entering(cell: Cell, by: User) -> frozenset[int]:
    """The departments that report the cell for which the person enters, with those of them that
    took their place; raises NotAllowed where there is none."""
    departments = cell.entered_by(by)
    if not departments:
        raise NotAllowed(_("Your department does not report this in that year."))
    return departments


def _is_repeated(
    stored: Worked, said: Mapping[str, Any], evidence: Collection[int], *, by: User
) -> bool:
    undecided = stored.state in {State.DRAFT, *State.waiting()}
    is_own = stored.entered_by_id == by.pk
    return is_own and undecided and _says_the_same(stored, said, evidence)


def _says_the_same(stored: Worked, said: Mapping[str, Any], evidence: Collection[int]) -> bool:
    if any(getattr(stored, name) != each for name, each in said.items()):
        return False
    return set(stored.evidence.values_list("pk", flat=True)) == set(evidence)


def _append(
    cell: Cell,
    *,
    number: int,
    said: Mapping[str, Any],
    evidence: Collection[int],
    by: User,
    at: datetime.datetime,
) -> Worked:
    """by, at: who entered what it says, and when."""
    version: Worked = cell.versions.create(
        number=number, state=State.DRAFT, entered_by=by, entered_at=at, **said
    )
    if evidence:
        version.evidence.set(evidence)
    cell.work_on(version)
    return version


@transaction.atomic
def submit(*, version: AnyVersion, by: User, check: Callable[[AnyVersion], None]) -> AnyVersion:
    """Send a draft on: to the department's signer where it has one, else to the reviewers.

    Whoever entered or sent it does not sign it; where nobody else signs for the department it goes
    straight to the reviewers, and the trail says why it is unsigned.

    check: raises ValidationError, by field, where something is missing. What the same person has
    sent and nobody decided on (a doubled submit) is returned as it stands.
    Raises NotAllowed, StaleVersion and Locked as `append_draft`, WrongState unless it is a draft.
    """
    cell, locked = _locked(version)
    departments = entering(cell, by)
    _check_step(cell, locked, [State.DRAFT, *State.waiting()])
    if locked.state != State.DRAFT:
        if locked.submitted_by_id == by.pk:
            return locked
        raise WrongState(locked)
    if not locked.correction_reason and not is_open(cell, departments=departments):
        raise Locked(cell.about)
    check(locked)
    before = locked.said()
    locked.submitted_by, locked.submitted_at = by, timezone.now()
    signers = signers_of(sorted(departments.intersection(cell.reporting())))
    hands = locked.hands
    signed_by_others = [pk for pk, people in signers.items() if people - hands]
    locked.submitted_for_id = next(iter([*signed_by_others, *signers]))
    locked.state = State.TO_SIGN if signed_by_others else State.SUBMITTED
    locked.save(update_fields=["state", "submitted_by", "submitted_at", "submitted_for"])
    is_own = not signed_by_others and any(signers.values())
    _record(
        Step.SUBMIT, locked, by=by, role=Role.OFFICIAL, before=before,
        also={"unsigned": "entered or sent by the only signer"} if is_own else {},
    )  # fmt: skip
    return locked


@transaction.atomic
def sign(*, version: AnyVersion, by: User) -> AnyVersion:
    """Sign a version for the department, which sends it to the reviewers.

    Raises NotAllowed when `by` entered or sent it or does not sign for the department that sent it
    (where that no longer reports it, for one that does), WrongState unless it waits for a
    signature, StaleVersion as above.
    """
    cell, locked = _locked(version)
    _check_signer(cell, locked, by)
    _check_step(cell, locked, [State.TO_SIGN])
    before = locked.said()
    locked.signed_by, locked.signed_at, locked.state = by, timezone.now(), State.SUBMITTED
    locked.save(update_fields=["state", "signed_by", "signed_at"])
    _record(Step.SIGN, locked, by=by, role=Role.SIGNER, before=before)
    return locked


@transaction.atomic
def recall(*, version: AnyVersion, by: User) -> AnyVersion:
    """Take back what one sent and nobody decided on; returns a draft that says the same, entered
    by whom it was.

    Raises NotAllowed unless `by` sent it and still enters for its department, WrongState when it
    was decided on, StaleVersion as above, TooLateToRecall where the draft could not be sent again:
    the round has closed, and it is no correction.
    """
    cell, locked = _locked(version)
    departments = entering(cell, by)
    if locked.submitted_by_id != by.pk:
        raise NotAllowed(_("Only the sender recalls."))
    _check_step(cell, locked, State.waiting())
    if not locked.correction_reason and not is_open(cell, departments=departments):
        raise TooLateToRecall(cell.about)
    before = locked.said()
    evidence = list(locked.evidence.values_list("pk", flat=True))
    locked.state, locked.recalled_at = State.RECALLED, timezone.now()
    locked.save(update_fields=["state", "recalled_at"])
    draft = _append(
        cell,
        number=locked.number + 1,
        said={name: getattr(locked, name) for name in (*locked.COPIED, "correction_reason")},
        evidence=evidence,
        by=locked.entered_by,
        at=locked.entered_at,
    )
    _record(Step.RECALL, draft, by=by, role=Role.OFFICIAL, before=before, evidence=evidence)
    return draft  # type: ignore[return-value]  # versions of one cell are of one class


@transaction.atomic
def return_to_official(*, version: AnyVersion, by: User, reason: str) -> AnyVersion:
    """Give a version back: the signer before he signs, a reviewer after; what is in force stays.

    What the signer returns has never left the department: reviewers do not read it, and it keeps
    no year open (see `is_open`).
    Raises ValidationError without a reason or for one that is no text of ours, NotAllowed and
    WrongState as `sign` and `approve`.
    """
    cell, locked = _locked(version)
    if locked.state == State.TO_SIGN:
        _check_signer(cell, locked, by)
        role = Role.SIGNER
    else:
        _check_reviewer(cell, locked, by)
        role = Role.REVIEWER
    _check_step(cell, locked, State.waiting())
    reason = cleaned_reason(reason)
    if not reason:
        raise ValidationError({"reason": _("Say why the figure is returned.")}, code="reason")
    before = locked.said()
    locked.state, locked.return_reason = State.RETURNED, reason
    locked.reviewed_by, locked.reviewed_at = by, timezone.now()
    locked.returned_by_signer = role == Role.SIGNER
    locked.save(
        update_fields=["state", "reviewed_by", "reviewed_at", "return_reason", "returned_by_signer"]
    )
    _record(Step.RETURN, locked, by=by, role=role, before=before, reason=reason)
    return locked


@transaction.atomic
def approve(*, version: AnyVersion, by: User) -> AnyVersion:
    """Put a submitted version in force and mark what rests on it as stale.

    The version in force until now stays readable. Raises NotAllowed when `by` entered, sent or
    signed it or holds no reviewer's post for its area today, WrongState unless it is submitted,
    StaleVersion when a newer version took its place.
    """
    cell, locked = _locked(version)
    _check_reviewer(cell, locked, by)
    _check_step(cell, locked, [State.SUBMITTED])
    replaced = cell.in_force
    locked.state = State.APPROVED
    locked.reviewed_by, locked.reviewed_at = by, timezone.now()
    locked.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    cell.put_in_force(locked)
    _record(
        Step.APPROVE, locked, by=by, role=Role.REVIEWER, before=replaced,
        reason=locked.correction_reason,
    )  # fmt: skip
    return locked


def _locked(version: AnyVersion) -> tuple[Cell, AnyVersion]:
    """The cell and the version as they stand now, held until the step is stored.

    `in_force` and `working` are read afterwards: joined to a row that somebody changed while this
    waited for the lock, PostgreSQL gives nothing in their place.
    """
    kind = type(version.cell)
    cell = (
        kind._default_manager.select_for_update(of=("self",))
        .select_related(*kind.RELATED)
        .get(pk=version.cell.pk)
    )
    return cell, cell.versions.get(pk=version.pk)


def _check_step(cell: Cell, version: Worked, states: Collection[State]) -> None:
    if cell.working is not None and cell.working_id != version.pk:
        raise StaleVersion(cell.working)
    if version.state not in states:
        raise WrongState(version)


def _check_signer(cell: Cell, version: Worked, by: User) -> None:
    if held_by(by).signed.isdisjoint(_signing(cell, version)):
        raise NotAllowed(_("You do not sign for this department."))
    if by.pk in version.hands:
        raise NotAllowed(_("Nobody signs what he entered."))


def _signing(cell: Cell, version: Worked) -> frozenset[int]:
    """The department whose official sent it; where that no longer reports it, those that do."""
    reporting = frozenset(cell.reporting())
    return reporting & {version.submitted_for_id} or reporting


def _check_reviewer(cell: Cell, version: Worked, by: User) -> None:
    if cell.area.pk not in held_by(by).reviewed:
        raise NotAllowed(_("You do not review the figures of this area."))
    if by.pk in version.hands:
        raise NotAllowed(_("Nobody approves what he entered."))


def _record(
    step: Step,
    version: Worked,
    *,
    by: User,
    role: Role,
    before: Worked | Mapping[str, Any] | None,
    reason: str = "",
    evidence: Collection[int] = (),
    also: Mapping[str, Any] | None = None,
) -> None:
    """evidence: ids of the files of a version that is stored just now; they are asked for only
    where there are any. also: what the entry says beside the version."""
    files = version.evidence.order_by("pk").values("name", "sha256") if evidence else ()
    said = {"evidence": list(files)} if evidence else {}
    record(
        step,
        version.cell.about,
        by=by.username,
        role=role,
        before=before.said() if isinstance(before, Worked) else before,
        after={**version.said(), **said, **(also or {})},
        reason=reason or version.correction_reason,
    )
