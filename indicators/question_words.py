"""Questions in the reader's language, made of the exact texts that are stored."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.enums import QuestionRule
from indicators.models import Finding, Question
from indicators.question_sentences import BREAK_WITHOUT_CHANGES, INNOCENT, LINES, SENTENCES
from indicators.signs.rates import RATES
from targets_site.figures import decimals_of, plain
from targets_site.templatetags.shown import with_unit

# Two digits are enough to see how small a probability is; the exact one stands beside it.
SHOWN = Context(prec=2, rounding=ROUND_HALF_EVEN)
SMALLEST = Decimal("0.0001")
CHANCES = ("probability", "limit", "once", "chance_met", "band_share")
# In the unit of the series; of jumps of counts the second ones are shares of the figure before.
UNITED = ("value", "before", "continued", "level", "old", "new")
# Distances, of which those of rates are points.
CHANGES = ("change", "usual_change", "step", "gap", "scatter", "away", "limit")


@dataclass(frozen=True)
class Said:
    """A question with its newest finding, in words."""

    question: Question
    finding: Finding

    @property
    def rule(self) -> QuestionRule:
        return QuestionRule(self.question.rule)

    @property
    def title(self) -> str:
        return str(self.rule.label)

    @property
    def place(self) -> str:
        """Whose figures: the indicator and scope, else the department."""
        series = self.question.series
        if series is None:
            return self.question.department.name if self.question.department else ""
        named = {"indicator": series.indicator.name, "scope": series.scope_name}
        return _("%(indicator)s (%(scope)s)") % named if named["scope"] else named["indicator"]

    @property
    def years(self) -> str:
        first, last = self.question.first_year, self.question.year
        return str(last) if first == last else f"{first}–{last}"

    @property
    def sentence(self) -> str:
        form = SENTENCES[self.rule]
        if self.rule is QuestionRule.HELPFUL_BREAK and self.facts["changes"] == "0":
            form = BREAK_WITHOUT_CHANGES
        return str(form) % self.facts

    @property
    def target(self) -> str:
        """Code of the target that it is about; empty where it is about none."""
        return str(self.finding.facts.get("target", ""))

    @property
    def innocent(self) -> str:
        """What may be behind it."""
        return str(INNOCENT[self.rule])

    @property
    def stands(self) -> bool:
        """The newest look still found it."""
        return self.finding.gone_at is None

    @property
    def arithmetic(self) -> list[tuple[str, str]]:
        """Label and value of each line, in the order one reckons."""
        return [
            (str(label) % self.facts, str(form) % self.facts) for label, form in LINES[self.rule]
        ]

    @cached_property
    def facts(self) -> dict[str, str]:
        """The stored numbers as they are shown, by name."""
        facts: dict[str, str] = {**self._common(), **self.finding.facts}
        is_jump = self.rule is QuestionRule.JUMP
        for name in () if is_jump else set(CHANCES) & facts.keys():
            facts[f"{name}_shown"] = percent(Fraction(facts[name]))
        if self.question.series is not None:
            changes = CHANGES if is_jump else CHANGES[:4]
            for name in {*UNITED, *changes} & facts.keys():
                facts[name] = self._united(name, facts[name])
        return facts

    def _common(self) -> dict[str, str]:
        figures = self.finding.figures
        return {
            "place": self.place,
            "year": str(self.question.year),
            "first": str(self.question.first_year),
            "value": figures[0]["value"],
            "before": figures[-1]["value"],
            "department": self.question.department.name if self.question.department else "—",
        }

    def _united(self, name: str, text: str) -> str:
        number, series = Decimal(text), self.question.series
        if name in CHANGES and self.finding.facts.get("is_share"):
            return f"{_minus(plain(number * 100))} %"
        unit = series.indicator.unit if series else ""
        shown = plain(number, decimals=decimals_of(number))
        return points(shown) if name in CHANGES and unit == "%" else with_unit(shown, unit)


def said(question: Question) -> Said:
    """question: with its findings, the newest first (see `queries.questions.with_words`)."""
    return Said(question, question.findings.all()[0])


def points(number: str) -> str:
    """3.5 → `3.5 points`; a fall with its sign."""
    form = ngettext("%(points)s point", "%(points)s points", 1 if number == "1" else 2)
    return form % {"points": _minus(number)}


def _minus(number: str) -> str:
    return number.replace("-", "−")


def percent(share: Fraction) -> str:
    """With two digits; what is less than 0.0001 % is never shown as none."""
    number = Decimal(share.numerator) * 100 / Decimal(share.denominator)
    if 0 < number < SMALLEST:
        return _("less than %(number)s") % {"number": f"{SMALLEST} %"}
    return f"{plain(SHOWN.create_decimal(number))} %"


def honest_rate(rule: QuestionRule) -> str:
    """How often the rule asks about honest data, as a sentence."""
    rate = RATES[rule]
    words = {"share": percent(rate.share), "of": f"{rate.of:,}"}
    if rate.asked == 0:
        return _("In honest data it arose for none of %(of)s departments and years.") % words
    if rate.is_of_departments:
        form = _(
            "In honest data this question arises for about %(share)s of departments a year "
            "(measured on %(of)s)."
        )
    else:
        form = _(
            "In honest data this question arises for about %(share)s of series a year (measured "
            "on %(of)s)."
        )
    return form % words
