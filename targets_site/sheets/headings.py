"""Which columns are expected in a table, and where they stand in a file."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from targets_site.sheets.problems import Problems, refused, shortened
from targets_site.typed_text import strip_ends

HEADING_WITH_UNIT = re.compile(r"(.+?)\s*[（(]\s*([^（）()]+?)\s*[）)]")


@dataclass(frozen=True)
class Expected:
    """The table that a caller can read; see `read_table` for the fields."""

    columns: Mapping[str, Sequence[str]]
    required: Collection[str]
    ignored: Collection[str] = ()
    text_columns: Collection[str] = ()
    code_lengths: Mapping[str, int] = field(default_factory=dict)
    units: Collection[str] | None = None
    sheet: str = ""
    header_row: int = 1
    max_rows: int = 200_000

    def key_of(self, heading: str) -> tuple[str, str]:
        """The key of a heading and the unit behind it; empty where unknown."""
        for key, accepted in self.columns.items():
            if heading in accepted:
                return key, ""
        match = HEADING_WITH_UNIT.fullmatch(heading)
        if match is None:
            return "", ""
        for key, accepted in self.columns.items():
            if match[1] in accepted and (self.units is None or key in self.units):
                return key, match[2]
        return "", ""

    def knows(self, heading: str) -> bool:
        stripped = strip_ends(heading)
        return bool(self.key_of(stripped)[0]) or stripped in self.ignored

    def name_of(self, key: str) -> str:
        """A column's headings in both languages, for a person who looks for it."""
        return " / ".join(self.columns[key])


@dataclass(frozen=True)
class Layout:
    """Where the columns stand. texts: all headings of the row, stripped, by position from 0."""

    texts: tuple[str, ...]
    positions: Mapping[str, int]
    units: Mapping[str, str]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.positions)

    @property
    def headings(self) -> dict[str, str]:
        return {key: self.texts[position] for key, position in self.positions.items()}

    @cached_property
    def without_heading(self) -> list[int]:
        return [position for position, text in enumerate(self.texts) if not text]

    def name_of(self, position: int) -> str:
        """The heading of a column, or its letter where it has none."""
        heading = self.texts[position] if position < len(self.texts) else ""
        return shortened(heading) or letter(position)


def letter(position: int) -> str:
    """A column as Excel calls it: A for 0, AA for 26."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def find_columns(headings: Sequence[str], expected: Expected) -> Layout:
    """The layout of a row of headings; a blank heading stands over a column that must be blank.

    Raises RefusedFile for unknown, doubled and missing columns, all of them at once.
    """
    texts = tuple(map(strip_ends, headings))
    if not any(map(expected.knows, texts)):
        raise refused(_no_heading(texts, expected), line=expected.header_row)
    problems = Problems()
    positions: dict[str, int] = {}
    units: dict[str, str] = {}
    for position, text in enumerate(texts):
        key, unit = expected.key_of(text)
        if key in positions:
            problems.add(expected.header_row, letter(position), _doubled(text))
        elif key:
            positions[key] = position
            units |= {key: unit} if unit else {}
        elif text and text not in expected.ignored:
            problems.add(expected.header_row, letter(position), _unknown(text))
    for key in expected.columns:
        if key in expected.required and key not in positions:
            problems.add(expected.header_row, expected.name_of(key), _("This column is missing."))
    problems.refuse_if_any()
    return Layout(texts, positions, units)


def _doubled(text: str) -> str:
    return _("The heading “%(heading)s” stands twice.") % {"heading": shortened(text)}


def _unknown(text: str) -> str:
    return _("The heading “%(heading)s” is not known here.") % {"heading": shortened(text)}


def _no_heading(texts: Sequence[str], expected: Expected) -> str:
    # A template says more than a list of all headings under which people send each column.
    if not any(texts):
        return _("This row should hold the headings and is blank; use the template to download.")
    return _("No headings of columns were found (%(found)s); use the template to download.") % {
        "found": shortened(" | ".join(text for text in texts if text))
    }
