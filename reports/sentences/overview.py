"""How the targets of a goal year stand, in a few sentences."""

from collections.abc import Iterator
from functools import reduce
from typing import Protocol

from django.utils.translation import gettext, ngettext


class Words(Protocol):
    """Targets in words, and how many of them people have assessed."""

    @property
    def total(self) -> int: ...

    @property
    def assessed(self) -> int: ...


class Assessed(Protocol):
    """What `queries.overview.Assessment` counts; see there."""

    @property
    def goal(self) -> int: ...

    @property
    def as_of(self) -> int: ...

    @property
    def is_over(self) -> bool: ...

    @property
    def total(self) -> int: ...

    @property
    def decided(self) -> int: ...

    @property
    def red(self) -> int: ...

    @property
    def without_figure(self) -> int: ...

    @property
    def side_short(self) -> int: ...

    @property
    def in_words(self) -> Words: ...


def overview_sentences(assessment: Assessed) -> str:
    """One after another, as the language sets them: Chinese has no space between them."""
    return reduce(_one_after_another, _sentences(assessment))


def _one_after_another(before: str, after: str) -> str:
    form = gettext("%(sentence)s %(next_sentence)s")
    return form % {"sentence": before, "next_sentence": after}


def _sentences(counted: Assessed) -> Iterator[str]:
    yield _in_all(counted)
    if counted.red:
        form = ngettext("%(number)s of these is red.", "%(number)s of these are red.", counted.red)
        yield form % {"number": counted.red}
    if counted.without_figure:
        yield _without_figure(counted)
    if counted.side_short:
        form = ngettext(
            "A figure of another year speaks against %(number)s of them.",
            "Figures of other years speak against %(number)s of them.",
            counted.side_short,
        )
        yield form % {"number": counted.side_short}
    if counted.in_words.total:
        form = ngettext(
            "%(number)s target is in words; people have assessed %(assessed)s.",
            "%(number)s targets are in words; people have assessed %(assessed)s.",
            counted.in_words.total,
        )
        yield form % {"number": counted.in_words.total, "assessed": counted.in_words.assessed}


def _in_all(counted: Assessed) -> str:
    if not counted.total:
        return gettext("No target for %(goal)s promises a figure.") % {"goal": counted.goal}
    if counted.is_over:
        form = gettext(
            "Of %(total)s quantitative targets for %(goal)s, %(decided)s can be decided."
        )
    else:
        form = gettext(
            "As of %(as_of)s, %(decided)s of %(total)s quantitative targets for %(goal)s can be "
            "decided."
        )
    return form % {
        "total": counted.total,
        "goal": counted.goal,
        "as_of": counted.as_of,
        "decided": counted.decided,
    }


def _without_figure(counted: Assessed) -> str:
    if counted.is_over:
        form = gettext("For %(missing)s no figure of the year itself is known.")
    else:
        form = gettext("For %(missing)s there is no figure to judge by.")
    return form % {"missing": counted.without_figure}
