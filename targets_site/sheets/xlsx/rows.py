"""The rows of a sheet, with each cell as it is stored."""

import re
from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import IO, NamedTuple

from targets_site.sheets.headings import letter
from targets_site.sheets.table import LONGEST_CELL, LONGEST_ROW
from targets_site.sheets.xlsx.container import damaged
from targets_site.sheets.xlsx.texts import TextCollector
from targets_site.sheets.xlsx.xml_parts import (
    BLOCK,
    CELL,
    FORMULA,
    MAIN,
    ROW,
    VALUE,
    Depth,
    parse_blocks,
    refuse_endless_token,
)

MOST_COLUMNS, MOST_ROWS, MOST_MERGES = 16_384, 1_048_576, 100_000
INLINE_TEXT, MERGED = f"{MAIN} is", f"{MAIN} mergeCell"

# In XML that is no longer parsed. Neither goes over the same bytes again and again: a tag ends
# where the next one begins.
VALUE_TAG = re.compile(rb"<(?:[\w.-]+:)?(?:v|is|f)[\s/>]")
MERGED_TAG = re.compile(rb"<(?:[\w.-]+:)?mergeCell\s[^<>]*>")
MERGED_RANGE = re.compile(rb"\sref\s*=\s*[\"']([^\"']*)")


class RawCell(NamedTuple):
    """column: from 0; kind, style: as in the file; text: None where there is no value at all."""

    column: int
    kind: str
    style: str
    text: str | None
    is_formula: bool

    @property
    def has_content(self) -> bool:
        return bool(self.text) or self.is_formula


class Row(NamedTuple):
    """number: from 1, as Excel shows it. Rows and cells without content may be left out."""

    number: int
    cells: list[RawCell]

    @property
    def has_content(self) -> bool:
        return any(cell.has_content for cell in self.cells)


class SheetRows:
    """Rows in their order, parsed while they are asked for; what `dimension` says is not believed.

    merges: ranges such as A2:A5, complete once the rows have ended. Raises RefusedFile, and what
    zipfile and expat raise (see `damage_refused`).
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._ready: deque[Row] = deque()
        self._last_block = b""
        self._rows = _RowHandlers(self._ready)

    @property
    def merges(self) -> list[str]:
        return self._rows.merges

    def __iter__(self) -> Iterator[Row]:
        rows = self._rows
        blocks = parse_blocks(self._stream, start=rows.start, end=rows.end, text=rows.add)
        for block in blocks:
            self._last_block = block
            while self._ready:
                yield self._ready.popleft()

    def rest_is_blank(self) -> bool:
        """Whether no cell below the last row returned holds anything, told without parsing it."""
        if any(row.has_content for row in self._ready) or self._rows.has_begun_content:
            return False
        rest = _open_tag(self._last_block)
        while block := self._stream.read(BLOCK):
            rest += block
            if VALUE_TAG.search(rest):
                return False
            for tag in MERGED_TAG.findall(rest):
                merged = MERGED_RANGE.search(tag)
                self._rows.add_merge(merged[1].decode() if merged else "")
            rest = _open_tag(rest)
            refuse_endless_token(len(rest))
        return True


class _RowHandlers:
    """What expat calls for each element of a sheet: millions of times, so with few calls inside."""

    __slots__ = (
        "_cells", "_column", "_columns", "_depth", "_inline", "_is_cell", "_is_formula",
        "_is_value", "_kind", "_length", "_number", "_number_text", "_ready", "_style", "_text",
        "merges",
    )  # fmt: skip

    def __init__(self, ready: deque[Row]) -> None:
        self.merges: list[str] = []
        self._ready = ready
        self._cells: list[RawCell] = []
        self._number, self._number_text, self._length = 0, "", 0
        self._column, self._kind, self._style = -1, "", ""
        self._columns = columns_by_letter()
        self._text: str | None = None
        self._is_cell = self._is_formula = self._is_value = False
        self._inline: TextCollector | None = None
        self._depth = Depth()

    @property
    def has_begun_content(self) -> bool:
        begun = any(cell.has_content for cell in self._cells)
        return begun or bool(self._text) or self._is_formula

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == CELL:
            get = attributes.get
            reference = get("r")
            if reference is None:
                column = self._column + 1
            else:
                column = self._columns.get(reference.removesuffix(self._number_text), -1)
            if self._is_cell or not self._column < column < MOST_COLUMNS:
                raise damaged()
            self._column, self._kind, self._style = column, get("t", "n"), get("s", "0")
            self._is_cell = True
        elif name == VALUE and not self._is_value:
            self._is_value, self._text = True, ""
        else:
            self._start_other(name, attributes)

    def end(self, name: str) -> None:
        if name == VALUE:
            self._is_value = False
        elif name == CELL:
            self._cells.append(
                RawCell(self._column, self._kind, self._style, self._text, self._is_formula)
            )
            self._text = None
            self._is_formula = self._is_cell = False
        else:
            self._end_other(name)

    def add(self, text: str) -> None:
        if self._is_value:
            self._text = (self._text or "") + text
            if len(self._text) > LONGEST_CELL:
                raise damaged()
        elif self._inline is not None:
            self._inline.add(text)
        self._length += len(text)
        if self._length > LONGEST_ROW:
            raise damaged()

    def add_merge(self, merged: str) -> None:
        self.merges.append(merged)
        if len(self.merges) > MOST_MERGES:
            raise damaged()

    def _start_other(self, name: str, attributes: dict[str, str]) -> None:
        self._depth.enter()
        if name == ROW:
            self._start_row(attributes.get("r"))
        elif name == FORMULA:
            self._is_formula = True
        elif name == INLINE_TEXT:
            self._inline = TextCollector()
        elif self._inline is not None:
            self._inline.start(name, attributes)
        elif name == MERGED:
            self.add_merge(attributes.get("ref", ""))
        elif name == VALUE:
            raise damaged()

    def _end_other(self, name: str) -> None:
        self._depth.leave()
        if name == ROW:
            self._ready.append(Row(self._number, self._cells))
            self._cells = []
        elif name == INLINE_TEXT and self._inline is not None:
            self._text, self._inline = self._inline.take(), None
        elif self._inline is not None:
            self._inline.end(name)

    def _start_row(self, reference: str | None) -> None:
        number = self._number + 1 if reference is None else int(reference)
        if not self._number < number <= MOST_ROWS:
            raise damaged()
        self._number, self._number_text = number, str(number)
        self._column, self._length = -1, 0


@cache
def columns_by_letter() -> dict[str, int]:
    return {letter(column): column for column in range(MOST_COLUMNS)}


def _open_tag(xml: bytes) -> bytes:
    """The beginning of a tag that ends in the next block; else nothing."""
    last = xml[xml.rfind(b"<") :] if b"<" in xml else b""
    return b"" if b">" in last else last
