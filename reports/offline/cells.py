"""METHOD.md, "Output cells": what a verdict prints, and the verdicts of whole files."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from reports.offline.case import Case
from reports.offline.inputs import (
    Observation,
    Target,
    milestones_of,
    read_observations,
    running_sums,
)
from reports.offline.rules import RULES, Finding

LIGHTS = {
    "green": "achieved kept met_early holding on_track",
    "pale": "kept_gaps holding_gaps",
    "yellow": "slipping thin_margin recovered behind near short",
    "red": "missed breached far_behind moving_away fell_back",
    "grey": "no_data not_collected outdated no_baseline too_early undetermined",
    "none": "not_measurable not_due",
}
COLUMNS = (
    "target_code as_of status light actual_year actual_value gap baseline_year "
    "baseline_value expected_value ratio share required_pace last_pace "
    "missing_years breached_years side_year side_value"
).split()
# "hold and monotone: actual, gap, last_pace, missing and breached years.
# Everything else is an empty cell" leaves side evidence to these two kinds.
KINDS_WITH_SIDE_EVIDENCE = ("reach", "relative", "hold", "monotone")


def exact_text(value: Fraction | int | None) -> str:
    """A plain decimal without trailing zeros; empty for None."""
    if value is None:
        return ""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs(int(value * 10**places))).zfill(places + 1)
    point = len(digits) - places
    fraction = "." + digits[point:] if places else ""
    return ("-" if value < 0 else "") + digits[:point] + fraction


def rounded_text(value: Fraction | None) -> str:
    """Half-even to 4 places."""
    return "" if value is None else exact_text(round(value, 4))


def share(case: Case, finding: Finding) -> Fraction | None:
    if finding.baseline is None or case.actual is None:
        return None
    base, level = finding.baseline[1], case.target.level
    if case.target.direction * (level - base) <= 0:
        return None
    return (case.actual.value - base) / (level - base)


def required_pace(case: Case) -> Fraction | None:
    target, now, gap = case.target, case.actual, case.gap
    is_rated = target.kind in ("reach", "relative") and target.target_year is not None
    if not is_rated or case.is_due or now is None or gap is None or gap <= 0:
        return None
    return gap / (target.due_year - now.year)


def last_pace(case: Case) -> Fraction | None:
    now = case.actual
    if now is None or (previous := case.previous(now)) is None:
        return None
    step = case.target.direction * (now.value - previous.value)
    return step / (now.year - previous.year)


def side_evidence(case: Case, finding: Finding) -> Observation | None:
    """The figure of another year nearest to the target year; earlier wins a tie."""
    target = case.target
    if finding.status not in ("not_collected", "no_data", "outdated"):
        return None
    if target.kind not in KINDS_WITH_SIDE_EVIDENCE:
        return None
    known = [o for o in case.observations_to_as_of if o.year >= target.start_year - 3]
    others = [o for o in known if o.year != target.due_year]
    return min(others, key=lambda o: (abs(o.year - target.due_year), o.year), default=None)


def cells(case: Case, finding: Finding) -> dict[str, str]:
    """One row out; of a text target only the first four cells."""
    lights = [x for x, words in LIGHTS.items() if finding.status in words.split()]
    row = {"target_code": case.target.code, "as_of": str(case.as_of)}
    row |= {"status": finding.status, "light": lights[0]}
    if case.target.kind == "text":
        return row | dict.fromkeys(COLUMNS[4:], "")
    actual, side = case.actual, side_evidence(case, finding)
    y0, b = finding.baseline or (None, None)
    return row | {
        "actual_year": exact_text(actual.year if actual else None),
        "actual_value": exact_text(actual.value if actual else None),
        "gap": exact_text(case.gap),
        "baseline_year": exact_text(y0),
        "baseline_value": exact_text(b),
        "expected_value": rounded_text(finding.expected),
        "ratio": rounded_text(finding.ratio),
        "share": rounded_text(share(case, finding)),
        "required_pace": rounded_text(required_pace(case)),
        "last_pace": rounded_text(last_pace(case)),
        "missing_years": ";".join(map(str, finding.missing)),
        "breached_years": ";".join(map(str, finding.breached)),
        "side_year": exact_text(side.year if side else None),
        "side_value": exact_text(side.value if side else None),
    }


def assess(
    targets: Iterable[Mapping[str, str]],
    observations: Iterable[Mapping[str, str]],
    *,
    as_of: int,
) -> list[dict[str, str]]:
    """One row of text cells per target, in the order given.

    Rows in and out are CSV rows; an empty cell is an empty string. Values are
    in the unit of the target, paces in that unit a year; ratio and share have
    none. Raises ValueError for input that METHOD.md refuses.

    Source: METHOD.md.
    """
    read, by_series, rows = [*map(Target, targets)], read_observations(observations), []
    for target in read:
        known = [o for o in by_series.get(target.series, []) if o.year <= as_of]
        if target.is_summed:
            known = running_sums(known, target.start_year)
        case = Case(target, milestones_of(target, read), known, as_of)
        if target.kind == "text":
            finding = Finding("not_measurable")
        elif target.target_year is None:
            finding = Finding("undetermined")
        else:
            finding = RULES[target.kind](case)
        rows.append(cells(case, finding))
    return rows
