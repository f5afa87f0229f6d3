"""What the pieces of a page take: plain values, so that a partial asks nothing of a database.

Each stands beside the partial that shows it; `/method/components/` shows all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class ShownFigure:
    """`targets_site/_figure.html`: one figure with what it rests on.

    value: as printed (63.10 stays 63.10); empty where there is none, and then `why_missing` says
    why. sign: ≥ or the like, where the figure is a bound. grade: a source grade's code. note: what
    else is to be said in a few words (the distance to the target). address: where it leads.
    """

    value: str = ""
    unit: str = ""
    sign: str = ""
    year: int | None = None
    grade: str = ""
    note: Words = ""
    why_missing: Words = ""
    address: str = ""


class Counted(Protocol):
    """How many have this light."""

    @property
    def light(self) -> str: ...

    @property
    def count(self) -> int: ...


@dataclass(frozen=True)
class LinkedCount:
    """So many with this light, and the address that lists them."""

    light: str
    count: int
    address: str


@dataclass(frozen=True, kw_only=True)
class Tile:
    """`targets_site/_tile.html`: a number that opens what it counts.

    address: empty where nothing is counted. light: its colour and shape, where the number is one
    of a light. part: its piece of the bar above, where there is one. lights: what it is made of,
    worst first; `LinkedCount`s where each opens its own. is_main: the number that the page is
    about; the others stand back. is_current: it is what the page shows.
    """

    count: int
    label: Words
    address: str = ""
    light: str = ""
    part: str = ""
    lights: Sequence[Counted] = ()
    note: Words = ""
    is_main: bool = False
    is_current: bool = False


@dataclass(frozen=True, kw_only=True)
class YearLight:
    """`targets_site/_year_lights.html`: how it stood, seen from this year.

    word: what the light means here (Missed, or "worst of 12 targets"). shown: a short text under
    it, such as a count. address: empty where it leads nowhere.
    """

    year: int
    light: str
    word: Words
    shown: str = ""
    address: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Choice:
    """`targets_site/_switch.html`: one of a few views of a page."""

    word: Words
    address: str
    is_current: bool = False


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """`targets_site/_provenance.html`: from the phrase of a document to the figure's source.

    stated: the phrase as printed. reading: what measures it, empty where nothing does yet.
    figure: as printed with its unit, empty where there is none. is_judged: people judge it, so
    that there is neither reading nor figure.
    """

    document: str
    stated: str
    number: str = ""
    locator: str = ""
    document_address: str = ""
    reading: str = ""
    reading_address: str = ""
    reading_note: str = ""
    figure: str = ""
    year: int | None = None
    source: str = ""
    source_url: str = ""
    grade: str = ""
    is_judged: bool = False
