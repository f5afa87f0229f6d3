"""What a target asks for, and the words for it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.amounts import amount
from plans.enums import Comparator, Kind


@dataclass(frozen=True)
class Level:
    """What the target asks for, in the unit of its figures."""

    kind: str
    comparator: str
    value: Decimal | None
    shown: str
    shown_upper: str = ""
    unit: str = ""

    @property
    def less_is_better(self) -> bool:
        return self.comparator in {Comparator.LE, Comparator.LT}


def level_in_words(level: Level) -> str:
    """98%以上, at most 2%, +15% over the baseline, a fall every year."""
    if level.kind == Kind.MONOTONE:
        return _("a fall every year") if level.less_is_better else _("a rise every year")
    if level.kind == Kind.TEXT:
        return _("set in words")
    if level.kind == Kind.RELATIVE:
        below, above = _("%(n)s%% below the baseline"), _("%(n)s%% above the baseline")
        return (below if level.less_is_better else above) % {"n": level.shown}
    phrases: dict[str, str] = {
        Comparator.GE: pgettext("target level", "%(figure)s or more"),
        Comparator.GT: pgettext("target level", "more than %(figure)s"),
        Comparator.LE: pgettext("target level", "%(figure)s or less"),
        Comparator.LT: pgettext("target level", "less than %(figure)s"),
        Comparator.ABOUT: pgettext("target level", "about %(figure)s"),
        Comparator.BETWEEN: pgettext("target level", "%(figure)s to %(upper)s"),
    }
    if level.comparator == Comparator.GE and level.unit == "%" and level.value == 100:
        return amount(level.shown, level.unit)
    return phrases[level.comparator] % {
        "figure": amount(level.shown, level.unit),
        "upper": amount(level.shown_upper, level.unit),
    }
