"""The facts that the sentence about one verdict is made of, and its placeholders."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.amounts import difference
from plans.enums import Comparator
from reports.sentences.amounts import years_in_words
from reports.sentences.levels import Level, level_in_words
from targets_site.figures import plain


@dataclass(frozen=True)
class VerdictFacts:
    """What the sentence about one verdict is made of; figures come as said, with their unit.

    gap: d·(T − v), positive while short, in `unit`. ratio: R of METHOD.md rule 9. drop: how far
    the latest figure fell from the one before, positive. hold_years: W, oldest first, from
    hold_first on (METHOD.md, "Verdicts of hold").
    side_word: met, short or open. reached_year and reached: the first figure that met the target
    (rule 0).
    """

    status: str
    as_of: int
    level: Level
    unit: str
    target_year: int | None = None
    start_year: int | None = None
    actual_year: int | None = None
    actual: str = ""
    gap: Decimal | None = None
    baseline_year: int | None = None
    baseline: str = ""
    expected: str = ""
    ratio: Decimal | None = None
    drop: Decimal | None = None
    hold_first: int | None = None
    hold_years: Sequence[int] = ()
    missing_years: Sequence[int] = ()
    breached_years: Sequence[int] = ()
    side_year: int | None = None
    side: str = ""
    side_word: str = ""
    reached_year: int | None = None
    reached: str = ""
    is_bounded: bool = False
    is_about_open: bool = False
    is_beyond_range: bool = False

    @property
    def kept_years(self) -> list[int]:
        missed = {*self.missing_years, *self.breached_years}
        return [year for year in self.hold_years if year not in missed]

    def words(self) -> dict[str, object]:
        """The placeholders of the sentences."""
        return {
            "as_of": self.as_of,
            "year": self.target_year,
            "level": level_in_words(self.level),
            "at": self.actual_year,
            "actual": self.actual,
            "gap": difference(self.gap, self.unit),
            "short": _short_by(self),
            "beyond": _beyond(self),
            "base_year": self.baseline_year,
            "base": self.baseline,
            "expected": self.expected,
            "share": _percent(self.ratio),
            "drop": difference(self.drop, self.unit),
            "from": self.hold_first or self.start_year,
            "k": len(self.kept_years),
            "n": len(self.hold_years),
            "missing": years_in_words(self.missing_years),
            "breached": years_in_words(self.breached_years),
            "side_year": self.side_year,
            "side": self.side,
            "reached_year": self.reached_year,
            "reached": self.reached,
        }


def _percent(ratio: Decimal | None) -> str:
    """As the steps print R: rounded once more it could look as if it had reached a band."""
    return plain((ratio or Decimal(0)) * 100)


def _short_by(facts: VerdictFacts) -> str:
    """低于目标0.05个百分点, and where less is better 高于; empty when there is no gap."""
    if facts.gap is None:
        return ""
    if facts.gap == 0:
        # Only 超过 and 低于 can be short at the level itself.
        return _("exactly at the limit that it has to pass")
    if facts.gap < 0:
        return ""
    if facts.level.comparator == Comparator.ABOUT:
        # The distance is to the lowest value that would do, not to the one that is named.
        phrase = pgettext("about a level", "%(gap)s short")
    else:
        phrase = _("%(gap)s too high") if facts.level.less_is_better else _("%(gap)s short")
    return phrase % {"gap": difference(facts.gap, facts.unit)}


def _beyond(facts: VerdictFacts) -> str:
    """，高于目标9.2个百分点, to stand after the figure; empty where no distance can be said: short
    of the level or just at it, a bound, a level without a single value."""
    has_one_value = facts.level.comparator not in {Comparator.ABOUT, Comparator.BETWEEN}
    if facts.gap is None or facts.gap >= 0 or facts.is_bounded or not has_one_value:
        return ""
    if facts.level.less_is_better:
        phrase = _(", %(gap)s below the target")
    else:
        phrase = _(", %(gap)s above the target")
    return phrase % {"gap": difference(facts.gap, facts.unit)}
