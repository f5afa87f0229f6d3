"""How the targets of a goal year stand, in a few sentences.

They count what the tiles beneath them count: each number is that of a part of the roll-up, asked of
the same object, and leads to the targets that it counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Protocol

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from reports.enums import Coverage


class Words(Protocol):
    """Targets in words, and how many of them people have assessed."""

    @property
    def total(self) -> int: ...

    @property
    def assessed(self) -> int: ...


class Assessed(Protocol):
    """What `queries.overview.Assessment` and `queries.areas.page.AreaPage` count; see there. goal:
    0 for the targets without a year."""

    @property
    def goal_year(self) -> int: ...

    @property
    def as_of(self) -> int: ...

    @property
    def is_over(self) -> bool: ...

    @property
    def total(self) -> int: ...

    @property
    def red(self) -> int: ...

    @property
    def side_short(self) -> int: ...

    @property
    def in_words(self) -> Words: ...

    def count(self, coverage: Coverage) -> int: ...


@dataclass(frozen=True)
class _Said:
    """address: of the list of all, where more may be asked for; empty where there is none."""

    counted: Assessed
    address: str

    def part(self, coverage: Coverage) -> SafeString | int:
        return self.linked(self.counted.count(coverage), f"coverage={coverage.value}")

    def linked(self, count: int, narrowing: str) -> SafeString | int:
        if not count or not self.address:
            return count
        form = '<a href="{}&{}#targets">{}</a>'
        return format_html(form, self.address, narrowing, count)


def overview_sentences(assessment: Assessed, address: str = "") -> SafeString:
    """One after another, as the language sets them: Chinese has no space between them.

    address: of the list of the targets, with a query that more can be added to.
    """
    return reduce(_one_after_another, _sentences(_Said(assessment, address)))


def _one_after_another(before: SafeString, after: SafeString) -> SafeString:
    form = gettext("%(sentence)s %(next_sentence)s")
    return _filled(form, sentence=before, next_sentence=after)


def _filled(form: str, **values: SafeString | int) -> SafeString:
    """Safe as `format_html` is: what is not safe yet is escaped first."""
    # nosemgrep: markup-from-pieces
    return SafeString(conditional_escape(form) % values)


def _sentences(said: _Said) -> Iterator[SafeString]:
    counted = said.counted
    yield _in_all(said)
    if counted.total:
        yield from _undecided(said)
    if words := counted.in_words.total:
        form = ngettext(
            "%(number)s target is in words; people have assessed %(assessed)s.",
            "%(number)s targets are in words; people have assessed %(assessed)s.",
            words,
        )
        number = said.linked(words, "coverage=in_words")
        yield _filled(form, number=number, assessed=counted.in_words.assessed)


def _in_all(said: _Said) -> SafeString:
    counted = said.counted
    if not counted.total:
        if not counted.goal_year:
            return _filled(gettext("None of these targets promises a figure."))
        form = gettext("No target for %(goal)s promises a figure.")
        return _filled(form, goal=counted.goal_year)
    return _filled(
        _form_with_red(counted) if counted.red else _form(counted),
        total=counted.total,
        goal=counted.goal_year,
        as_of=counted.as_of,
        decided=said.part(Coverage.DECIDED),
        red=said.linked(counted.red, "coverage=decided&light=red"),
    )


def _form(counted: Assessed) -> str:
    if not counted.goal_year:
        return gettext("Of %(total)s quantitative targets, %(decided)s can be decided.")
    if counted.is_over:
        return gettext(
            "Of %(total)s quantitative targets for %(goal)s, %(decided)s can be decided."
        )
    return gettext(
        "As of %(as_of)s, %(decided)s of %(total)s quantitative targets for %(goal)s can be "
        "decided."
    )


def _form_with_red(counted: Assessed) -> str:
    if not counted.goal_year:
        return gettext(
            "Of %(total)s quantitative targets, %(decided)s can be decided; %(red)s of these red."
        )
    if counted.is_over:
        return gettext(
            "Of %(total)s quantitative targets for %(goal)s, %(decided)s can be decided; %(red)s "
            "of these red."
        )
    return gettext(
        "As of %(as_of)s, %(decided)s of %(total)s quantitative targets for %(goal)s can be "
        "decided; %(red)s of these red."
    )


def _undecided(said: _Said) -> Iterator[SafeString]:
    """What cannot be decided, by the reason."""
    counted = said.counted
    if counted.count(Coverage.NOT_COLLECTED):
        if counted.is_over:
            form = gettext("%(number)s without a figure of the year and without side evidence.")
        else:
            form = gettext("%(number)s without a figure to judge by.")
        yield _filled(form, number=said.part(Coverage.NOT_COLLECTED))
    if counted.count(Coverage.SIDE):
        yield _with_side(said)
    reasons = {
        Coverage.UNDETERMINED: gettext("%(number)s with a figure that decides nothing."),
        Coverage.UNFOUNDED: _unfounded_form(counted),
        Coverage.NOT_DUE: gettext("%(number)s not due yet."),
    }
    for part, form in reasons.items():
        if counted.count(part):
            yield _filled(form, number=said.part(part))


def _unfounded_form(counted: Assessed) -> str:
    """At the goal year only a baseline can be what is missing, before it a later figure too."""
    if not counted.goal_year:
        return gettext("%(number)s without a goal year in the document.")
    if counted.is_over:
        return gettext("%(number)s without a baseline.")
    return gettext("%(number)s without a baseline or a later figure.")


def unconfirmed_sentence(counted: Assessed, unconfirmed: int | None) -> str:
    """How far the decided ones can be relied on; empty where all readings are confirmed."""
    if not unconfirmed:
        return ""
    form = ngettext(
        "%(number)s of %(decided)s decided rests on a reading that no second person has confirmed "
        "yet.",
        "%(number)s of %(decided)s decided rest on readings that no second person has confirmed "
        "yet.",
        unconfirmed,
    )
    return form % {"number": unconfirmed, "decided": counted.count(Coverage.DECIDED)}


def part_word(part: Coverage, counted: Assessed) -> str:
    """The label of a tile, as the sentence says what it counts."""
    if part == Coverage.UNFOUNDED and not counted.goal_year:
        return gettext("No goal year named")
    if part == Coverage.UNFOUNDED and counted.is_over:
        return pgettext("coverage", "No baseline")
    if part == Coverage.SIDE and not counted.is_over:
        return pgettext("coverage", "No figure to judge by, side evidence")
    return str(part.label)


def _with_side(said: _Said) -> SafeString:
    number, short = said.part(Coverage.SIDE), said.counted.side_short
    if not short:
        form = gettext("%(number)s with a figure of another year alone (side evidence).")
    else:
        form = gettext(
            "%(number)s with a figure of another year alone (side evidence), by which %(short)s "
            "would not be met."
        )
    return _filled(form, number=number, short=short)
