"""Figures, distances and years as they are said inside a sentence."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.enums import Bound
from targets_site.figures import plain
from targets_site.templatetags.shown import unit_word


def amount(figure: str, unit: str) -> str:
    """A figure with its unit as said: 98%, 500个; an index has none. Empty without a figure."""
    word = unit_word(unit)
    joint = " " if word.isascii() and word.isalpha() else ""
    return f"{figure}{joint}{word}" if figure else ""


def difference(value: Decimal | None, unit: str) -> str:
    """A distance without its sign: between rates in percentage points. Empty without a value."""
    if value is None:
        return ""
    figure = plain(abs(value))
    if unit == "%":
        return ngettext("%(n)s percentage point", "%(n)s percentage points", _plural(value)) % {
            "n": figure
        }
    if unit == "index":
        return ngettext("%(n)s point", "%(n)s points", _plural(value)) % {"n": figure}
    return amount(figure, unit)


def _plural(value: Decimal) -> int:
    return 1 if abs(value) == 1 else 2


def bounded(figure: str, bound: str) -> str:
    """A figure as it was given: at least, at most, about or just so."""
    phrases: dict[str, str] = {
        Bound.AT_LEAST: _("at least %(figure)s"),
        Bound.AT_MOST: _("at most %(figure)s"),
        Bound.ABOUT: _("about %(figure)s"),
    }
    return phrases.get(bound, "%(figure)s") % {"figure": figure}


def years_in_words(years: Sequence[int]) -> str:
    """2012, 2014 and 2015 as a list; neighbouring years of three and more as 2012–2015."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return pgettext("between years", ", ").join(part for run in runs for part in _run_in_words(run))


def _run_in_words(run: Sequence[int]) -> list[str]:
    return [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(year) for year in run]
