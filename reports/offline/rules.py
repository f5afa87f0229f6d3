"""The verdicts of METHOD.md, rule by rule, on fractions."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from reports.offline.case import Case, judge, judge_value, last
from reports.offline.inputs import Observation, sure


@dataclass(frozen=True)
class Finding:
    """A status and what the rules established on the way to it."""

    status: str
    baseline: tuple[int, Fraction] | None = None
    expected: Fraction | None = None
    ratio: Fraction | None = None
    missing: Sequence[int] = ()
    breached: Sequence[int] = ()


def reach(case: Case) -> Finding:
    """METHOD.md, "Verdicts of `reach`, `relative`": the first rule that applies."""
    target, now = case.target, case.latest
    if not target.has_level:
        return Finding("no_baseline")
    # 0
    if target.nature != "level" and target.comparator not in ("le", "lt"):
        counted = [o for o in case.observations if o.year >= target.start_year]
        if any(judge(target, o) == "met" for o in counted):
            return Finding("achieved")
    # 1
    if case.is_due:
        figure = case.figure(target.due_year)
        if figure is None:
            return Finding("not_collected")
        words = {"met": "achieved", "short": "missed", "open": "undetermined"}
        return Finding(words[judge(target, figure)])
    # 2
    if now is None:
        return Finding("too_early" if case.baseline() else "no_data")
    if case.as_of - now.year > max(2, target.frequency):
        return Finding("outdated")
    # 3
    if judge(target, now) == "met":
        return Finding("slipping" if is_slipping(case, now) else "met_early")
    # 4
    if judge(target, now) == "open" or now.is_bounded:
        return Finding("undetermined")
    # 5
    baseline = case.baseline()
    return rate(case, now, *baseline) if baseline else Finding("no_baseline")


def is_slipping(case: Case, now: Observation) -> bool:
    """Rule 3: another such step would cross the target."""
    target, previous = case.target, case.previous(now)
    if previous is None or now.is_bounded:
        return False
    drop = target.direction * (previous.value - now.value)
    return drop > 0 and target.direction * (now.value - target.level) < drop


def rate(case: Case, now: Observation, y0: int, b: Fraction) -> Finding:
    """Rules 6 to 9, for an exact or about figure that is short."""
    target, d, v = case.target, case.target.direction, now.value
    # 6
    if now.year <= y0:
        return Finding("too_early", (y0, b))
    # 7
    if judge_value(target, b) == "met":
        return Finding("fell_back", (y0, b))
    # 8
    is_rate = target.unit in ("%", "index") and target.kind != "relative"
    if is_rate and d * (target.level - b) < Fraction("0.5"):
        is_near = d * (target.level - v) <= Fraction("0.3")
        return Finding("near" if is_near else "short", (y0, b))
    # 9
    e = value_on_path(case, (y0, b), year=now.year)
    if e == b:
        status = "on_track" if d * (v - b) >= 0 else "moving_away"
        return Finding(status, (y0, b), e)
    ratio = (v - b) / (e - b)
    bands = {"on_track": "0.95", "behind": "0.60", "far_behind": "0"}
    reached = [word for word, floor in bands.items() if ratio >= Fraction(floor)]
    return Finding([*reached, "moving_away"][0], (y0, b), e, ratio)


def value_on_path(case: Case, start: tuple[int, Fraction], *, year: int) -> Fraction:
    """path(year) of rule 9: it never gives back, never asks more than the target."""
    target = case.target

    def strength(value: Fraction) -> Fraction:
        return target.direction * value

    knots = [start]
    for milestone_year, value in sorted(case.milestones.items()):
        if start[0] < milestone_year < target.due_year:
            best_so_far = max(value, knots[-1][1], key=strength)
            knots.append((milestone_year, min(best_so_far, target.level, key=strength)))
    knots.append((target.due_year, target.level))
    left, low = [knot for knot in knots if knot[0] < year][-1]
    right, high = next(knot for knot in knots if knot[0] >= year)
    return low + (high - low) * Fraction(year - left, right - left)


def hold(case: Case) -> Finding:
    """METHOD.md, "Verdicts of `hold`"."""
    if case.as_of < case.hold_years.start:
        return Finding("not_due")
    figures = {y: figure for y in case.hold_years if (figure := case.figure(y))}
    judged = {y: judge(case.target, figure) for y, figure in figures.items()}
    breached = [y for y in case.hold_years if judged.get(y) == "short"]
    missing = [y for y in case.hold_years if judged.get(y, "open") == "open"]
    # Once due the figure of the target year decides, before that the latest of W.
    decides = case.actual if case.is_due or figures else None
    word = judge(case.target, decides) if decides else "none"
    if word == "none":
        status = "not_collected" if case.is_due else "no_data"
    elif word == "open":
        status = "undetermined"
    elif word == "short":
        status = "missed" if case.is_due else "breached"
    elif breached:
        status = "recovered"
    elif not case.is_due and decides and not decides.is_bounded and is_thin(case):
        status = "thin_margin"
    else:
        status = ("kept" if case.is_due else "holding") + ("_gaps" if missing else "")
    return Finding(status, missing=missing, breached=breached)


def is_thin(case: Case) -> bool:
    """Margin under 0.3 or 1 % of T, unless T is the end of the scale."""
    level, unit = case.target.level, case.target.unit
    if case.target.comparator == "ge" and level == 100 and unit == "%":
        return False
    if case.target.comparator == "le" and level == 0:
        return False
    margin = -sure(case.gap)
    return margin < (Fraction("0.3") if unit in ("%", "index") else level / 100)


def monotone(case: Case) -> Finding:
    """METHOD.md, "Verdicts of `monotone`"; bounds are read as values."""
    start, end, d = case.target.start_year, case.last_year, case.target.direction
    span = [o for o in case.observations if o.year >= start - 1]
    last_break = last(o for o in span if o.is_break)
    chain = [o for o in span if last_break is None or o.year >= last_break.year]
    pairs = list(pairwise(chain))
    steps = [d * (later.value - earlier.value) for earlier, later in pairs]
    observed = {o.year for o in span}
    missing = [year for year in range(start, end + 1) if year not in observed]
    breached = [pair[1].year for pair, s in zip(pairs, steps, strict=True) if s < 0]
    if case.is_due and end not in observed:
        status = "not_collected"
    elif not chain:
        status = "no_data"
    elif not steps:
        status = "undetermined" if case.is_due else "too_early"
    elif case.is_due:
        status = "kept" if all(step > 0 for step in steps) else "missed"
    elif breached:
        status = "breached" if steps[-1] < 0 else "recovered"
    else:
        status = "thin_margin" if 0 in steps else "holding"
    return Finding(status, missing=missing, breached=breached)


RULES = {"reach": reach, "relative": reach, "hold": hold, "monotone": monotone}
