"""Bounds and years as they are said inside a sentence."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.enums import Bound


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
