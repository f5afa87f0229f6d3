"""One step of a working, and the sums that it is shown with."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from django.utils.translation import pgettext

from indicators.enums import Bound
from plans.enums import Comparator
from reports.workings.case import Case
from reports.workings.figures import Knot
from reports.workings.thresholds import judge
from targets_site.figures import plain


@dataclass(frozen=True)
class Step:
    """One step of the working: what is done and why, and the sum with its numbers."""

    words: str
    sums: Sequence[str] = ()


def gap_sum(case: Case) -> str:
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
    sign = {1: " > 0", 0: "", -1: " < 0"}[sign_of(case.gap)]
    sums = distance("T", "v", case, case.threshold, case.actual_value)
    return f"gap = {sums}{sign}: {words[word]}"


def distance(left: str, right: str, case: Case, a: Decimal, b: Decimal) -> str:
    """T − v = 98 − 97.95 = 0.05, turned round where less is better."""
    if case.direction < 0:
        left, right, a, b = right, left, b, a
    return f"{left} − {right} = {in_sum(a)} − {in_sum(b)} = {in_sum(a - b)}"


def comparison(case: Case, value: Decimal, *, name: str = "v") -> str:
    """v = 105 ≥ T = 100"""
    if case.threshold is None:
        return ""
    signs = {Comparator.GT: ">", Comparator.LE: "≤", Comparator.LT: "<"}
    sign = signs.get(Comparator(case.level.comparator), "≥")
    return f"{name} = {in_sum(value)} {sign} T = {in_sum(case.threshold)}"


def path_sum(knots: Sequence[Knot], *, year: int, expected: Decimal) -> str:
    """e = path(2013) = 90 + (96 − 90) × 3/5 = 93.6"""
    pairs = [pair for pair in pairwise(knots) if pair[0][0] < year <= pair[1][0]]
    (left, low), (right, high) = pairs[0] if pairs else (knots[-2], knots[-1])
    exact = Fraction(low) + (Fraction(high) - Fraction(low)) * Fraction(year - left, right - left)
    sign = "=" if exact == Fraction(expected) else "≈"
    return (
        f"e = path({year}) = {in_sum(low)} + ({in_sum(high)} − {in_sum(low)}) × "
        f"{year - left}/{right - left} {sign} {in_sum(expected)}"
    )


def sign_of(value: Decimal) -> int:
    """1, 0 or -1."""
    return (value > 0) - (value < 0)


def in_sum(value: Decimal | None) -> str:
    """A figure in a sum, with a true minus sign."""
    return plain(value).replace("-", "−")
