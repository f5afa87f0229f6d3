"""The level T that decides, and how a value stands to it."""

from decimal import Decimal

from indicators.enums import Bound
from plans.enums import Comparator, Kind
from reports.sentences import Level
from reports.workings.case import Case


def threshold(
    level: Level,
    *,
    stated_decimals: int,
    tolerance: Decimal | None,
    baseline_value: Decimal | None,
) -> Decimal | None:
    """T in the unit of the figures; None where the target has no level of its own.

    Source: METHOD.md, "Inputs" and the table of kinds.
    """
    if level.value is None or level.kind in {Kind.MONOTONE, Kind.TEXT}:
        return None
    if level.kind == Kind.RELATIVE:
        if baseline_value is None:
            return None
        sign = -1 if level.less_is_better else 1
        return baseline_value * (1 + sign * level.value / 100)
    if level.comparator == Comparator.ABOUT:
        half_a_unit = Decimal(5).scaleb(-stated_decimals - 1)
        return level.value - (half_a_unit if tolerance is None else tolerance)
    return level.value


def judge(case: Case, value: Decimal, bound: str = Bound.EXACT) -> str:
    """met, short or open. Source: METHOD.md, "Inputs"."""
    word = _judge_value(case, value)
    if bound not in {Bound.AT_LEAST, Bound.AT_MOST}:
        return word
    good_way = Bound.AT_LEAST if case.direction > 0 else Bound.AT_MOST
    certain = "met" if bound == good_way else "short"
    return certain if word == certain else "open"


def _judge_value(case: Case, value: Decimal) -> str:
    level = case.level
    if case.threshold is None or level.value is None:
        return "open"
    distance = case.direction * (value - case.threshold)
    if distance > 0 or (distance == 0 and level.comparator not in {Comparator.GT, Comparator.LT}):
        return "met"
    is_unsaid = level.comparator == Comparator.ABOUT and case.tolerance is None
    return "open" if is_unsaid and value >= Decimal("0.95") * level.value else "short"
