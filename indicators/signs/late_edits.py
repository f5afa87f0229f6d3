"""Figures that were corrected after the deadline."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from indicators.enums import QuestionRule
from indicators.signs.chance import RARE, at_least
from indicators.signs.rows import Edit, Sign, as_text

EVEN = Fraction(1, 2)


def late_edit(edit: Edit) -> Sign | None:
    """A correction entered after the deadline by which a figure that was short meets its target.

    Nothing is estimated: the old figure is short of the level, the new one meets it, and it came
    days_late ≥ 1 days after the deadline.

    Source: the register of late corrections; no published formula.
    """
    level = edit.level
    if level is None or edit.days_late < 1 or edit.after.year not in level.years:
        return None
    if level.is_met(edit.before.value) or not level.is_met(edit.after.value):
        return None
    return Sign(
        rule=QuestionRule.LATE_EDIT,
        first_year=edit.after.year,
        year=edit.after.year,
        figures=(edit.after,),
        facts={
            "target": level.target,
            "sign": level.sign,
            "level": as_text(level.value),
            "old": as_text(edit.before.value),
            "old_decimals": str(edit.before.decimals),
            "new": as_text(edit.after.value),
            "change": as_text(edit.after.value - edit.before.value),
            "days": str(edit.days_late),
        },
        key=f"{level.target}:{edit.after.year}",
    )


def late_edits(edits: Iterable[Edit]) -> Sign | None:
    """Whether nearly all late corrections of a department went towards the target.

    edits: of one department and one year; each figure counts once. `towards` are late corrections
    to the better, `away` those to the worse. Errors that are found late are as often one as the
    other: P = P(X ≥ towards), X ~ Bin(towards + away, 1/2); asked where P ≤ 1/200, so never about
    fewer than 8.

    Source: the exact sign test (Dixon and Mood 1946, J. American Statistical Association 41).
    """
    late = {
        (each.after.series, each.after.year): each
        for each in edits
        if each.level is not None and each.days_late >= 1 and each.after.value != each.before.value
    }
    towards = [each for each in late.values() if _better(each) > 0]
    chance = at_least(len(towards), len(late), chance=EVEN)
    if not late or chance > RARE:
        return None
    return _sign(towards, len(late), chance)


def _better(edit: Edit) -> int:
    """1 where the correction goes towards the target, else -1."""
    rises = 1 if edit.after.value > edit.before.value else -1
    return rises * (edit.level.direction if edit.level else 0)


def _sign(towards: Sequence[Edit], late: int, chance: Fraction) -> Sign:
    year = towards[0].after.year
    return Sign(
        rule=QuestionRule.LATE_EDITS,
        first_year=year,
        year=year,
        figures=tuple(each.after for each in towards),
        facts={
            "towards": str(len(towards)),
            "away": str(late - len(towards)),
            "late": str(late),
            "probability": as_text(chance),
            "limit": as_text(RARE),
        },
    )
