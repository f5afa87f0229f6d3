"""How often each rule asks about honest data.

As `tests/benchmarks/question_rates.py` measures it on made figures that nobody bent: trends with
AR(1) errors, rounded as officials round, breaks and corrections at random. Bunching is measured on
departments whose targets were chosen so well that many figures come close to them. A test holds
these figures to the measurement, and each to at most 1 %.
"""

from dataclasses import dataclass
from fractions import Fraction

from indicators.enums import QuestionRule


@dataclass(frozen=True)
class HonestRate:
    """asked: questions among `of` series and years, or departments and years, looked at."""

    asked: int
    of: int
    is_of_departments: bool = False

    @property
    def share(self) -> Fraction:
        return Fraction(self.asked, self.of)


RATES = {
    QuestionRule.BUNCHED: HonestRate(2, 600, is_of_departments=True),
    QuestionRule.REPEATED_YEARS: HonestRate(9, 72_568),
    QuestionRule.REPEATED_SERIES: HonestRate(1, 6_000, is_of_departments=True),
    QuestionRule.JUMP: HonestRate(151, 54_188),
    QuestionRule.HELPFUL_BREAK: HonestRate(208, 121_923),
    QuestionRule.LATE_EDIT: HonestRate(13, 135_470),
    QuestionRule.LATE_EDITS: HonestRate(0, 6_000, is_of_departments=True),
}
