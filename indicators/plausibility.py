"""Is a figure plausible: against the previous one, and against its numerator and denominator.

Pure arithmetic on exact decimals. Nothing is compared after rounding: quotients are
cross-multiplied, and rounding happens where a quotient is stored or shown.
"""

from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, localcontext

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from targets_site.figures import plain
from targets_site.templatetags.shown import with_unit

# Figures have 15 digits at most: no product of them loses a digit here, and if one would, it fails.
EXACT = Context(prec=100, traps=[Inexact, DivisionByZero, InvalidOperation])
ONE_HUNDRED = Decimal(100)
IN_POINTS = frozenset({"%", "index"})
UNUSUAL_POINTS = Decimal(10)
UNUSUAL_SHARE = Decimal("0.5")
# A quotient is shown with two decimals where the stated figure has fewer.
SHOWN_DECIMALS = 2

MESSAGES = {
    "pair": gettext_lazy("Give numerator and denominator, or neither."),
    "denominator": gettext_lazy("A denominator is more than 0."),
    "numerator": gettext_lazy("A numerator is not negative."),
    "share": gettext_lazy("The numerator is larger than the denominator."),
    "rate": gettext_lazy("%(working)s, entered %(value)s %%: correct one of them."),
}


@dataclass(frozen=True)
class ComputedRate:
    """A rate in per cent with the decimals asked for; `is_exact` where none were cut off."""

    value: Decimal
    is_exact: bool


def unusual_change(
    *,
    value: Decimal,
    year: int,
    previous: Decimal | None,
    previous_year: int | None,
    unit: str,
    value_decimals: int = 0,
    previous_decimals: int | None = None,
) -> str:
    """What to confirm where a figure is far from the previous one in force; else empty.

    Unusual is a change of more than 10 points (unit % or index), else of more than half of the
    previous value; a count that was 0 says nothing about the next. Exactly the limit is usual.
    Both values are in `unit`; the decimals are those stated, previous_decimals as value_decimals
    where left out. previous and previous_year are both None where there is no previous figure.
    """
    if previous is None or previous_year is None:
        return ""
    with localcontext(EXACT):
        change = value - previous
        limit = UNUSUAL_POINTS if unit in IN_POINTS else UNUSUAL_SHARE * abs(previous)
        if abs(change) <= limit or (unit not in IN_POINTS and previous == 0):
            return ""
    decimals = value_decimals if previous_decimals is None else previous_decimals
    return _change_form(unit) % {
        "previous_year": previous_year,
        "previous": with_unit(plain(previous, decimals=decimals), unit),
        "year": year,
        "value": with_unit(plain(value, decimals=value_decimals), unit),
        "change": _signed(change, decimals=max(value_decimals, decimals)),
        "limit": plain(limit) if unit in IN_POINTS else with_unit(limit, unit),
    }


def rate_from_counts(
    *, numerator: Decimal, denominator: Decimal, decimals: int, largest: Decimal | None = None
) -> ComputedRate:
    """numerator / denominator × 100, rounded half-even to `decimals`.

    largest: of the indicator; where it is 100 the numerator is a part of the denominator.
    Raises ValidationError: denominator (not above 0), numerator (negative), share (the numerator
    is larger than the denominator although the rate is at most 100).
    """
    _check_counts(numerator=numerator, denominator=denominator, largest=largest)
    return _rounded(numerator, denominator, decimals=decimals)


def check_rate(
    *,
    value: Decimal,
    stated_decimals: int,
    numerator: Decimal | None,
    denominator: Decimal | None,
    largest: Decimal | None = None,
) -> str:
    """The sum behind a stated rate, such as `90/95 = 94.74 %`; empty where no counts are given.

    The stated value (in %) may be off the exact quotient by half a unit of its last stated digit,
    inclusive, so any way of rounding passes. Raises ValidationError: pair (one count without the
    other), rate (they disagree; the figures are in the message), else as `rate_from_counts`.
    """
    if numerator is None and denominator is None:
        return ""
    if numerator is None or denominator is None:
        raise _wrong("pair")
    _check_counts(numerator=numerator, denominator=denominator, largest=largest)
    decimals = max(stated_decimals, SHOWN_DECIMALS)
    if _agrees(value, stated_decimals, numerator=numerator, denominator=denominator):
        return _working(numerator, denominator, decimals=decimals)
    # What is shown must not look as if it agreed: 94.500001 is more than half a unit from 94.
    while _agrees_with_rate(
        value, stated_decimals, _rounded(numerator, denominator, decimals=decimals)
    ):
        decimals += 1
    raise _wrong(
        "rate",
        working=_working(numerator, denominator, decimals=decimals),
        value=plain(value, decimals=stated_decimals),
    )


def _wrong(code: str, **params: str) -> ValidationError:
    return ValidationError(MESSAGES[code], code=code, params=params or None)


def _check_counts(*, numerator: Decimal, denominator: Decimal, largest: Decimal | None) -> None:
    if denominator <= 0:
        raise _wrong("denominator")
    if numerator < 0:
        raise _wrong("numerator")
    if largest == ONE_HUNDRED and numerator > denominator:
        raise _wrong("share")


def _agrees(
    value: Decimal, stated_decimals: int, *, numerator: Decimal, denominator: Decimal
) -> bool:
    """Whether |value − numerator / denominator × 100| is at most half a unit of the last digit."""
    with localcontext(EXACT):
        off = abs(value * denominator - numerator * ONE_HUNDRED)
        return (2 * off).scaleb(stated_decimals) <= denominator


def _agrees_with_rate(value: Decimal, stated_decimals: int, rate: ComputedRate) -> bool:
    return _agrees(value, stated_decimals, numerator=rate.value, denominator=ONE_HUNDRED)


def _rounded(numerator: Decimal, denominator: Decimal, *, decimals: int) -> ComputedRate:
    """The quotient in per cent, half-even; of counts that were checked."""
    with localcontext(EXACT):
        units, rest = divmod((numerator * ONE_HUNDRED).scaleb(decimals), denominator)
        if 2 * rest > denominator or (2 * rest == denominator and units % 2 == 1):
            units += 1
        return ComputedRate(value=units.scaleb(-decimals), is_exact=rest == 0)


def _working(numerator: Decimal, denominator: Decimal, *, decimals: int) -> str:
    rate = _rounded(numerator, denominator, decimals=decimals).value
    with localcontext(EXACT):
        return f"{plain(numerator)}/{plain(denominator)} = {plain(rate, decimals=decimals)} %"


def _signed(change: Decimal, *, decimals: int) -> str:
    return f"{'+' if change > 0 else '−'}{plain(abs(change), decimals=decimals)}"


def _change_form(unit: str) -> str:
    """Per unit, since languages order and name points, percentage points and counts differently."""
    if unit == "%":
        return _(
            "%(previous)s in %(previous_year)s, now %(value)s for %(year)s: a change of %(change)s "
            "percentage points, more than %(limit)s. Check it."
        )
    if unit == "index":
        return _(
            "%(previous)s in %(previous_year)s, now %(value)s for %(year)s: a change of %(change)s "
            "points, more than %(limit)s. Check it."
        )
    return _(
        "%(previous)s in %(previous_year)s, now %(value)s for %(year)s: a change of %(change)s, "
        "more than half of the figure of %(previous_year)s (%(limit)s). Check it."
    )
