"""One target with its figures and its stored verdict: what a working is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.amounts import amount
from indicators.enums import Nature
from plans.enums import Kind
from reports.sentences import Level, bounded
from reports.workings.figures import Figure, Knot, running_sums
from targets_site.figures import plain


@dataclass(frozen=True)
class Case:
    """A target, its figures up to as_of (oldest first) and the stored verdict, as plain values.

    threshold: T of METHOD.md, None for monotone, text and a relative target without baseline.
    milestones: (year, value), oldest first, the stronger one where two share a year. unit: that
    of the figures. Everything after `status` is what the verdict stores.
    """

    level: Level
    direction: int
    threshold: Decimal | None
    target_year: int | None
    start_year: int
    as_of: int
    unit: str
    figures: Sequence[Figure]
    status: str
    tolerance: Decimal | None = None
    hold_from: int | None = None
    milestones: Sequence[Knot] = ()
    nature: str = Nature.LEVEL
    frequency: int = 1
    is_baseline_named: bool = False
    actual_year: int | None = None
    actual_value: Decimal | None = None
    gap: Decimal | None = None
    baseline_year: int | None = None
    baseline_value: Decimal | None = None
    expected: Decimal | None = None
    ratio: Decimal | None = None
    required_pace: Decimal | None = None
    last_pace: Decimal | None = None
    missing_years: Sequence[int] = ()
    breached_years: Sequence[int] = ()
    side_year: int | None = None
    side_value: Decimal | None = None
    side_state: str = ""

    @property
    def is_due(self) -> bool:
        return self.target_year is not None and self.as_of >= self.target_year

    @property
    def last_year(self) -> int:
        """min(as-of, target year): later years change nothing."""
        return min(self.as_of, self.target_year) if self.target_year else self.as_of

    @property
    def is_summed(self) -> bool:
        return self.nature == Nature.FLOW and self.level.kind in {Kind.REACH, Kind.RELATIVE}

    @property
    def is_count_upward(self) -> bool:
        return self.nature != Nature.LEVEL and self.direction > 0

    @property
    def hold_years(self) -> range:
        """W: every year in which the level has to be held."""
        if self.level.kind != Kind.HOLD:
            return range(0)
        first = max(year for year, _v in self.milestones) + 1 if self.milestones else None
        return range(self.hold_from or first or self.start_year, self.last_year + 1)

    @property
    def judged_figures(self) -> Sequence[Figure]:
        """The yearly figures, or for a flow that is to be reached their running sums."""
        return running_sums(self.figures, self.start_year) if self.is_summed else self.figures

    def figure(self, year: int | None) -> Figure | None:
        return next((f for f in self.judged_figures if f.year == year), None)

    def figure_before(self, year: int) -> Figure | None:
        """The last exact or about figure before a year, in the last segment."""
        found = [f for f in self.judged_figures if f.year <= self.last_year]
        first = max((f.year for f in found if f.is_break), default=0)
        earlier = [f for f in found if first <= f.year < year and not f.is_bounded]
        return earlier[-1] if earlier else None

    def said(self, value: Decimal | None) -> str:
        """A value with its unit, as said."""
        return amount(plain(value), self.unit)

    def said_of(self, year: int | None, value: Decimal | None) -> str:
        """The figure of a year as it was stated: 63.10 stays 63.10, "at least" stays."""
        figure = self.figure(year)
        if figure is None or figure.value != value:
            return self.said(value)
        if self.is_summed:
            total = bounded(amount(figure.shown, self.unit), figure.bound)
            return _("%(total)s in all since %(start)s") % {
                "total": total,
                "start": self.start_year,
            }
        return bounded(amount(figure.shown, self.unit), figure.bound)
