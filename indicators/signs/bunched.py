"""Figures of a department that just meet their targets, against those that just miss them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from indicators.enums import QuestionRule
from indicators.signs.chance import RARE, at_least
from indicators.signs.rows import Figure, Measured, Sign, as_text

# The band on either side of the target: points of a rate or index, else a share of the target.
BAND_POINTS = Decimal("0.5")
BAND_SHARE = Decimal("0.01")
# Where targets are chosen well, somewhat more figures lie above them than below, also close by.
CHANCE_MET = Fraction(3, 5)


def bunched(measured: Iterable[Measured]) -> Sign | None:
    """Whether nearly all figures close to their targets are on the good side.

    measured: figures of one department and one year, each series with its nearest target. `met`
    counts those less than the band better than the target or equal to it, `missed` those worse by
    the band or less; both halves hold the same number of statable values, since the band is at
    least one unit of the last stated digit. Where a figure close to its target meets it with
    probability 3/5, independently of the others, P = P(X ≥ met), X ~ Bin(met + missed, 3/5); asked
    where P ≤ 1/200, so never about fewer than 11 figures.

    Source: the exact binomial test of manipulation in a narrow window: Cattaneo, Frandsen and
    Titiunik (2015), J. Causal Inference 3(1); for rounded figures Frandsen (2017), Advances in
    Econometrics 38. The same pattern in yearly reports of Chinese cities: Ghanem and Zhang (2014),
    J. Environmental Economics and Management 68(2). 3/5 in place of their 1/2 lets the density rise
    towards the good side.
    """
    close = _once_a_series(each for each in measured if _is_close(each))
    met = [each.figure for each in close if each.level.is_met(each.figure.value)]
    missed = [each.figure for each in close if not each.level.is_met(each.figure.value)]
    chance = at_least(len(met), len(close), chance=CHANCE_MET)
    if not close or chance > RARE:
        return None
    return _sign(met, missed, chance)


def _sign(met: Sequence[Figure], missed: Sequence[Figure], chance: Fraction) -> Sign:
    year = met[0].year
    return Sign(
        rule=QuestionRule.BUNCHED,
        first_year=year,
        year=year,
        figures=(*met, *missed),
        facts={
            "met": str(len(met)),
            "missed": str(len(missed)),
            "close": str(len(met) + len(missed)),
            "band_points": as_text(BAND_POINTS),
            "band_share": as_text(BAND_SHARE),
            "chance_met": as_text(CHANCE_MET),
            "probability": as_text(chance),
            "limit": as_text(RARE),
        },
    )


def _once_a_series(close: Iterable[Measured]) -> list[Measured]:
    """Of two targets for one figure the nearer one."""
    found: dict[str, Measured] = {}
    for each in sorted(close, key=lambda each: abs(_ahead(each))):
        found.setdefault(each.figure.series, each)
    return sorted(found.values(), key=lambda each: each.figure.series)


def _is_close(each: Measured) -> bool:
    """Within the band: of a strict target the level itself is missed, so the halves turn round."""
    ahead, band = _ahead(each), _band(each)
    return -band < ahead <= band if each.level.is_strict else -band <= ahead < band


def _ahead(each: Measured) -> Decimal:
    return each.level.direction * (each.figure.value - each.level.value)


def _band(each: Measured) -> Decimal:
    wide = BAND_POINTS if each.in_points else BAND_SHARE * abs(each.level.value)
    return max(wide, each.figure.step)
