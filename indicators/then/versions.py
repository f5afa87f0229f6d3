"""Versions as they stood: those that there were, at the step that they had come to.

A step was taken where its time is not later than the moment. Of two things no column tells: when
somebody saved what was returned without a change (its author and time stay those of the version
before), and whether what was recalled before anybody signed it waited for the signer or for the
reviewers. The first is there from the moment it was returned, the second counts as with the signer.
"""

from collections.abc import Mapping
from functools import partial

from indicators.enums import State
from indicators.models import JudgementVersion, ObservationVersion, Worked
from targets_site.then.views import At, Select, columns


def approved_at(of: str) -> str:
    """When a version came into force; what was loaded, when it was loaded."""
    return f"COALESCE({of}.reviewed_at, {of}.entered_at)"


def was_approved(at: At, of: str) -> str:
    return f"{of}.state = '{State.APPROVED.value}' AND {approved_at(of)} <= {at.moment}"


def was_there(at: At, of: str, *, cell: str, model: type[Worked]) -> str:
    """Whether the version had been stored. A draft after a recall, or after a return, may have
    the author and time of the version before it.

    cell: the column that leads to the cell.
    """
    return f"""{of}.entered_at <= {at.moment} AND NOT EXISTS (
        SELECT 1 FROM {at.real(model)} earlier
        WHERE earlier.{cell} = {of}.{cell} AND earlier.number = {of}.number - 1
        AND (
            earlier.state = '{State.RECALLED.value}' AND earlier.recalled_at > {at.moment}
            OR earlier.state = '{State.RETURNED.value}' AND earlier.reviewed_at > {at.moment}
        )
    )"""


def _state(at: At) -> str:
    return f"""CASE
        WHEN {was_approved(at, "own")} THEN '{State.APPROVED.value}'
        WHEN own.state = '{State.RETURNED.value}' AND own.reviewed_at <= {at.moment}
            THEN '{State.RETURNED.value}'
        WHEN own.state = '{State.RECALLED.value}' AND own.recalled_at <= {at.moment}
            THEN '{State.RECALLED.value}'
        WHEN own.submitted_at <= {at.moment} THEN CASE
            WHEN own.signed_at <= {at.moment} THEN '{State.SUBMITTED.value}'
            WHEN own.signed_at > {at.moment} OR own.returned_by_signer
                OR own.state IN ('{State.TO_SIGN.value}', '{State.RECALLED.value}')
                THEN '{State.TO_SIGN.value}'
            ELSE '{State.SUBMITTED.value}' END
        ELSE '{State.DRAFT.value}' END"""


def _select(at: At, *, model: type[Worked], cell: str) -> str:
    def if_by(time: str, column: str, otherwise: str = "NULL") -> str:
        return f"CASE WHEN own.{time} <= {at.moment} THEN own.{column} ELSE {otherwise} END"

    shown = columns(
        model,
        "own",
        state=_state(at),
        submitted_by_id=if_by("submitted_at", "submitted_by_id"),
        submitted_at=at.by_then("own.submitted_at"),
        submitted_for_id=if_by("submitted_at", "submitted_for_id"),
        signed_by_id=if_by("signed_at", "signed_by_id"),
        signed_at=at.by_then("own.signed_at"),
        recalled_at=at.by_then("own.recalled_at"),
        reviewed_by_id=if_by("reviewed_at", "reviewed_by_id"),
        reviewed_at=at.by_then("own.reviewed_at"),
        return_reason=if_by("reviewed_at", "return_reason", "''"),
        returned_by_signer=if_by("reviewed_at", "returned_by_signer", "FALSE"),
    )
    there = was_there(at, "own", cell=cell, model=model)
    return f"SELECT {shown} FROM {at.real(model)} own WHERE {there}"


SELECTS: Mapping[type[Worked], Select] = {
    ObservationVersion: partial(_select, model=ObservationVersion, cell="observation_id"),
    JudgementVersion: partial(_select, model=JudgementVersion, cell="judgement_id"),
}
