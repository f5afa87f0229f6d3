"""Who did what with a version, and when."""

import datetime
from dataclasses import dataclass

from indicators.enums import State, Step
from indicators.models import Worked
from targets_site.accounts.models import User

# To select with the versions whose steps are shown.
PEOPLE = ("entered_by", "submitted_by", "signed_by", "reviewed_by")


@dataclass(frozen=True)
class TakenStep:
    """What somebody did with a version; reason: of a return only."""

    step: Step
    who: User
    when: datetime.datetime
    reason: str = ""


def steps_of(version: Worked) -> list[TakenStep]:
    """Oldest first. Select PEOPLE before."""
    steps = [TakenStep(Step.SAVE, version.entered_by, version.entered_at)]
    if version.submitted_by and version.submitted_at:
        steps.append(TakenStep(Step.SUBMIT, version.submitted_by, version.submitted_at))
    if version.signed_by and version.signed_at:
        steps.append(TakenStep(Step.SIGN, version.signed_by, version.signed_at))
    # Only the sender recalls.
    if version.submitted_by and version.recalled_at:
        steps.append(TakenStep(Step.RECALL, version.submitted_by, version.recalled_at))
    if version.reviewed_by and version.reviewed_at:
        step = Step.APPROVE if version.state == State.APPROVED else Step.RETURN
        reviewed = TakenStep(step, version.reviewed_by, version.reviewed_at, version.return_reason)
        steps.append(reviewed)
    return steps
