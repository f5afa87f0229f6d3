"""What is needed a year against what the last step gave a year, in words."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.amounts import difference
from targets_site.figures import decimals_of

_RATES = ("%", "index")
# 0.1 beside 0.25 is said as 0.10; beside 0.3333 it would look as if it had been measured so.
_ALIKE_DECIMALS = 2


@dataclass(frozen=True)
class Pace:
    """What is needed a year from now on, and what the last step gave a year.

    Both are in `unit` and in the direction of the target, as verdicts store them: positive is
    towards the target, 4 places. None where the method gives none.
    last_years: the years between the two figures behind `last`. falls: less is better (le, lt);
    then what is needed is said as a fall.
    """

    required: Decimal | None
    last: Decimal | None
    last_years: int | None
    unit: str
    falls: bool = False


def needed_against_last(pace: Pace) -> str:
    """“The target needs +0.25 percentage points a year; the last 3 years gave +0.10 percentage
    points a year.” Empty where nothing is needed.

    Where less is better it needs −0.25. Of rates both figures have as many decimals, up to two;
    counts stand as they are: 12 more, not 12.0.
    """
    if not pace.required:
        return ""
    words = {"needed": _change(pace, pace.required), "years": pace.last_years}
    if pace.last is None or pace.last_years is None:
        return _("The target needs %(needed)s a year.") % words
    words["last"] = _change(pace, pace.last)
    if not pace.last:
        return _("The target needs %(needed)s a year; the last step brought no change.") % words
    if pace.last_years == 1:
        return _("The target needs %(needed)s a year; the last year gave %(last)s.") % words
    return (
        _("The target needs %(needed)s a year; the last %(years)s years gave %(last)s a year.")
        % words
    )


def _change(pace: Pace, towards: Decimal) -> str:
    """A pace as the figures move: +0.25 percentage points, 提高0.25个百分点; 12 more, 增加12个."""
    rises = (towards > 0) != pace.falls
    if pace.unit in _RATES:
        up, down = (
            pgettext("pace of a rate", "+%(amount)s"),
            pgettext("pace of a rate", "−%(amount)s"),
        )
        moved = difference(towards, pace.unit, decimals=_decimals(pace))
    else:
        up, down = (
            pgettext("pace of a count", "%(amount)s more"),
            pgettext("pace of a count", "%(amount)s less"),
        )
        moved = difference(towards, pace.unit)
    return (up if rises else down) % {"amount": moved}


def _decimals(pace: Pace) -> int:
    paces = [each.normalize() for each in (pace.required, pace.last) if each is not None]
    return min(_ALIKE_DECIMALS, max(decimals_of(each) for each in paces))
