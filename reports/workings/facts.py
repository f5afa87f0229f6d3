"""What the sentence about a case says, taken from its figures and its verdict."""

from decimal import Decimal

from indicators.amounts import amount
from indicators.enums import Bound, Status
from plans.enums import Comparator, Kind
from reports.sentences import VerdictFacts, bounded
from reports.workings.case import Case
from reports.workings.figures import Figure
from reports.workings.sums import sign_of
from reports.workings.thresholds import judge
from targets_site.figures import decimals_of, plain


def facts_of(case: Case) -> VerdictFacts:
    """What the sentence about the verdict says."""
    reached = first_reached(case)
    before = case.figure_before(case.actual_year) if case.actual_year else None
    counted = case.figure(case.actual_year)
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
        expected=_expected(case),
        ratio=case.ratio,
        drop=drop_of(case, before),
        hold_first=case.hold_years.start if case.level.kind == Kind.HOLD else None,
        hold_years=tuple(case.hold_years),
        missing_years=case.missing_years,
        breached_years=case.breached_years,
        side_year=case.side_year,
        side=case.said_of(case.side_year, case.side_value),
        side_word=case.side_state,
        reached_year=reached.year if reached else None,
        reached=case.said_of(reached.year, reached.value) if reached else "",
        is_bounded=counted is not None and counted.is_bounded,
        is_beyond_range=_is_beyond_range(case),
        is_about_open=case.level.comparator == Comparator.ABOUT and case.tolerance is None,
    )


def _expected(case: Case) -> str:
    """What the path asks for, to as many digits as the figure beside it or one more: about 77.6%.
    The exact value stands in the sums and in the chart's table; it is said itself where the rounded
    one would stand on another side of the figure."""
    figure = case.figure(case.actual_year)
    if case.expected is None or case.actual_value is None or figure is None:
        return case.said(case.expected)
    digits = decimals_of(Decimal(figure.shown))
    for places in (digits, digits + 1):
        rounded = round(case.expected, places)
        if rounded == case.expected:
            break
        if sign_of(case.actual_value - rounded) == sign_of(case.actual_value - case.expected):
            return bounded(amount(plain(rounded, decimals=places), case.unit), Bound.ABOUT)
    return case.said(case.expected)


def _is_beyond_range(case: Case) -> bool:
    """More than the upper end of a range is still met, and is said."""
    upper = case.level.shown_upper
    return bool(upper) and case.actual_value is not None and case.actual_value > Decimal(upper)


def first_reached(case: Case) -> Figure | None:
    """The figure that met a count upward first (rule 0)."""
    if not case.is_count_upward or case.status != Status.ACHIEVED:
        return None
    span = [f for f in case.judged_figures if case.start_year <= f.year <= case.last_year]
    return next((f for f in span if judge(case, f.value, f.bound) == "met"), None)


def drop_of(case: Case, before: Figure | None) -> Decimal | None:
    """How far the latest figure fell back from the one before, positive; None without both."""
    if before is None or case.actual_value is None:
        return None
    return case.direction * (before.value - case.actual_value)
