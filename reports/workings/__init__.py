"""How one verdict comes about, as plain values: the level, the path, the facts, the steps."""

from reports.workings.case import Case
from reports.workings.facts import facts_of
from reports.workings.figures import Figure, running_sums
from reports.workings.path import case_path, path_knots
from reports.workings.sums import Step
from reports.workings.thresholds import judge, threshold
from reports.workings.working import steps

__all__ = [
    "Case",
    "Figure",
    "Step",
    "case_path",
    "facts_of",
    "judge",
    "path_knots",
    "running_sums",
    "steps",
    "threshold",
]
