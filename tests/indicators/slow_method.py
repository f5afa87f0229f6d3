"""The verdict method of METHOD.md once more: slow, obvious, one target at a time.

Tests compare the fast implementation with this one on the same rows. It follows
the text rule by rule and shares no code with the application. All arithmetic is
in fractions, so comparisons are exact; rounding happens where a cell is written.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

CHOICES = {
    "kind": ("reach", "hold", "relative", "monotone", "text"),
    "comparator": ("ge", "gt", "le", "lt", "about", "between"),
    "nature": ("level", "cumulative", "flow"),
    "bound": ("exact", "at_least", "at_most", "about"),
}
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


# METHOD.md, "Inputs"


@dataclass(frozen=True)
class Observation:
    """One yearly figure that has a value, or the sum up to a year for a flow."""

    year: int
    value: Fraction
    bound: str
    is_break: bool = False

    @property
    def is_bounded(self) -> bool:
        return self.bound in ("at_least", "at_most")


class Target:
    """One target row. Raises ValueError for what METHOD.md refuses."""

    def __init__(self, row: Mapping[str, str]) -> None:
        check_choices(row, ["kind", "comparator", "nature"])
        self.code, self.kind = row.get("target_code"), row.get("kind")
        self.document, self.series = row.get("document") or "", row.get("series") or ""
        self.comparator, self.unit = row.get("comparator"), row.get("unit") or ""
        self.nature = row.get("nature") or "level"
        self.target_year = year_or_count(row, "target_year")
        self.start_year = year_or_count(row, "start_year")
        self.hold_from = year_or_count(row, "hold_from")
        self.baseline_year = year_or_count(row, "baseline_year")
        self.baseline_value = number(row, "baseline_value")
        self.value, self.tolerance = number(row, "value"), number(row, "tolerance")
        self.decimals_written = len((row.get("value") or "").partition(".")[2])
        # "level only", and "monotone looks at observations, not figures".
        has_frequency = self.nature == "level" and self.kind != "monotone"
        self.frequency = (year_or_count(row, "frequency") or 1) if has_frequency else 1
        self.direction = -1 if self.comparator in ("le", "lt") else 1
        # "in reach and relative every rule uses S(y)"
        self.is_summed = self.nature == "flow" and self.kind in ("reach", "relative")
        self.refuse(row)

    def refuse(self, row: Mapping[str, str]) -> None:
        required = ["target_code", "kind"]
        required += ["comparator", "start_year"] if self.kind != "text" else []
        required += ["value"] if self.kind in ("reach", "hold", "relative") else []
        for field in required:
            if not row.get(field):
                raise ValueError(f"target {self.code!r}: {field} is missing")
        if self.kind == "relative":
            if self.comparator not in ("ge", "le"):
                raise ValueError(f"target {self.code!r}: relative takes ge or le")
        elif (self.baseline_year is None) != (self.baseline_value is None):
            raise ValueError(f"target {self.code!r}: half a named baseline")

    @property
    def level(self) -> Fraction | None:
        """T; None for monotone and for relative without a baseline_value."""
        if self.kind == "monotone":
            return None
        if self.kind == "relative":
            if self.baseline_value is None:
                return None
            return self.baseline_value * (1 + self.direction * self.value / 100)
        if self.comparator == "about":
            if self.tolerance is not None:
                return self.value - self.tolerance
            return self.value - Fraction(1, 2 * 10**self.decimals_written)
        return self.value


def check_choices(row: Mapping[str, str], fields: Iterable[str]) -> None:
    for field in fields:
        if row.get(field) and row[field] not in CHOICES[field]:
            choices = ", ".join(CHOICES[field])
            raise ValueError(f"{field}: {row[field]!r} is none of {choices}")


def number(row: Mapping[str, str], field: str) -> Fraction | None:
    """A plain decimal such as 97.20 or -3; None where the cell is empty."""
    text = row.get(field) or ""
    if text and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        raise ValueError(f"{field}: {text!r} is not a plain decimal")
    return Fraction(text) if text else None


def year_or_count(row: Mapping[str, str], field: str) -> int | None:
    text = row.get(field) or ""
    if text and not re.fullmatch(r"[1-9][0-9]*", text):
        raise ValueError(f"{field}: {text!r} is not a year or a count of years")
    return int(text) if text else None


def read_observations(
    rows: Iterable[Mapping[str, str]],
) -> dict[str, list[Observation]]:
    """By series, oldest first; a row without a value is only counted as a row."""
    seen = set()
    by_series: dict[str, list[Observation]] = {}
    for row in rows:
        check_choices(row, ["bound"])
        series, observed = row.get("series"), year_or_count(row, "year")
        value, bound = number(row, "value"), row.get("bound") or "exact"
        if not series or observed is None:
            raise ValueError(f"observation {series!r} {observed}: a field is missing")
        if (series, observed) in seen:
            raise ValueError(f"two observations of series {series!r} in {observed}")
        seen.add((series, observed))
        if value is not None:
            is_break = "B" in (row.get("obs_status") or "")
            observation = Observation(observed, value, bound, is_break)
            by_series.setdefault(series, []).append(observation)
    return {s: sorted(found, key=lambda o: o.year) for s, found in by_series.items()}


def running_sums(known: Sequence[Observation], start: int) -> list[Observation]:
    """S(y) for each y >= start that has an observation ("Nature")."""
    sums, total = [], Fraction(0)
    for o in known:
        if o.year >= start:
            total += o.value
            is_complete = len(sums) == o.year - start
            bound = "exact" if is_complete else "at_least"
            sums.append(Observation(o.year, total, bound))
    return sums


def milestones_of(target: Target, targets: Iterable[Target]) -> dict[int, Fraction]:
    """Value by year, the stronger one where two share a year."""
    found: dict[int, Fraction] = {}
    if not target.series or target.target_year is None:
        return found
    same = (target.document, target.series, target.direction)
    for other in targets:
        earlier, d = other.target_year, other.direction
        if (
            other.kind in ("reach", "hold")
            and (other.document, other.series, d) == same
            and earlier is not None
            and earlier < target.target_year
        ):
            rival = found.get(earlier, other.value)
            found[earlier] = d * max(d * other.value, d * rival)
    return found


# One target, looked at from one year


@dataclass(frozen=True)
class Case:
    """A target, its milestones and its observations up to as_of, oldest first."""

    target: Target
    milestones: Mapping[int, Fraction]
    observations_to_as_of: Sequence[Observation]
    as_of: int

    @property
    def is_due(self) -> bool:
        due = self.target.target_year
        return due is not None and self.as_of >= due

    @property
    def last_year(self) -> int:
        """min(as-of, target year): later years change nothing."""
        return self.target.target_year if self.is_due else self.as_of

    @property
    def observations(self) -> list[Observation]:
        return [o for o in self.observations_to_as_of if o.year <= self.last_year]

    @property
    def latest(self) -> Observation | None:
        """The observation of t."""
        return last(o for o in self.observations if o.year >= self.target.start_year)

    def figure(self, year: int) -> Observation | None:
        """The observation of the year, else the latest of its f years."""
        first = year - self.target.frequency + 1
        return last(o for o in self.observations if first <= o.year <= year)

    @property
    def comparable(self) -> list[Observation]:
        """The exact and about ones of the last segment."""
        last_break = last(o for o in self.observations if o.is_break)
        first = last_break.year if last_break else 0
        return [o for o in self.observations if o.year >= first and not o.is_bounded]

    def previous(self, observation: Observation) -> Observation | None:
        return last(o for o in self.comparable if o.year < observation.year)

    def baseline(self) -> tuple[int, Fraction] | None:
        """(y0, b) of rule 5; `relative` and flows have theirs fixed."""
        target, start = self.target, self.target.start_year
        if target.is_summed:
            return start - 1, Fraction(0)
        if target.baseline_value is not None:
            return target.baseline_year or start - 1, target.baseline_value
        found = last(o for o in self.comparable if start - 3 <= o.year < start)
        found = found or last(o for o in self.comparable if o.year == start)
        return (found.year, found.value) if found else None

    @property
    def hold_years(self) -> range:
        """W."""
        first = self.target.start_year
        if self.milestones:
            first = max(self.milestones) + 1
        if self.target.hold_from is not None:
            first = self.target.hold_from
        return range(first, self.last_year + 1)

    @property
    def actual(self) -> Observation | None:
        """What is compared with the target; once due the target year's figure."""
        if self.is_due:
            return self.figure(self.last_year)
        if self.target.kind == "hold":
            figures = [self.figure(year) for year in self.hold_years]
            return last(o for o in figures if o) or self.latest
        return self.latest

    @property
    def gap(self) -> Fraction | None:
        if self.target.level is None or self.actual is None:
            return None
        return self.target.direction * (self.target.level - self.actual.value)


