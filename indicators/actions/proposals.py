"""Four eyes on readings: one steward proposes how a target is read, another confirms it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.readings import read_target
from indicators.enums import ProposalState
from indicators.models import ReadingProposal, Series, TargetReading
from plans.enums import Kind
from plans.models import Target
from targets_site.accounts.access import NotAllowed, held_by
from targets_site.accounts.models import Role, User
from targets_site.audit.actions import record

# What a reading says beside its series.
CONTENT = (
    "hold_from", "tolerance", "baseline_year", "baseline_value", "note_zh", "note_en",
)  # fmt: skip


class Decided(Exception):
    """Somebody decided on the proposal, or the reading that it would replace has changed."""


@transaction.atomic
def propose(
    *, target: Target, series: Series, content: Mapping[str, Any], by: User
) -> ReadingProposal:
    """Propose a reading; the one in force stays so until another steward confirms.

    content: by the names of CONTENT. Raises NotAllowed unless `by` is a steward of the target's
    area, ValidationError while another proposal is open, where the series is of another area or
    unit, or for half a baseline.
    """
    _check_steward(target, by)
    Target.objects.select_for_update().get(pk=target.pk)
    if ReadingProposal.objects.filter(
        target_code=target.code, state=ProposalState.PROPOSED
    ).exists():
        raise ValidationError(_("Another proposal waits to be confirmed."), code="open")
    _check_fits(target, series, content)
    proposal = ReadingProposal.objects.create(
        target_code=target.code,
        target=target,
        replaces=_in_force(target),
        series=series,
        proposed_by=by,
        **content,
    )
    _record("propose_reading", proposal, by=by)
    return proposal


@transaction.atomic
def confirm(*, proposal: ReadingProposal, by: User) -> TargetReading:
    """Put a proposed reading in force; the target becomes stale.

    Raises NotAllowed unless `by` is a steward of the area who did not propose it, Decided where it
    was decided on, or where the reading in force is not the one that it was to replace.
    """
    locked = _locked(proposal, by)
    target = Target.objects.in_force().get(code=locked.target_code)
    before = _in_force(target)
    if before != locked.replaces:
        raise Decided(locked.target_code)
    reading = read_target(
        target,
        series=locked.series,
        content={
            **{name: getattr(locked, name) for name in CONTENT},
            "confirmed_by": by,
        },
        by=locked.proposed_by,
    )
    _decide(locked, ProposalState.CONFIRMED, by=by)
    _record("confirm_reading", locked, by=by, before=before)
    return reading


@transaction.atomic
def refuse(*, proposal: ReadingProposal, by: User, reason: str) -> ReadingProposal:
    """Leave the reading in force as it is; the proposer may withdraw his own this way.

    Raises ValidationError without a reason, else as `confirm`.
    """
    locked = _locked(proposal, by, may_be_own=True)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the reading is not confirmed.")})
    locked.refusal_reason = reason
    _decide(locked, ProposalState.REFUSED, by=None if locked.proposed_by_id == by.pk else by)
    _record("refuse_reading", locked, by=by, reason=reason)
    return locked


def _check_steward(target: Target, by: User) -> None:
    if target.area_id not in held_by(by).stewarded:
        raise NotAllowed(_("You keep no readings of this area."))


def _check_fits(target: Target, series: Series, content: Mapping[str, Any]) -> None:
    wrong: dict[str, str] = {}
    if target.kind == Kind.TEXT:
        raise ValidationError(_("A target in words is judged, not measured."), code="text")
    if series.area_id != target.area_id:
        wrong["series"] = _("The series is of another area.")
    elif target.kind != Kind.RELATIVE and series.indicator.unit != target.unit:
        wrong["series"] = _("The unit of the series is not that of the target.")
    half = (content["baseline_year"] is None) != (content["baseline_value"] is None)
    if half and target.kind != Kind.RELATIVE:
        wrong["baseline_value"] = _("A baseline needs its year and its value.")
    if wrong:
        raise ValidationError(wrong)


def _locked(proposal: ReadingProposal, by: User, *, may_be_own: bool = False) -> ReadingProposal:
    locked = (
        ReadingProposal.objects.select_for_update(of=("self",))
        .select_related("target", "series", "proposed_by", "replaces")
        .get(pk=proposal.pk)
    )
    _check_steward(locked.target, by)
    if locked.proposed_by_id == by.pk and not may_be_own:
        raise NotAllowed(_("A reading is confirmed by somebody else."))
    if locked.state != ProposalState.PROPOSED:
        raise Decided(locked.target_code)
    return locked


def _decide(proposal: ReadingProposal, state: ProposalState, *, by: User | None) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, timezone.now()
    proposal.save(update_fields=["state", "decided_by", "decided_at", "refusal_reason"])


def _in_force(target: Target) -> TargetReading | None:
    return TargetReading.objects.in_force().filter(target__code=target.code).first()


def _record(
    action: str,
    proposal: ReadingProposal,
    *,
    by: User,
    before: TargetReading | None = None,
    reason: str = "",
) -> None:
    record(
        action,
        f"reading:{proposal.target_code}",
        by=by.username,
        role=Role.STEWARD,
        before=_said(before) if before else None,
        after={**_said(proposal), "proposed_by": proposal.proposed_by.username},
        reason=reason,
    )


def _said(reading: TargetReading | ReadingProposal) -> dict[str, Any]:
    return {"series": reading.series.code, **{name: getattr(reading, name) for name in CONTENT}}
