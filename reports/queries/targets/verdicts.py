"""The stored verdicts of some targets, and the one that a year sees."""

from collections.abc import Mapping, Sequence

from indicators.models import Verdict
from plans.models import Target

VerdictsOf = Mapping[int, Sequence[Verdict]]


def verdicts_of(targets: Sequence[Target]) -> VerdictsOf:
    """Verdicts in force by target id, oldest as-of year first; `verdict.target` is set."""
    by_id = {target.pk: target for target in targets}
    found: dict[int, list[Verdict]] = {}
    for verdict in Verdict.objects.in_force().filter(target__in=by_id).order_by("as_of"):
        verdict.target = by_id[verdict.target_id]
        found.setdefault(verdict.target_id, []).append(verdict)
    return found


def seen_from(verdicts: Sequence[Verdict], as_of: int) -> Verdict | None:
    """The verdict of the year, else the latest earlier one: a later year shows the last."""
    earlier = [verdict for verdict in verdicts if verdict.as_of <= as_of]
    return earlier[-1] if earlier else None