def last(observations: Iterable[Observation]) -> Observation | None:
    return next(reversed(list(observations)), None)


def judge_value(target: Target, value: Fraction) -> str:
    """met, short or open for an exact or about figure."""
    level, comparator = target.level, target.comparator
    if target.direction * (value - level) > 0:
        return "met"
    if value == level and comparator not in ("gt", "lt"):
        return "met"
    if comparator == "about" and target.tolerance is None:
        return "open" if value >= Fraction("0.95") * target.value else "short"
    return "short"


def judge(target: Target, observation: Observation) -> str:
    """met, short or open; a bounded figure is an interval.

    One that reaches the good way is met when its worst end is, and never all
    short; one that reaches the other way is short when its best end is.
    """
    at_its_end = judge_value(target, observation.value)
    if not observation.is_bounded:
        return at_its_end
    good_way = "at_least" if target.direction == 1 else "at_most"
    certain = "met" if observation.bound == good_way else "short"
    return certain if at_its_end == certain else "open"


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
    if target.level is None:
        return Finding("no_baseline")
    # 0
    if target.nature != "level" and target.comparator not in ("le", "lt"):
        counted = [o for o in case.observations if o.year >= target.start_year]
        if any(judge(target, o) == "met" for o in counted):
            return Finding("achieved")
    # 1
    if case.is_due:
        figure = case.figure(target.target_year)
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
        return Finding("near" if case.gap <= Fraction("0.3") else "short", (y0, b))
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
    target, d = case.target, case.target.direction
    knots = [start]
    for milestone_year, value in sorted(case.milestones.items()):
        if start[0] < milestone_year < target.target_year:
            best_so_far = max(d * value, d * knots[-1][1])
            knots.append((milestone_year, d * min(best_so_far, d * target.level)))
    knots.append((target.target_year, target.level))
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
    elif not case.is_due and not decides.is_bounded and is_thin(case):
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
    return -case.gap < (Fraction("0.3") if unit in ("%", "index") else level / 100)


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


# METHOD.md, "Output cells"


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
    base, level = (finding.baseline or (0, None))[1], case.target.level
    if base is None or case.target.direction * (level - base) <= 0:
        return None
    return (case.actual.value - base) / (level - base)


def required_pace(case: Case) -> Fraction | None:
    target, gap = case.target, case.gap
    is_rated = target.kind in ("reach", "relative") and target.target_year is not None
    if not is_rated or case.is_due or gap is None or gap <= 0:
        return None
    return gap / (target.target_year - case.actual.year)


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
    others = [o for o in known if o.year != target.target_year]
    return min(others, key=lambda o: (abs(o.year - target.target_year), o.year), default=None)


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
        "actual_year": exact_text(actual and actual.year),
        "actual_value": exact_text(actual and actual.value),
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
        "side_year": exact_text(side and side.year),
        "side_value": exact_text(side and side.value),
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
