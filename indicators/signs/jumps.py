"""A change unlike the earlier changes of its series."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from indicators.enums import QuestionRule
from indicators.signs.chance import median
from indicators.signs.rows import Figure, Sign, as_text

# By number of earlier changes, how many times their median distance from the usual change a new
# one may be away. A median of few scatters widely, so that few need a wide limit; measured on
# honest data by tests/benchmarks/question_rates.py, and no smaller than the 5.2 (= 3.5 / 0.6745)
# that Iglewicz and Hoaglin (1993) give for many.
LIMITS = {5: 24, 6: 15, 7: 15, 8: 11, 9: 11, 10: 10}
FEWEST = min(LIMITS)
MANY = max(LIMITS)
# Relative changes are looked at in hundredths of a per cent: 4 decimals of a share.
SHARE = Decimal("0.0001")


def jumps(figures: Sequence[Figure], *, in_points: bool) -> list[Sign]:
    """Each figure whose change is far from the usual one of the years before it.

    figures: of one series, oldest first; a break begins the series anew, a missing year leaves
    out the change over it. in_points: changes in the series' unit, else shares of the figure
    before, rounded to 0.01 % (without those of figures that are not above 0). With c the change,
    u the median of the n ≥ 5 earlier ones and s the median of their distances from u (at least one
    unit of the last stated digit), asked where |c − u| > k s; k by n: 24, 15, 15, 11, 11 and, from
    10 changes on, 10.

    Source: the modified z-score of Iglewicz and Hoaglin (1993), with limits for small n.
    """
    found = []
    earlier: list[tuple[Decimal, Decimal]] = []
    for left, right in pairwise(figures):
        if right.is_break:
            earlier = []
            continue
        change = _change(left, right, in_points=in_points)
        if change is None:
            continue
        sign = _asked(left, right, change, earlier, in_points=in_points)
        if sign is not None:
            found.append(sign)
        earlier.append(change)
    return found


def limit_of(changes: int) -> int | None:
    """None where there are too few."""
    return LIMITS[min(changes, MANY)] if changes >= FEWEST else None


def _change(left: Figure, right: Figure, *, in_points: bool) -> tuple[Decimal, Decimal] | None:
    """The change, and the smallest one that could be stated; None over a missing year."""
    if right.year != left.year + 1:
        return None
    step = max(left.step, right.step)
    change = right.value - left.value
    if in_points:
        return change, step
    if left.value <= 0:
        return None
    return _share(change, left.value), max(SHARE, _share(step, left.value))


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return Decimal(round(Fraction(part) / Fraction(whole) / Fraction(SHARE))) * SHARE


def _asked(
    left: Figure,
    right: Figure,
    change: tuple[Decimal, Decimal],
    earlier: Sequence[tuple[Decimal, Decimal]],
    *,
    in_points: bool,
) -> Sign | None:
    times = limit_of(len(earlier))
    if times is None:
        return None
    usual = median(each for each, _step in earlier)
    step = max(each for _change, each in (*earlier, change))
    scatter = max(median(abs(each - usual) for each, _step in earlier), step)
    away = abs(change[0] - usual)
    if away <= times * scatter:
        return None
    return Sign(
        rule=QuestionRule.JUMP,
        first_year=left.year,
        year=right.year,
        figures=(right, left),
        facts={
            "is_share": "" if in_points else "1",
            "change": as_text(change[0]),
            "changes": str(len(earlier)),
            "usual_change": as_text(usual),
            "scatter": as_text(scatter),
            "away": as_text(away),
            "times": str(times),
            "limit": as_text(times * scatter),
        },
        key=str(right.year),
    )
