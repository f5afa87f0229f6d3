"""Met, open or short; the last one before; the first rule that applies; exact rounding."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from indicators.method.columns import Columns, Flags, Ints

MET, OPEN, SHORT = 1, 2, 3
NOWHERE = -1


def judge(at: Columns, figures: Ints, bound: Ints) -> Ints:
    """MET, OPEN or SHORT for figures of shape (n,) or (n, Y), each against its own target.

    A bounded figure is an interval: met when all of it is met, short when all of it is short.
    """
    wide = figures.ndim == 2
    direction, level, value, strict, about = (
        column[:, None] if wide else column
        for column in (at.direction, at.level, at.value, at.strict, at.open_about)
    )
    ahead = direction * (figures - level)
    meets = (ahead > 0) | ((ahead == 0) & ~strict)
    falls_short = np.where(about, 100 * figures < 95 * value, ~meets)
    reaches_up = direction * bound  # 1: [figure, better …), -1: (… worse, figure]
    met = meets & (reaches_up >= 0)
    short = falls_short & (reaches_up <= 0)
    return np.where(met, MET, np.where(short, SHORT, OPEN))


def last(mask: Flags) -> Ints:
    """Column of the last True of each row, NOWHERE without one."""
    if mask.shape[1] == 0:
        return np.full(len(mask), NOWHERE)
    column = mask.shape[1] - 1 - np.argmax(mask[:, ::-1], axis=1)
    return np.where(mask.any(axis=1), column, NOWHERE)


def pick(matrix: Ints, column: Ints) -> Ints:
    """One value of each row; anything where the column is NOWHERE."""
    if matrix.shape[1] == 0:
        return np.zeros(len(matrix), matrix.dtype)
    return matrix[np.arange(len(matrix)), np.maximum(column, 0)]


def first_of(rules: Sequence[tuple[Any, str]], *, otherwise: str) -> Ints:
    """The name of the first rule that applies to each row."""
    conditions = [np.asarray(condition, bool) for condition, _ in rules]
    return np.select(conditions, [name for _, name in rules], default=otherwise)


def figure_of(at: Columns, has: Flags, year: Ints) -> Ints:
    """Column of the figure of a year: its observation, else the latest within the frequency."""
    years = at.years[None, :]
    return last(has & (years <= year[:, None]) & (years > (year - at.frequency)[:, None]))


def in_last_segment(at: Columns, seen: Flags) -> Flags:
    """From the latest break on; a break says that what came before is not comparable."""
    columns = np.arange(len(at.years))[None, :]
    return columns >= last(at.breaks & seen)[:, None]


def previous_of(at: Columns, seen: Flags, segment: Flags, column: Ints, bound: Ints) -> Ints:
    """The last exact or about observation before `column` in the last segment."""
    before = np.arange(len(at.years))[None, :] < column[:, None]
    return last(seen & segment & before & (bound == 0))


def rounded(numerator: Ints, denominator: Ints, *, places: int = 4) -> Ints:
    """numerator / denominator × 10^places, half-even; anything where the denominator is 0."""
    sign = np.where(denominator < 0, -1, 1)
    bottom = np.where(denominator == 0, 1, denominator * sign)
    top = numerator * sign * 10**places
    quotient = top // bottom
    twice_rest = 2 * (top - quotient * bottom)
    up = (twice_rest > bottom) | ((twice_rest == bottom) & (quotient % 2 == 1))
    nearest: Ints = quotient + up
    return nearest
