"""A table of an edited Word file, compared with the one that was given out."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from reports.paper.blocks import Fixed, Table
from reports.paper.problems import shortened
from reports.paper.word_runs import TAKEN_AWAY, Line, line_of, lines_in
from reports.paper.word_xml import WORD

ROW, CELL = f"{WORD}tr", f"{WORD}tc"


def tag_of_table(table: Element) -> str:
    """By the first locked cell; empty where none is."""
    for row in _cells(table):
        for lines in row:
            for each in (each for line in lines for each in line.inlines):
                if isinstance(each, Fixed):
                    return each.tag.rsplit("_", 2)[0]
    return ""


def problems_of_table(table: Element, expected: Table) -> Iterator[str]:
    """A sentence for each cell that says something else; one where rows or columns differ."""
    found = [[_text(lines) for lines in row] for row in _cells(table)]
    headings = [column.heading for column in expected.columns]
    wanted = [headings, *([cell.printed for cell in row] for row in expected.rows)]
    if [len(row) for row in found] != [len(row) for row in wanted]:
        yield _("“%(table)s” has other rows or columns than before.") % {
            "table": shortened(expected.caption)
        }
        return
    if _holds_more(table):
        yield _("“%(table)s” holds something that is no text; remove it.") % {
            "table": shortened(expected.caption)
        }
    for texts, before in zip(found, wanted, strict=True):
        for text, cell in zip(texts, before, strict=True):
            if text != " ".join(cell.split()):
                yield _("In “%(table)s”, “%(figure)s” was changed to “%(found)s”.") % {
                    "table": shortened(expected.caption),
                    "figure": shortened(cell),
                    "found": shortened(text),
                }


def _holds_more(table: Element) -> bool:
    """Whether something stands in a cell that is no text."""
    lines = (line for row in _cells(table) for cell in row for line in cell)
    return any(line.drawn or line.foreign for line in lines)


def _text(lines: list[Line]) -> str:
    return " ".join(" ".join(line.text for line in lines).split())


def _cells(table: Element) -> Iterator[list[list[Line]]]:
    """The lines of each cell, row by row; a table within a cell is an empty line of it."""
    for row in _all(table, ROW):
        if row.find(f"{WORD}trPr/{WORD}del") is None:
            yield [[line_of(each) for each in lines_in(cell)] for cell in _all(row, CELL)]


def _all(element: Element, name: str) -> Iterator[Element]:
    """Also within controls that a program put around rows and cells."""
    for child in element:
        if child.tag == name:
            yield child
        elif child.tag not in TAKEN_AWAY:
            yield from _all(child, name)
