"""CSV, read strictly: comma, tab or semicolon; each row as long as the headings."""

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from targets_site.sheets.encodings import BLOCK, LINE_END, Encoding, detect
from targets_site.sheets.headings import Expected, Layout, find_columns, letter
from targets_site.sheets.problems import Note, Problems, RefusedFile, refused
from targets_site.sheets.table import (
    LONGEST_CELL,
    LONGEST_ROW,
    Extent,
    Line,
    Table,
    no_heading_above,
)
from targets_site.typed_text import strip_ends

SEPARATORS = (",", "\t", ";")
OTHER_SEPARATORS = re.compile("[，；｜|、]")
OTHER_CONTENTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
MARKUP = re.compile(rb"\s*<[!?a-z]", re.IGNORECASE)
CLOSED_QUOTES = re.compile('"[^"]*+(?:""[^"]*+)*+"')


class Record(NamedTuple):
    """number: the row as Excel counts it; goes_on: whether it takes several lines of the file."""

    number: int
    fields: list[str]
    goes_on: bool


def read_csv(file: BinaryIO, expected: Expected) -> Table:
    """See `read_table`. Raises RefusedFile."""
    _refuse_other_content(file)
    encoding = detect(file)
    separator = _separator(file, encoding, expected)
    source = Source(file, encoding=encoding, separator=separator)
    records = iter(source)
    headings = _headings(records, expected.header_row)
    _refuse_other_separator(headings, expected)
    layout = find_columns(headings, expected)
    source.name_of = layout.name_of
    return Table(
        encoding=encoding.shown,
        keys=layout.keys,
        lines=_lines(source, records, layout, expected),
        separator=separator,
        headings=layout.headings,
        units=layout.units,
    )


class Source:
    """A file as rows, blank ones included; to be iterated over once.

    Raises RefusedFile at quotation marks that do not stand around a whole text: an open one would
    hide all rows behind it.
    """

    def __init__(self, file: BinaryIO, *, encoding: Encoding, separator: str) -> None:
        self.separator = separator
        self.name_of: Callable[[int], str] = letter
        self._grammar = Grammar(separator)
        self._raw: list[str] = []
        self._number = 1
        self._text = _text_of(file, encoding)

    def rest_is_blank(self) -> bool:
        nothing = f'{self.separator}"\r\n\t '
        return not any(line.strip(nothing) for line in self._text)

    def __iter__(self) -> Iterator[Record]:
        reader = csv.reader(self._remembered(), delimiter=self.separator, strict=True)
        while True:
            self._raw.clear()
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise self._fault() from None
            if not self._is_sound("".join(self._raw), fields):
                raise self._fault()
            yield Record(self._number, fields, goes_on=len(self._raw) > 1)
            self._number += 1

    def _remembered(self) -> Iterator[str]:
        for line in self._text:
            if len(line) > LONGEST_ROW:
                message = _("The line is longer than %(limit)s characters; are line ends missing?")
                raise refused(message % {"limit": f"{LONGEST_ROW:,}"}, line=self._number)
            self._raw.append(line)
            yield line

    def _is_sound(self, raw: str, fields: list[str]) -> bool:
        if len(raw) > LONGEST_CELL and max(map(len, fields)) > LONGEST_CELL:
            return False
        return '"' not in raw or self._grammar.allows(raw)

    def _fault(self) -> RefusedFile:
        position, message = self._grammar.fault_of("".join(self._raw))
        return refused(message, line=self._number, column=self.name_of(position))


class Grammar:
    """What a row may look like: quotation marks stand around a whole text and double inside."""

    def __init__(self, separator: str) -> None:
        self.separator = separator
        text = f'(?:{CLOSED_QUOTES.pattern}|[^"\r\n{separator}]*+)'
        self._field = re.compile(text)
        self._record = re.compile(f"{text}(?:{separator}{text})*+(?:\r\n|\r|\n)?")

    def allows(self, raw: str) -> bool:
        return self._record.fullmatch(raw) is not None

    def fault_of(self, raw: str) -> tuple[int, str]:
        """The position of the first wrong text of a row, from 0, and what is wrong with it."""
        start = position = 0
        while match := self._field.match(raw, start):
            if len(match[0]) > LONGEST_CELL:
                return position, _too_long()
            if raw[match.end() : match.end() + 1] != self.separator:
                break
            start, position = match.end() + 1, position + 1
        return position, self._fault_at(raw[start:])

    def _fault_at(self, text: str) -> str:
        closed = CLOSED_QUOTES.match(text)
        is_open = text.startswith('"') and (not closed or LINE_END.search(closed[0]))
        if is_open and len(text) > LONGEST_CELL:
            return _too_long()
        if is_open:
            return _("A quotation mark opens here and is not closed behind the text.")
        return _(
            "A quotation mark stands inside this text: put the whole text in quotation marks and "
            "double those inside."
        )


def _too_long() -> str:
    return _(
        "The text is longer than %(limit)s characters; perhaps a quotation mark is not closed."
    ) % {"limit": f"{LONGEST_CELL:,}"}


