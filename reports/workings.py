"""How one verdict comes about, with its numbers, so that it can be recomputed by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.enums import Bound, Nature, Status
from plans.enums import Comparator, Kind
from reports.sentences import Level, VerdictFacts, amount, bounded, level_in_words, years_in_words
from targets_site.figures import plain

Knot = tuple[int, Decimal]


@dataclass(frozen=True)
class Figure:
    """One yearly figure with a value; `shown` as stated, without unit."""

    year: int
    value: Decimal
    shown: str
    bound: str = Bound.EXACT
    is_break: bool = False

    @property
    def is_bounded(self) -> bool:
        return self.bound in {Bound.AT_LEAST, Bound.AT_MOST}


@dataclass(frozen=True)
class Case:
    """A target, its figures up to as_of (oldest first) and the stored verdict, as plain values.

    threshold: T of METHOD.md, None for monotone, text and a relative target without baseline.
    milestones: (year, value), oldest first, the stronger one where two share a year. unit: that
    of the figures. Everything after `status` is what the verdict stores.
    """

    level: Level
    direction: int
    threshold: Decimal | None
    target_year: int | None
    start_year: int
    as_of: int
    unit: str
    figures: Sequence[Figure]
    status: str
    tolerance: Decimal | None = None
    hold_from: int | None = None
    milestones: Sequence[Knot] = ()
    nature: str = Nature.LEVEL
    frequency: int = 1
    is_baseline_named: bool = False
    actual_year: int | None = None
    actual_value: Decimal | None = None
    gap: Decimal | None = None
    baseline_year: int | None = None
    baseline_value: Decimal | None = None
    expected: Decimal | None = None
    ratio: Decimal | None = None
    required_pace: Decimal | None = None
    last_pace: Decimal | None = None
    missing_years: Sequence[int] = ()
    breached_years: Sequence[int] = ()
    side_year: int | None = None
    side_value: Decimal | None = None
    side_state: str = ""

    @property
    def is_due(self) -> bool:
        return self.target_year is not None and self.as_of >= self.target_year

    @property
    def last_year(self) -> int:
        """min(as-of, target year): later years change nothing."""
        return min(self.as_of, self.target_year) if self.target_year else self.as_of

    @property
    def is_summed(self) -> bool:
        return self.nature == Nature.FLOW and self.level.kind in {Kind.REACH, Kind.RELATIVE}

    @property
    def is_count_upward(self) -> bool:
        return self.nature != Nature.LEVEL and self.direction > 0

    @property
    def hold_years(self) -> range:
        """W: every year in which the level has to be held."""
        if self.level.kind != Kind.HOLD:
            return range(0)
        first = max(year for year, _v in self.milestones) + 1 if self.milestones else None
        return range(self.hold_from or first or self.start_year, self.last_year + 1)

    @property
    def judged_figures(self) -> Sequence[Figure]:
        """The yearly figures, or for a flow that is to be reached their running sums."""
        return running_sums(self.figures, self.start_year) if self.is_summed else self.figures

    def figure(self, year: int | None) -> Figure | None:
        return next((f for f in self.judged_figures if f.year == year), None)

    def figure_before(self, year: int) -> Figure | None:
        """The last exact or about figure before a year, in the last segment."""
        found = [f for f in self.judged_figures if f.year <= self.last_year]
        first = max((f.year for f in found if f.is_break), default=0)
        earlier = [f for f in found if first <= f.year < year and not f.is_bounded]
        return earlier[-1] if earlier else None

    def said(self, value: Decimal | None) -> str:
        """A value with its unit, as said."""
        return amount(plain(value), self.unit)

    def said_of(self, year: int | None, value: Decimal | None) -> str:
        """The figure of a year as it was stated: 63.10 stays 63.10, "at least" stays."""
        figure = self.figure(year)
        if figure is None or figure.value != value:
            return self.said(value)
        return bounded(amount(figure.shown, self.unit), figure.bound)


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


def running_sums(figures: Sequence[Figure], start_year: int) -> list[Figure]:
    """S(y) for each y from start_year on that has a figure; at least where a year has none."""
    sums: list[Figure] = []
    total = Decimal(0)
    for figure in figures:
        if figure.year >= start_year:
            total += figure.value
            is_complete = len(sums) == figure.year - start_year
            bound = Bound.EXACT if is_complete else Bound.AT_LEAST
            sums.append(Figure(figure.year, total, plain(total), bound))
    return sums


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


def facts_of(case: Case) -> VerdictFacts:
    """What the sentence about the verdict says."""
    reached = _first_reached(case)
    before = case.figure_before(case.actual_year) if case.actual_year else None
    return VerdictFacts(
        status=case.status,
        as_of=case.as_of,
        level=case.level,
        unit=case.unit,
        target_year=case.target_year,
        start_year=case.start_year,
        actual_year=case.actual_year,
        actual=case.said_of(case.actual_year, case.actual_value),
        gap=case.gap,
        baseline_year=case.baseline_year,
        baseline=case.said_of(case.baseline_year, case.baseline_value),
        expected=case.said(case.expected),
        ratio=case.ratio,
        drop=_drop(case, before),
        hold_first=case.hold_years.start if case.level.kind == Kind.HOLD else None,
        hold_years=tuple(case.hold_years),
        missing_years=case.missing_years,
        breached_years=case.breached_years,
        side_year=case.side_year,
        side=case.said_of(case.side_year, case.side_value),
        side_word=case.side_state,
        reached_year=reached.year if reached else None,
        reached=case.said_of(reached.year, reached.value) if reached else "",
        is_about_open=case.level.comparator == Comparator.ABOUT and case.tolerance is None,
    )


def _first_reached(case: Case) -> Figure | None:
    """The figure that met a count upward first (rule 0)."""
    if not case.is_count_upward or case.status != Status.ACHIEVED:
        return None
    span = [f for f in case.judged_figures if case.start_year <= f.year <= case.last_year]
    return next((f for f in span if judge(case, f.value, f.bound) == "met"), None)


def _drop(case: Case, before: Figure | None) -> Decimal | None:
    if before is None or case.actual_value is None:
        return None
    return case.direction * (before.value - case.actual_value)


@dataclass(frozen=True)
class Step:
    """One step of the working: what is done and why, and the sum with its numbers."""

    words: str
    sums: Sequence[str] = ()


def steps(case: Case) -> list[Step]:
    """The rules that led to the verdict, in their order, each with its arithmetic."""
    if case.level.kind == Kind.TEXT:
        return [Step(_("The target is in words: no rule applies until a judgement is approved."))]
    if case.target_year is None:
        return [Step(_("The document names no target year: undetermined, whatever the figures."))]
    rules = {Kind.HOLD: _hold_steps, Kind.MONOTONE: _monotone_steps}.get(
        Kind(case.level.kind), _reach_steps
    )
    return [_level_step(case), *rules(case)]


def _level_step(case: Case) -> Step:
    """What is asked, and T where it is not simply the value as stated."""
    is_held = case.level.kind == Kind.HOLD
    words = (
        _("The target: hold %(level)s up to %(year)s.")
        if is_held
        else (_("The target: %(level)s, %(year)s."))
    )
    words = words % {
        "level": level_in_words(case.level),
        "year": case.target_year,
    }
    level, t = case.level, case.threshold
    if t is None or level.value is None:
        return Step(words)
    if level.kind == Kind.RELATIVE and case.baseline_value is not None:
        sign = "−" if level.less_is_better else "+"
        share = f"(1 {sign} {_n(level.value)}/100)"
        return Step(words, [f"T = {_n(case.baseline_value)} × {share} = {_n(t)}"])
    if level.comparator == Comparator.ABOUT:
        tolerance = _n(level.value - t)
        return Step(words, [f"T = {_n(level.value)} − {tolerance} = {_n(t)}"])
    return Step(words, [f"T = {_n(t)}"])


def _reach_steps(case: Case) -> list[Step]:
    if case.level.kind == Kind.RELATIVE and case.threshold is None:
        return [Step(_("No figure of the baseline is known, so T cannot be worked out."))]
    reached = _first_reached(case)
    if reached:
        words = _("Rule 0: a count upward cannot be lost again; %(year)s reached the target.")
        return [
            *_sum_step(case),
            Step(words % {"year": reached.year}, [_comparison(case, reached.value)]),
        ]
    if case.is_due:
        return [*_sum_step(case), _due_step(case), *_pace_step(case)]
    return [*_sum_step(case), *_before_due_steps(case), *_pace_step(case)]


def _sum_step(case: Case) -> list[Step]:
    """How a flow adds up to the year that is looked at."""
    counted = [f for f in case.figures if case.start_year <= f.year <= case.last_year]
    if not case.is_summed or not counted:
        return []
    total = _n(sum((f.value for f in counted), Decimal(0)))
    added = " + ".join(_n(f.value) for f in counted)
    words = _("The yearly counts add up from %(start)s on.") % {"start": case.start_year}
    return [Step(words, [f"v = S({counted[-1].year}) = {added} = {total}"])]


def _due_step(case: Case) -> Step:
    words = _("Rule 1: the target year has come; the figure of %(year)s alone decides.") % {
        "year": case.target_year
    }
    if case.actual_value is None:
        return Step(words, [_("There is none.")])
    return Step(words, [_gap_sum(case)])


def _before_due_steps(case: Case) -> list[Step]:
    if case.actual_value is None or case.actual_year is None:
        words = _("Rule 2: up to %(as_of)s there is no figure from %(start)s on.")
        return [Step(words % {"start": case.start_year, "as_of": case.as_of})]
    if case.status == Status.OUTDATED:
        words = _("Rule 2: the latest figure is too old; at most %(years)s years are allowed.")
        return [
            Step(
                words % {"years": max(2, case.frequency)},
                [f"{case.as_of} − {case.actual_year} = {case.as_of - case.actual_year}"],
            )
        ]
    if case.status in {Status.MET_EARLY, Status.SLIPPING}:
        return [Step(_("Rule 3: the latest figure meets the target."), _slip_sums(case))]
    if case.status == Status.UNDETERMINED:
        words = _("Rule 4: the latest figure leaves open whether it meets the target.")
        return [Step(words, [_gap_sum(case)])]
    return [
        Step(_("Rules 1 to 4: the latest figure counts, and is short."), [_gap_sum(case)]),
        *_rated_steps(case),
    ]


def _slip_sums(case: Case) -> list[str]:
    sums = [_gap_sum(case)]
    before = case.figure_before(case.actual_year or 0)
    drop = _drop(case, before)
    if before is None or drop is None or case.actual_value is None or case.threshold is None:
        return sums
    left, right = before.value, case.actual_value
    if case.direction < 0:
        left, right = right, left
    sums.append(pgettext("working", "drop") + f" = {_n(left)} − {_n(right)} = {_n(drop)}")
    margin = case.direction * (case.actual_value - case.threshold)
    sign = "<" if margin < drop else "≥"
    sums.append(pgettext("working", "margin") + f" = {_n(margin)} {sign} {_n(drop)}")
    return sums


def _rated_steps(case: Case) -> Iterable[Step]:
    if case.status == Status.NO_BASELINE:
        words = _("Rule 5: there is no figure from %(first)s to %(start)s to start from.")
        yield Step(words % {"first": case.start_year - 3, "start": case.start_year})
        return
    yield _baseline_step(case)
    if case.status == Status.TOO_EARLY:
        yield Step(_("Rule 6: no figure after the baseline yet."))
    elif case.status == Status.FELL_BACK:
        value = case.baseline_value or Decimal(0)
        yield Step(
            _("Rule 7: the baseline met the target, and it is not met now."),
            [_comparison(case, value, name="b")],
        )
    elif case.status in {Status.NEAR, Status.SHORT}:
        yield _little_way_step(case)
    else:
        yield from _path_steps(case)


def _baseline_step(case: Case) -> Step:
    if case.is_summed:
        words = _("Rule 5: a count of the year starts at 0, the year before the period.")
    elif case.is_baseline_named:
        words = _("Rule 5: the baseline is the one that the reading names.")
    else:
        words = _(
            "Rule 5: the baseline is the latest comparable figure before the period, else "
            "the one of its first year."
        )
    return Step(words, [f"b = {_n(case.baseline_value)} ({case.baseline_year})"])


def _little_way_step(case: Case) -> Step:
    t, b = case.threshold or Decimal(0), case.baseline_value or Decimal(0)
    gap = case.gap or Decimal(0)
    sign = "≤" if gap <= Decimal("0.3") else ">"
    return Step(
        _(
            "Rule 8: less than 0.5 from baseline to target is too little way to rate; near up to "
            "a gap of 0.3."
        ),
        [
            f"{_distance('T', 'b', case, t, b)} < 0.5",
            f"gap = {_n(gap)} {sign} 0.3",
        ],
    )


def _path_steps(case: Case) -> Iterable[Step]:
    knots = case_path(case)
    year, v, b = case.actual_year, case.actual_value, case.baseline_value
    if not knots or year is None or v is None or b is None or case.expected is None:
        return
    way = " → ".join(f"({at}, {_n(value)})" for at, value in knots)
    yield Step(
        _(
            "Rule 9: the path runs in straight lines from the baseline over the milestones to the "
            "target, and never back."
        ),
        [way, _path_sum(knots, year=year, expected=case.expected)],
    )
    if case.ratio is None:
        yield Step(
            _("The path asks for no more than the baseline: not below it is on track."),
            [_distance("v", "b", case, v, b)],
        )
        return
    sign = "=" if case.ratio * (case.expected - b) == v - b else "≈"
    yield Step(
        _(
            "The share of the way that is due, against the bands: from 0.95 on track, from 0.60 "
            "behind, from 0 far behind, below 0 moving away."
        ),
        [
            f"R = (v − b) / (e − b) = ({_n(v)} − {_n(b)}) / "
            f"({_n(case.expected)} − {_n(b)}) {sign} {_n(case.ratio)}"
        ],
    )


def _path_sum(knots: Sequence[Knot], *, year: int, expected: Decimal) -> str:
    """e = path(2013) = 90 + (96 − 90) × 3/5 = 93.6"""
    pairs = [pair for pair in pairwise(knots) if pair[0][0] < year <= pair[1][0]]
    (left, low), (right, high) = pairs[0] if pairs else (knots[-2], knots[-1])
    exact = Fraction(low) + (Fraction(high) - Fraction(low)) * Fraction(year - left, right - left)
    sign = "=" if exact == Fraction(expected) else "≈"
    return (
        f"e = path({year}) = {_n(low)} + ({_n(high)} − {_n(low)}) × "
        f"{year - left}/{right - left} {sign} {_n(expected)}"
    )


def _pace_step(case: Case) -> list[Step]:
    """What is needed each year against what the last step was; no part of the verdict."""
    if case.required_pace is None or case.actual_year is None or case.target_year is None:
        return []
    left = case.target_year - case.actual_year
    sums = [
        pgettext("working", "needed a year")
        + f" = {_n(case.gap)} / ({case.target_year} − {case.actual_year}) "
        + ("=" if (case.gap or 0) == case.required_pace * left else "≈")
        + f" {_n(case.required_pace)}"
    ]
    if case.last_pace is not None:
        sums.append(pgettext("working", "last step a year") + f" = {_n(case.last_pace)}")
    return [Step(_("Beside the verdict: the pace that is needed against the last one."), sums)]


def _hold_steps(case: Case) -> list[Step]:
    years = case.hold_years
    if case.status == Status.NOT_DUE:
        words = _("The level is to be held from %(first)s on; %(as_of)s is before that.")
        return [Step(words % {"first": years.start, "as_of": case.as_of})]
    kept = [y for y in years if y not in case.missing_years and y not in case.breached_years]
    counted = [
        _("kept: %(years)s") % {"years": _years_or_dash(kept)},
        _("not kept: %(years)s") % {"years": _years_or_dash(case.breached_years)},
        _("without a figure: %(years)s") % {"years": _years_or_dash(case.missing_years)},
        _("%(k)s of %(n)s years kept") % {"k": len(kept), "n": len(years)},
    ]
    found = [
        Step(
            _("Each year from %(first)s to %(last)s is kept, not kept or without a figure.")
            % {"first": years.start, "last": case.last_year},
            counted,
        )
    ]
    decides = (
        _("The target year has come: the figure of %(year)s decides, then the earlier years.")
        if case.is_due
        else _(
            "Before the target year the latest figure, of %(year)s, decides, then the earlier "
            "years; a margin under 0.3 points (counts: 1%% of T) is thin."
        )
    )
    year = case.target_year if case.is_due else case.actual_year
    if case.actual_value is None:
        return [*found, Step(_("The year that decides has no figure."))]
    return [*found, Step(decides % {"year": year}, [_gap_sum(case)])]


def _years_or_dash(years: Sequence[int]) -> str:
    return years_in_words(years) or "—"


def _monotone_steps(case: Case) -> list[Step]:
    """Neighbouring figures from the year before the period on, after the latest break."""
    span = [f for f in case.figures if case.start_year - 1 <= f.year <= case.last_year]
    first = max((f.year for f in span if f.is_break), default=0)
    pairs = pairwise([f for f in span if f.year >= first])
    words = {
        1: pgettext("working", "better"),
        0: pgettext("working", "the same"),
        -1: pgettext("working", "worse"),
    }
    sums = [
        f"{a.year} {_n(a.value)} → {b.year} {_n(b.value)}: "
        + words[_sign(case.direction * (b.value - a.value))]
        for a, b in pairs
    ]
    return [Step(_("Each figure is compared with the one before."), sums or [_("No pair yet.")])]


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)


def _gap_sum(case: Case) -> str:
    """gap = T − v = 98 − 97.95 = 0.05 > 0: short"""
    if case.threshold is None or case.actual_value is None or case.gap is None:
        return ""
    figure = case.figure(case.actual_year)
    word = judge(case, case.actual_value, figure.bound if figure else Bound.EXACT)
    words = {
        "met": pgettext("working", "met"),
        "short": pgettext("working", "short"),
        "open": pgettext("working", "open"),
    }
    sign = {1: "> 0", 0: "= 0", -1: "< 0"}[_sign(case.gap)]
    sums = _distance("T", "v", case, case.threshold, case.actual_value)
    return f"gap = {sums} {sign}: {words[word]}" if case.gap else f"gap = {sums}: {words[word]}"


def _distance(left: str, right: str, case: Case, a: Decimal, b: Decimal) -> str:
    """T − v = 98 − 97.95 = 0.05, turned round where less is better."""
    if case.direction < 0:
        left, right, a, b = right, left, b, a
    return f"{left} − {right} = {_n(a)} − {_n(b)} = {_n(a - b)}"


def _comparison(case: Case, value: Decimal, *, name: str = "v") -> str:
    """v = 105 ≥ T = 100"""
    if case.threshold is None:
        return ""
    signs = {Comparator.GT: ">", Comparator.LE: "≤", Comparator.LT: "<"}
    sign = signs.get(Comparator(case.level.comparator), "≥")
    return f"{name} = {_n(value)} {sign} T = {_n(case.threshold)}"


def _n(value: Decimal | None) -> str:
    """A figure in a sum, with a true minus sign."""
    return plain(value).replace("-", "−")
