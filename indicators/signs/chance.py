"""Exact probabilities and medians."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import comb

# What chance alone brings about less often than this is worth a question.
RARE = Fraction(1, 200)


def at_least(count: int, of: int, *, chance: Fraction) -> Fraction:
    """Probability of `count` or more successes among `of` independent trials, each with `chance`.

    Source: the exact binomial test (one side).
    """
    return sum(
        (
            comb(of, each) * chance**each * (1 - chance) ** (of - each)
            for each in range(count, of + 1)
        ),
        Fraction(0),
    )


def median(values: Iterable[Decimal]) -> Decimal:
    """The middle one, or half the sum of the two; of at least one value with 21 digits or less."""
    ordered = sorted(values)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2
