"""Judging a target in words and sending the judgement on; further steps stand in `workflow`."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.actions import workflow
from indicators.models import Judgement, JudgementVersion
from plans.enums import Kind
from plans.models import Target
from targets_site.accounts.models import User


@transaction.atomic
def save(
    *,
    target: Target,
    year: int,
    outcome: str,
    narrative: str,
    read_version: int | None,
    by: User,
    evidence: Collection[int] = (),
    correction_reason: str = "",
) -> JudgementVersion:
    """Store the next version of a judgement as a draft; the approved one stays in force.

    Raises ValidationError unless the target is one in words whose period holds the year, else as
    `workflow.append_draft`.
    """
    if target.kind != Kind.TEXT:
        raise ValidationError({"outcome": _("A target with a figure is computed, not judged.")})
    if not target.document.start_year <= year <= (target.target_year or target.document.end_year):
        raise ValidationError({"outcome": _("The year lies outside the target's period.")})
    cells = Judgement.objects.select_for_update(of=("self",))
    cell, _created = cells.get_or_create(
        target_code=target.code, year=year, defaults={"target": target}
    )
    if cell.target_id != target.pk:
        # The target was stated anew since: who judges it now follows the new statement.
        cell.target = target
        cell.save(update_fields=["target"])
    version = workflow.append_draft(
        cell,
        content={"outcome": outcome, "narrative": narrative},
        evidence=evidence,
        read_version=read_version,
        correction_reason=correction_reason,
        by=by,
    )
    assert isinstance(version, JudgementVersion)
    return version


def submit(*, version: JudgementVersion, by: User) -> JudgementVersion:
    """Send a judgement on. Raises ValidationError without a narrative, else as
    `workflow.submit`."""
    return workflow.submit(version=version, by=by, check=check_complete)


def check_complete(version: JudgementVersion) -> None:
    """Raises ValidationError, by field, for what a submission needs and the version lacks."""
    if not version.narrative:
        raise ValidationError(
            {"narrative": _("A judgement needs its narrative when it is submitted.")}
        )
