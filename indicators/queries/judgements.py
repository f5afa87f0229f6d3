"""What was judged of a target in words."""

from collections.abc import Sequence

from indicators.enums import State
from indicators.models import Judgement, JudgementVersion
from indicators.queries.rounds import is_open
from plans.models import Target, TargetDepartment
from targets_site.accounts.access import Held
from targets_site.accounts.models import User


def newest_version(code: str, year: int) -> JudgementVersion | None:
    """The version that people work on, else the one in force; None where nothing was said."""
    cell = (
        Judgement.objects.filter(target_code=code, year=year)
        .select_related(
            "working__judgement__target__area", "working__entered_by", "working__reviewed_by"
        )
        .first()
    )
    return cell.working if cell else None


def judged(code: str) -> list[JudgementVersion]:
    """The judgements of a target that are in force, newest year first, with their evidence."""
    return list(
        JudgementVersion.objects.filter(
            judgement__target_code=code, pk__in=Judgement.objects.values("in_force")
        )
        .select_related("judgement", "entered_by", "reviewed_by")
        .prefetch_related("evidence")
        .order_by("-judgement__year")
    )


def versions_readable(code: str, year: int, *, user: User) -> Sequence[JudgementVersion]:
    """All versions that the person may read, newest first."""
    return list(
        JudgementVersion.objects.readable_by(user)
        .filter(judgement__target_code=code, judgement__year=year)
        .select_related("judgement", "entered_by", "submitted_by", "signed_by", "reviewed_by")
        .prefetch_related("evidence")
        .order_by("-number")
    )


def is_recallable(version: JudgementVersion, held: Held) -> bool:
    """Whether it waits for a decision, and whoever sent it, for departments of these posts, could
    send it again."""
    if version.state not in State.waiting():
        return False
    return version.is_correction or is_open(version.judgement, departments=held.entered)


def may_judge(target: Target, held: Held) -> bool:
    """Whether the person enters for a department that the document names, or for any of the area
    where it names none."""
    named = list(
        TargetDepartment.objects.filter(target=target).values_list("department_id", flat=True)
    )
    if named:
        return bool(held.entered & set(named))
    return bool(held.entered & set(target.area.departments.values_list("pk", flat=True)))
