"""The facts that the sentence about one verdict is made of, and its placeholders."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.amounts import difference
from reports.sentences.amounts import years_in_words
from reports.sentences.levels import Level, level_in_words


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
            "base_year": self.baseline_year,
            "base": self.baseline,
            "expected": self.expected,
            "share": _whole_percent(self.ratio),
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


def _whole_percent(ratio: Decimal | None) -> str:
    """Rounded down, so that no share looks as if it had reached the next band."""
    return str(math.floor((ratio or Decimal(0)) * 100))


def _short_by(facts: VerdictFacts) -> str:
    """差0.05个百分点, and where less is better 高出0.05个百分点; empty when there is no gap."""
    if facts.gap is None:
        return ""
    if facts.gap == 0:
        # Only 超过 and 低于 can be short at the level itself.
        return _("exactly at the limit that it has to pass")
    if facts.gap < 0:
        return ""
    phrase = _("%(gap)s too high") if facts.level.less_is_better else _("%(gap)s short")
    return phrase % {"gap": difference(facts.gap, facts.unit)}
