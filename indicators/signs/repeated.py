"""The same figure year after year, or in several series of a department in one year."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from indicators.enums import QuestionRule
from indicators.signs.chance import RARE, at_least, median
from indicators.signs.rows import Figure, Sign, as_text

# Of changes that scatter evenly around nothing, 0.27 / (their median size) is the density at no
# change at all: that of the normal distribution, 0.6745 / √(2π).
DENSITY = Fraction(27, 100)
FEWEST_YEARS = 3
FEWEST_SERIES = 3
# Figures this close to the repeated one are its neighbours.
NEIGHBOURHOOD = Decimal(1)


def repeated_years(figures: Sequence[Figure], *, ends: Iterable[Decimal] = ()) -> list[Sign]:
    """Runs of the same figure, to the last stated digit, that the series' own unrest makes rare.

    figures: of one rate, oldest first. ends: values at the end of the scale, such as 0 and 100,
    which are reached and stay; whole numbers are left out with them, since there is rounding to
    them. Looked at are runs of 3 consecutive years and more without a break. With δ one unit of
    the last stated digit and m the median of the other yearly changes without their signs (at
    least δ, and δ where there is none), a repetition has the probability q = 0.27 δ / m, a run of r
    repetitions somewhere among n changes at most P = (n − r + 1) q^r. Asked where P ≤ 1/200.

    Source: the union bound over places; q is the normal density of the change at 0, with the
    median as its robust scale (Iglewicz and Hoaglin 1993, How to Detect and Handle Outliers).
    """
    left_out = frozenset(ends)
    runs = [run for run in _runs(figures) if _may_repeat(run[0], left_out)]
    return [sign for run in runs if (sign := _asked_of_run(run, figures)) is not None]


def repeated_series(figures: Iterable[Figure], *, ends: Iterable[Decimal] = ()) -> list[Sign]:
    """The same figure in three or more series of one department in one year.

    figures: of rates; each measure counts once, since several scopes may well agree. Of the N
    figures that lie within 1 point of the repeated one, each has one of s = 2 × 10^d + 1 values
    with d stated decimals; k − 1 of the N − 1 others equal it with probability P(X ≥ k − 1), X ~
    Bin(N − 1, 1/s). Asked where that, times the number of figures which could have been the
    repeated one, is at most 1/200.

    Source: the exact binomial test with the union bound over figures (a local birthday problem).
    """
    rates = _once_a_measure(figures)
    left_out = frozenset(ends)
    by_value: dict[Decimal, list[Figure]] = defaultdict(list)
    for each in rates:
        by_value[each.value].append(each)
    same = [
        some
        for some in by_value.values()
        if len(some) >= FEWEST_SERIES and _may_repeat(some[0], left_out)
    ]
    return [sign for some in same if (sign := _asked_of_series(some, rates)) is not None]


def _may_repeat(figure: Figure, left_out: frozenset[Decimal]) -> bool:
    is_whole = figure.value == figure.value.to_integral_value()
    return figure.decimals > 0 and not is_whole and figure.value not in left_out


def _runs(figures: Sequence[Figure]) -> Iterator[list[Figure]]:
    """Of consecutive years and equal values, the longest ones."""
    run: list[Figure] = []
    for each in figures:
        goes_on = run and each.year == run[-1].year + 1 and each.value == run[-1].value
        if not goes_on or each.is_break:
            if len(run) >= FEWEST_YEARS:
                yield run
            run = []
        run.append(each)
    if len(run) >= FEWEST_YEARS:
        yield run


def _asked_of_run(run: Sequence[Figure], figures: Sequence[Figure]) -> Sign | None:
    first, last = run[0].year, run[-1].year
    changes = [
        (right.year, abs(right.value - left.value))
        for left, right in pairwise(figures)
        if right.year == left.year + 1 and not right.is_break
    ]
    others = [change for year, change in changes if not first < year <= last]
    step = max(each.step for each in run)
    usual = max(median(others), step) if others else step
    again = len(run) - 1
    places = len(changes) - again + 1
    once = DENSITY * Fraction(step) / Fraction(usual)
    chance = places * once**again
    if chance > RARE:
        return None
    return Sign(
        rule=QuestionRule.REPEATED_YEARS,
        first_year=first,
        year=last,
        figures=tuple(run),
        facts={
            "years": str(len(run)),
            "step": as_text(step),
            "others": str(len(others)),
            "usual_change": as_text(usual),
            "once": as_text(once),
            "again": str(again),
            "places": str(places),
            "probability": as_text(chance),
            "limit": as_text(RARE),
        },
        key=str(first),
    )


def _once_a_measure(figures: Iterable[Figure]) -> list[Figure]:
    found: dict[str, Figure] = {}
    for each in sorted(figures, key=lambda each: each.series):
        found.setdefault(each.measure or each.series, each)
    return list(found.values())


def _asked_of_series(same: Sequence[Figure], rates: Sequence[Figure]) -> Sign | None:
    value, decimals = same[0].value, min(each.decimals for each in same)
    near = [each for each in rates if abs(each.value - value) <= NEIGHBOURHOOD]
    values = 2 * 10**decimals + 1
    chance = len(near) * at_least(len(same) - 1, len(near) - 1, chance=Fraction(1, values))
    if chance > RARE:
        return None
    year = same[0].year
    return Sign(
        rule=QuestionRule.REPEATED_SERIES,
        first_year=year,
        year=year,
        figures=tuple(same),
        facts={
            "series": str(len(same)),
            "near": str(len(near)),
            "neighbourhood": as_text(NEIGHBOURHOOD),
            "values": str(values),
            "probability": as_text(chance),
            "limit": as_text(RARE),
        },
        key=as_text(value),
    )
