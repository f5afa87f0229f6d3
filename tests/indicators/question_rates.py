"""How often each rule asks about honest figures, and how often about figures that were bent."""

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from indicators.enums import QuestionRule
from indicators.signs.bunched import bunched
from indicators.signs.helpful_breaks import helpful_breaks
from indicators.signs.jumps import FEWEST, jumps
from indicators.signs.late_edits import late_edit, late_edits
from indicators.signs.repeated import repeated_series, repeated_years
from indicators.signs.rows import Edit
from tests.indicators.honest_data import LAST, YEARS, worlds

SEED = 20260101
ENDS = (Decimal(0), Decimal(100))
# Years that have the five changes before them which a jump is measured against.
JUMP_YEARS = len(YEARS) - 1 - FEWEST


@dataclass
class Rate:
    """asked: questions among `of` series and years, or departments and years, looked at."""

    asked: int = 0
    of: int = 0

    @property
    def share(self):
        return self.asked / self.of


def honest_rates(departments, *, seed=SEED):
    """By rule."""
    found = {rule: Rate() for rule in QuestionRule}
    for department in worlds(seed, departments):
        for one in department:
            _count_series(one, found)
        for year in YEARS:
            _count_department(department, year, found)
    # Only where many figures come close to their targets can there be such a question at all.
    for department in worlds(seed, departments, smallest=20, largest=100, is_planned=True):
        found[QuestionRule.BUNCHED].asked += bunched(_measured(department, LAST)) is not None
        found[QuestionRule.BUNCHED].of += 1
    return found


def _count_series(one, found):
    found[QuestionRule.JUMP].asked += len(jumps(one.figures, in_points=one.in_points))
    found[QuestionRule.JUMP].of += JUMP_YEARS
    if one.in_points and one.figures[0].decimals:
        found[QuestionRule.REPEATED_YEARS].asked += len(repeated_years(one.figures, ends=ENDS))
        found[QuestionRule.REPEATED_YEARS].of += len(YEARS) - 2
    found[QuestionRule.HELPFUL_BREAK].asked += len(helpful_breaks(one.figures, level=one.level))
    found[QuestionRule.HELPFUL_BREAK].of += len(YEARS) - 1
    found[QuestionRule.LATE_EDIT].asked += sum(late_edit(each) is not None for each in one.edits)
    found[QuestionRule.LATE_EDIT].of += len(YEARS)


def _count_department(department, year, found):
    signs = {
        QuestionRule.REPEATED_SERIES: len(repeated_series(_rates(department, year), ends=ENDS)),
        QuestionRule.LATE_EDITS: late_edits(_edits(department, year)) is not None,
    }
    for rule, asked in signs.items():
        found[rule].asked += asked
        found[rule].of += 1


def _measured(department, year):
    return [one.measured(year) for one in department if year in one.level.years]


def _rates(department, year):
    return [one.measured(year).figure for one in department if one.in_points]


def _edits(department, year):
    return [each for one in department for each in one.edits if each.after.year == year]


def found_when_bent(departments, *, seed=SEED):
    """By rule, how often a question arises where each department bends its figures of the last
    year in the way that the rule looks for. Departments have 20 to 40 series."""
    chance, asked, of = Random(seed), Counter(), Counter()
    for department in worlds(seed, departments, smallest=20):
        for rule, seen in (
            (QuestionRule.BUNCHED, bunched(_lifted(department)) is not None),
            (QuestionRule.REPEATED_SERIES, bool(repeated_series(_copied(department, chance)))),
            (QuestionRule.LATE_EDITS, late_edits(_all_better(department)) is not None),
        ):
            asked[rule] += seen
            of[rule] += 1
        for one in department:
            for rule, seen in _bent_series(one):
                asked[rule] += seen
                of[rule] += 1
    return {rule: Rate(asked[rule], of[rule]) for rule in QuestionRule}


def _lifted(department):
    """Whatever missed its target by less than 5 points, or 5 % of it, is said to meet it by one
    unit of its last digit."""
    for one in department:
        each = one.measured(LAST)
        wide = Decimal(5) if one.in_points else each.level.value * Decimal("0.05")
        misses = 0 < each.level.value - each.figure.value < wide
        value = each.level.value + each.figure.step if misses else each.figure.value
        yield replace(each, figure=replace(each.figure, value=value))


def _copied(department, chance):
    """One figure with two decimals stands in four series."""
    rates = [replace(each, decimals=2) for each in _rates(department, LAST)]
    value = Decimal(chance.randint(6001, 9999)) / 100
    value += Decimal("0.01") if value == value.to_integral_value() else 0
    return [replace(each, value=value) if at < 4 else each for at, each in enumerate(rates)]


def _all_better(department):
    """Ten late corrections, each to the better."""
    for one in department[:10]:
        figure = one.figures[-1]
        before = replace(figure, value=figure.value - figure.step)
        yield Edit(before, figure, one.level, 20)


def _bent_series(one):
    """The last year lifted by ten points; the last three years the same; a break and a late
    correction by which what is short meets the target."""
    *earlier, last = one.figures
    if one.in_points:
        lifted = replace(last, value=last.value + 10, is_break=False)
        yield (
            QuestionRule.JUMP,
            any(each.year == LAST for each in jumps([*earlier, lifted], in_points=True)),
        )
    if one.in_points and last.decimals and last.value % 1 and last.value not in ENDS:
        same = [replace(each, value=last.value, is_break=False) for each in one.figures[-3:]]
        yield QuestionRule.REPEATED_YEARS, bool(repeated_years([*one.figures[:-3], *same]))
    if not one.level.is_met(last.value) and not one.level.is_met(earlier[-1].value):
        met = replace(last, value=one.level.value, is_break=True)
        signs = helpful_breaks([*earlier, met], level=one.level)
        yield QuestionRule.HELPFUL_BREAK, any(each.year == LAST for each in signs)
        edit = Edit(last, replace(met, is_break=False), one.level, 1)
        yield QuestionRule.LATE_EDIT, late_edit(edit) is not None
