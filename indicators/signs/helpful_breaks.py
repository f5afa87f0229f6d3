"""A break by which a figure that was short of its target meets it."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from indicators.enums import QuestionRule
from indicators.signs.chance import median
from indicators.signs.rows import Figure, Level, Sign, as_text


def helpful_breaks(figures: Sequence[Figure], *, level: Level) -> list[Sign]:
    """Figures that are marked as a break (B) in the target's period and meet what the one before
    them missed and would have gone on missing.

    figures: of one series, oldest first. b is the last figure before the break, u the median
    yearly change of the years before it back to an earlier break (0 where there are none). Asked
    where b and b + u × years are short and the figure of the break meets the level.

    Source: no published formula; METHOD.md says that figures before and after a break are not
    comparable, so what would have come without it is only supposed.
    """
    found = []
    for place in range(1, len(figures)):
        at, before = figures[place], figures[place - 1]
        if not at.is_break or not level.start_year <= at.year < level.years.stop:
            continue
        changes = _changes_until(figures[:place])
        usual = median(changes) if changes else Decimal(0)
        continued = before.value + usual * (at.year - before.year)
        short = not level.is_met(before.value) and not level.is_met(continued)
        if short and level.is_met(at.value):
            found.append(_sign(before, at, level, len(changes), usual, continued))
    return found


def _changes_until(figures: Sequence[Figure]) -> list[Decimal]:
    """Yearly changes since the last break, those over missing years left out."""
    breaks = [place for place, each in enumerate(figures) if each.is_break]
    segment = figures[breaks[-1] if breaks else 0 :]
    return [
        right.value - left.value for left, right in pairwise(segment) if right.year == left.year + 1
    ]


def _sign(
    before: Figure, at: Figure, level: Level, changes: int, usual: Decimal, continued: Decimal
) -> Sign:
    return Sign(
        rule=QuestionRule.HELPFUL_BREAK,
        first_year=before.year,
        year=at.year,
        figures=(at, before),
        facts={
            "target": level.target,
            "sign": level.sign,
            "level": as_text(level.value),
            "changes": str(changes),
            "usual_change": as_text(usual),
            "years": str(at.year - before.year),
            "continued": as_text(continued),
            "gap": as_text(abs(level.value - continued)),
        },
        key=f"{level.target}:{at.year}",
    )
