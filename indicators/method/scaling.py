"""Targets apart by the decimals that they and their figures need.

One target with many decimals or a large figure must not bring all the others out of 64 bits. What
is compared with one another, the targets and figures of a series, stays together.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from indicators.method.columns import NO_SERIES, Ints, Observed, Stated

# Few parts: what needs two decimals takes three. Above the last each number has a part.
_STEPS = (1, 3)


def by_decimals(stated: Stated, observed: Observed) -> Iterator[tuple[Ints, Stated, Observed]]:
    """Positions of the targets, and the columns of them and of their series, in a scale that is
    fine enough for half a digit of an `about` without tolerance and for a relative level."""
    needed = _decimals_needed(stated, observed)
    above = np.searchsorted(_STEPS, needed)
    needed = np.where(above < len(_STEPS), np.take(_STEPS, above, mode="clip"), needed)
    for decimals in np.unique(needed):
        chosen = needed == decimals
        part = stated.part(chosen)
        measured = np.isin(observed.series, part.series[part.series != NO_SERIES])
        scale = 10 ** int(decimals)
        yield (
            np.nonzero(chosen)[0],
            _scaled(part, scale),
            replace(
                observed.part(measured), value=_to(observed.value[measured], stated.scale, scale)
            ),
        )


def _decimals_needed(stated: Stated, observed: Observed) -> Ints:
    """Of each target: the most that anything of its series needs."""
    value, tolerance, baseline = (
        _decimals(figures, stated.scale)
        for figures in (stated.value, stated.tolerance, stated.baseline_value)
    )
    is_half = (stated.comparator == "about") & ~stated.has_tolerance
    own = np.maximum.reduce([value, tolerance, baseline, np.where(is_half, stated.decimals + 1, 0)])
    own = np.where(stated.kind == "relative", value + baseline + 2, own)
    series, line = np.unique(np.concatenate([stated.series, observed.series]), return_inverse=True)
    of_target, of_figure = line[: len(own)], line[len(own) :]
    most: Ints = np.zeros(len(series), int)
    np.maximum.at(most, of_target, own)
    np.maximum.at(most, of_figure, _decimals(observed.value, stated.scale))
    return np.where(stated.series == NO_SERIES, own, most[of_target])


def _decimals(figures: Ints, scale: int) -> Ints:
    """Digits after the point without trailing zeros."""
    places = len(str(scale)) - 1
    needed: Ints = np.zeros(len(figures), int)
    for dropped in range(places):
        needed += (figures % 10 ** (places - dropped) != 0).astype(int)
    return needed


def _scaled(stated: Stated, scale: int) -> Stated:
    return replace(
        stated,
        scale=scale,
        value=_to(stated.value, stated.scale, scale),
        tolerance=_to(stated.tolerance, stated.scale, scale),
        baseline_value=_to(stated.baseline_value, stated.scale, scale),
    )


def _to(figures: Ints, scale: int, wanted: int) -> Ints:
    if wanted <= scale:
        coarser: Ints = figures // (scale // wanted)
        return coarser
    finer: Ints = figures.astype(object) * (wanted // scale)
    return finer
