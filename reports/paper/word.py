"""A Word file that officials edit around what is locked: figures, tables and pictures.

Each locked thing is a content control with the tag by which `word_reading` finds it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from reports.paper.blocks import (
    Block,
    Cell,
    Column,
    Fixed,
    Heading,
    Inline,
    Paper,
    Paragraph,
    Picture,
)
from reports.paper.blocks import Table as PaperTable
from reports.paper.raster import pngs_of, size_of
from reports.paper.tags import HEAD_TAG, PICTURE_SUFFIX
from reports.paper.word_parts import add_svg, describe, locked, numbers
from reports.paper.word_styles import LIGHT_COLOURS, new_document, set_footing, text_width_mm

NO_BREAK_SPACE = "\u00a0"
TALLEST_PICTURE_MM = 95
TABLE_EDGE = 'w:val="single" w:sz="8" w:space="0" w:color="1B1F24"'
TABLE_LINE = 'w:val="single" w:sz="4" w:space="0" w:color="B8BEC5"'
# Of the text of a cell: a figure with its unit, not a sentence.
LONGEST_UNBROKEN = 10
# In twentieths of a point.
CELL_MARGIN = 60
EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)


def word_of(
    paper: Paper, *, names: dict[str, str] | None = None, one_sheet: float | None = None
) -> bytes:
    """The paper as DOCX; the same bytes for the same paper.

    Tags are letters, digits and `_`, at most 30. names: by a figure's tag, what Word shows of it
    when it is clicked. one_sheet: the size of the text, in points, of what has to stand on one
    page. Raises PaperUnavailable where there are pictures and the machine cannot draw them.
    """
    pictures = [each.svg for each in paper.placed.values() if isinstance(each, Picture)]
    writer = WordWriter(names=names or {}, pngs=pngs_of(pictures), one_sheet=one_sheet)
    writer.add_head(paper)
    for block in paper.blocks:
        writer.add_block(block, placed=paper.placed)
    set_footing(writer.document, paper.footing)
    return writer.as_bytes(title=paper.title)


class WordWriter:
    """Adds to a document from its beginning to its end. pngs: by picture."""

    def __init__(
        self, *, names: dict[str, str], pngs: dict[str, bytes], one_sheet: float | None = None
    ) -> None:
        self.document = new_document(one_sheet=one_sheet)
        self._names, self._pngs, self._numbers = names, pngs, numbers()
        self._style_ids: dict[str, str | None] = {}

    def add_head(self, paper: Paper) -> None:
        """Title, subtitle and a line below; an empty one is left out."""
        lines = (
            (f"1_{paper.base}", paper.title, "Title"),
            ("2", paper.subtitle, "Subtitle"),
            ("3", paper.line, "Head line"),
        )
        for number, text, style in lines:
            if text:
                self.add_text((Fixed(f"{HEAD_TAG}_{number}", text),), style=style)

    def add_block(self, block: Block, *, placed: dict[str, PaperTable | Picture]) -> None:
        if isinstance(block, Heading):
            self.add_text(block.inlines, style=f"Heading {block.level}")
        elif isinstance(block, Paragraph):
            self.add_text(block.inlines)
        elif isinstance(thing := placed[block.tag], Picture):
            self.add_picture(thing, tag=block.tag)
        else:
            self.add_table(thing, tag=block.tag)

    def add_text(self, inlines: Iterable[Inline], *, style: str = "Normal") -> WordParagraph:
        paragraph = self._styled(self.document.add_paragraph(), style)
        for each in inlines:
            if isinstance(each, Fixed):
                # A figure and its unit stay on one line.
                run = paragraph.add_run(unbroken(each.text))._r
                self._lock(run, tag=each.tag, name=self._names.get(each.tag, each.text))
            else:
                paragraph.add_run(each)
        return paragraph

    def add_table(self, table: PaperTable, *, tag: str) -> None:
        """Heading row repeated on each page, rows never torn apart."""
        caption = self.add_text((Fixed(tag, table.caption),), style="Caption")
        caption.paragraph_format.keep_with_next = True
        grid = self.document.add_table(rows=0, cols=len(table.columns))
        _set_borders(grid)
        headings = tuple(Cell(column.heading) for column in table.columns)
        for number, cells in enumerate((headings, *table.rows)):
            tags = [f"{tag}_{number}_{place}" for place in range(len(cells))]
            self._add_row(grid, zip(cells, table.columns, tags, strict=True), is_heading=not number)
        _set_widths(grid, table, text_width_mm(self.document))

    def add_picture(self, picture: Picture, *, tag: str) -> None:
        width, height = size_of(picture.svg)
        number = next(self._numbers)
        holder = self._styled(self.document.add_paragraph(), "Caption")
        holder.paragraph_format.keep_with_next = True
        scale = min(text_width_mm(self.document) / width, TALLEST_PICTURE_MM / height)
        png = BytesIO(self._pngs[picture.svg])
        holder.add_run().add_picture(png, width=Mm(width * scale), height=Mm(height * scale))
        drawing = holder._p.find(".//" + qn("w:drawing"))
        describe(drawing, name=tag, alt=picture.alt)
        add_svg(self.document, drawing, svg=picture.svg, number=number)
        self._lock(holder.runs[0]._r, tag=tag + PICTURE_SUFFIX, name=picture.caption)
        self.add_text((Fixed(tag, picture.caption),), style="Caption")

    def as_bytes(self, *, title: str) -> bytes:
        self.document.core_properties.title = title
        self.document.core_properties.author = ""
        self.document.core_properties.comments = ""
        raw = BytesIO()
        self.document.save(raw)
        return _without_dates(raw)

    def _add_row(
        self, grid: Any, cells: Iterable[tuple[Cell, Column, str]], *, is_heading: bool
    ) -> None:
        row = grid.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if is_heading:
            properties.append(OxmlElement("w:tblHeader"))
        for (cell, column, tag), target in zip(cells, row.cells, strict=True):
            paragraph = self._styled(target.paragraphs[0], "Table text")
            if column.is_number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            text = cell.printed
            run = paragraph.add_run(unbroken(text) if len(text) <= LONGEST_UNBROKEN else text)
            run.font.bold = is_heading or cell.light == "red" or None
            if cell.light:
                run.font.color.rgb = LIGHT_COLOURS[cell.light]
            self._lock(run._r, tag=tag, name=column.heading)

    def _styled(self, paragraph: WordParagraph, style: str) -> WordParagraph:
        """style: by its name. Each is looked for once: to ask python-docx by name reads all the
        styles of the document again, which took five sixths of the time of a table."""
        if style not in self._style_ids:
            wanted = WD_STYLE_TYPE.PARAGRAPH
            part: Any = self.document.part
            self._style_ids[style] = part.get_style_id(style, wanted)
        paragraph._p.style = self._style_ids[style]
        return paragraph

    def _lock(self, run: Any, *, tag: str, name: str) -> None:
        """Put a run into a control, where it stands."""
        before, paragraph = run.getprevious(), run.getparent()
        control = locked(run, tag=tag, name=name[:60], number=next(self._numbers))
        paragraph.insert(0 if before is None else paragraph.index(before) + 1, control)


def _set_widths(grid: Any, table: PaperTable, width_mm: float) -> None:
    """On the grid and on each cell: Word reads the one, LibreOffice the other."""
    grid.autofit = False
    share = width_mm / sum(column.width for column in table.columns)
    for column, target in zip(table.columns, grid.columns, strict=True):
        target.width = Mm(column.width * share)
    for row in grid.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            cell.width = Mm(column.width * share)


def unbroken(text: str) -> str:
    """Without a place where a line may break."""
    return text.replace(" ", NO_BREAK_SPACE)


def _set_borders(grid: Any) -> None:
    """Three lines as in a yearbook: above, below, and hair lines between the rows; and so little
    room beside them that a year stands in a narrow column."""
    borders = (
        f"<w:tblBorders {nsdecls('w')}><w:top {TABLE_EDGE}/><w:bottom {TABLE_EDGE}/>"
        f"<w:insideH {TABLE_LINE}/></w:tblBorders>"
    )
    sides = "".join(f'<w:{side} w:w="{CELL_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
    margins = f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"
    # Word refuses a file whose properties stand in another order; `tblLook` is the last.
    for each in (borders, margins):
        grid._tbl.tblPr.find(qn("w:tblLook")).addprevious(parse_xml(each))


def _without_dates(raw: BytesIO) -> bytes:
    """The same parts, each dated as early as a ZIP can say."""
    fixed = BytesIO()
    with ZipFile(raw) as source, ZipFile(fixed, "w") as target:
        for entry in source.infolist():
            plain = ZipInfo(entry.filename, EARLIEST_DATE)
            plain.compress_type, plain.create_system = ZIP_DEFLATED, 0
            target.writestr(plain, source.read(entry))
    return fixed.getvalue()
