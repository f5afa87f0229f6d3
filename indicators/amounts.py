"""Figures and distances as they are said inside a sentence."""

from decimal import Decimal

from django.utils.translation import ngettext

from targets_site.figures import plain
from targets_site.templatetags.shown import unit_word


def amount(figure: str, unit: str) -> str:
    """A figure with its unit as said: 98%, 500个; an index has none. Empty without a figure."""
    word = unit_word(unit)
    last = word.rpartition(" ")[2]
    joint = " " if last.isascii() and last.isalpha() else ""
    return f"{figure}{joint}{word}" if figure else ""


def difference(value: Decimal | None, unit: str, *, decimals: int | None = None) -> str:
    """A distance without its sign: between rates in percentage points. Empty without a value.

    decimals: digits after the point, as `plain` takes them.
    """
    if value is None:
        return ""
    figure = plain(abs(value), decimals=decimals)
    if unit == "%":
        return ngettext("%(n)s percentage point", "%(n)s percentage points", _plural(figure)) % {
            "n": figure
        }
    if unit == "index":
        return ngettext("%(n)s point", "%(n)s points", _plural(figure)) % {"n": figure}
    return amount(figure, unit)


def _plural(figure: str) -> int:
    """1 point, but 1.0 points."""
    return 1 if figure == "1" else 2
