"""The path from the baseline over the milestones to the target."""

from collections.abc import Sequence

from plans.enums import Kind
from reports.workings.case import Case
from reports.workings.figures import Knot


def path_knots(
    baseline: Knot, milestones: Sequence[Knot], target: Knot, *, direction: int
) -> list[Knot]:
    """The corners of the path, oldest first: it never gives back and never asks for more than
    the target.

    Source: METHOD.md, rule 9.
    """
    knots = [baseline]
    for year, value in milestones:
        if baseline[0] < year < target[0]:
            best = max(direction * value, direction * knots[-1][1])
            knots.append((year, direction * min(best, direction * target[1])))
    return [*knots, target]


def case_path(case: Case) -> list[Knot]:
    """The path of a case; empty where the rules need none."""
    if (
        case.level.kind not in {Kind.REACH, Kind.RELATIVE}
        or case.baseline_year is None
        or case.baseline_value is None
        or case.threshold is None
        or case.target_year is None
        or case.baseline_year >= case.target_year
    ):
        return []
    return path_knots(
        (case.baseline_year, case.baseline_value),
        case.milestones,
        (case.target_year, case.threshold),
        direction=case.direction,
    )