def _text_of(file: BinaryIO, encoding: Encoding) -> Iterator[str]:
    """The lines of a file with their ends (LF, CR or CRLF), without a byte-order mark.

    Not by TextIOWrapper, which would close the caller's file.
    """
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    pending: list[str] = []
    is_start = True
    file.seek(0)
    while block := file.read(BLOCK):
        text = decoder.decode(block)
        pending.append(text.lstrip("\ufeff") if is_start else text)
        is_start = is_start and not pending[-1]
        if LINE_END.search(pending[-1]):
            *lines, rest = _split("".join(pending))
            yield from lines
            pending = [rest]
        elif len(pending) * BLOCK > 4 * LONGEST_ROW:
            break  # What is there already will be refused.
    yield from filter(None, _split("".join(pending)))


def _split(text: str) -> list[str]:
    """Whole lines, and last what has no end yet (a CR may be half of one)."""
    ends = [match.end() for match in LINE_END.finditer(text)]
    if ends and text.endswith("\r"):
        ends.pop()
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def _refuse_other_content(file: BinaryIO) -> None:
    file.seek(0)
    start = file.read(200)
    if start.startswith(OTHER_CONTENTS):
        raise refused(
            _(
                "This is no CSV file although its name says so; an Excel workbook is read as .xlsx,"
                " or save it as “CSV UTF-8”."
            )
        )
    if MARKUP.match(start.removeprefix(b"\xef\xbb\xbf")):
        raise refused(_("This is a web page, not a CSV file; save the table as “CSV UTF-8”."))


def _separator(file: BinaryIO, encoding: Encoding, expected: Expected) -> str:
    """The separator under which most headings are known, else the one with most columns."""

    def fit(separator: str) -> tuple[int, int]:
        headings: list[str] = []
        with suppress(RefusedFile):
            records = iter(Source(file, encoding=encoding, separator=separator))
            headings = _headings(records, expected.header_row)
        return sum(map(expected.knows, headings)), len(headings)

    return max(SEPARATORS, key=fit)


def _headings(records: Iterator[Record], header_row: int) -> list[str]:
    """The row of headings; empty where the file ends above it."""
    row = next(islice(records, header_row - 1, None), None)
    return row.fields if row is not None else []


def _refuse_other_separator(headings: list[str], expected: Expected) -> None:
    if len(headings) != 1 or expected.knows(headings[0]):
        return
    if match := OTHER_SEPARATORS.search(headings[0]):
        message = _("The columns are separated by “%(separator)s”; use an ASCII comma (,) instead.")
        raise refused(message % {"separator": match[0]}, line=expected.header_row)


def _lines(
    source: Source, records: Iterator[Record], layout: Layout, expected: Expected
) -> Iterator[Line]:
    problems = Problems()
    try:
        for record in _filled(source, records, expected):
            _check_length(record, layout, problems)
            if problems.are_many:
                break
            if not problems.found:
                yield _line(record, layout, source.separator)
    except RefusedFile as fatal:
        raise RefusedFile([*problems.found, *fatal.problems]) from None
    problems.refuse_if_any()


def _filled(source: Source, records: Iterator[Record], expected: Expected) -> Iterator[Record]:
    """The records that are not blank."""
    extent = Extent(header_row=expected.header_row, max_rows=expected.max_rows)
    for record in records:
        is_blank = not strip_ends("".join(record.fields))
        if extent.ends_before(record.number):
            if is_blank and source.rest_is_blank():
                return
            raise extent.refusal_of_more()
        if not is_blank:
            extent.add(record.number)
            yield record


def _check_length(record: Record, layout: Layout, problems: Problems) -> None:
    found, wanted = len(record.fields), len(layout.texts)
    if found != wanted:
        message = _("Cells in this row: %(found)s; headings: %(wanted)s.")
        column = layout.name_of(min(found, wanted))
        problems.add(record.number, column, message % {"found": found, "wanted": wanted})
        return
    for position in layout.without_heading:
        if strip_ends(record.fields[position]):
            problems.add(record.number, letter(position), no_heading_above())


def _line(record: Record, layout: Layout, separator: str) -> Line:
    cells = {key: record.fields[position] for key, position in layout.positions.items()}
    notes = _notes(record, layout, separator) if record.goes_on else ()
    return Line(record.number, cells, notes)


def _notes(record: Record, layout: Layout, separator: str) -> tuple[Note, ...]:
    """Asks about a text of several lines with as many separators as a row has.

    A quotation mark left open, with another one open in a later row, reads as one text and hides
    the rows between them.
    """
    message = _(
        "This text goes over several lines and may hold further rows; confirm that it is one text."
    )
    separators = len(layout.texts) - 1
    return tuple(
        Note(record.number, layout.name_of(position), message, needs_confirmation=True)
        for position, text in enumerate(record.fields)
        if LINE_END.search(text) and text.count(separator) >= separators
    )
