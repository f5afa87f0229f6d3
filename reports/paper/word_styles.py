"""How a Word file looks: A4 and fonts as GB/T 9704 sets official documents."""

from __future__ import annotations

from typing import Any, NamedTuple

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.paper.word_parts import page_number, set_fonts

LATIN = "Times New Roman"
INK, MUTED = RGBColor(0x1B, 0x1F, 0x24), RGBColor(0x59, 0x63, 0x6E)
# As the badges on screen; the shape says the same without colour.
LIGHT_COLOURS = {
    "green": RGBColor(0x0B, 0x6E, 0x4F),
    "pale": RGBColor(0x0B, 0x6E, 0x4F),
    "yellow": RGBColor(0x8A, 0x5A, 0x00),
    "red": RGBColor(0xB3, 0x26, 0x1E),
    "grey": RGBColor(0x5B, 0x64, 0x70),
    "none": RGBColor(0x5B, 0x64, 0x70),
}
# In millimetres: above, right, below, left.
MARGINS = (30, 26, 28, 28)
THUMBNAIL = "/docProps/thumbnail.jpeg"


class Look(NamedTuple):
    """size, line, before, after: in points; indent: in characters of the size."""

    font: str
    size: float
    line: float
    before: float = 0
    after: float = 0
    indent: int = 0
    centred: bool = False
    bold: bool = False


LOOKS = {
    "Normal": Look("仿宋", 15, 28, indent=2),
    "Title": Look("方正小标宋简体", 22, 34, after=6, centred=True),
    "Subtitle": Look("楷体", 14, 24, after=4, centred=True),
    "Head line": Look("楷体", 10.5, 18, after=8, centred=True),
    "Heading 1": Look("黑体", 16, 28, before=12, after=4, indent=2),
    "Heading 2": Look("楷体", 15, 28, before=6, after=2, indent=2, bold=True),
    "Caption": Look("黑体", 11, 18, before=8, after=3, centred=True),
    "Table text": Look("仿宋", 10.5, 15, before=1, after=1),
    "Footer": Look("宋体", 9, 12),
}

ONE_SHEET_MARGINS = (12, 16, 14, 16)


def one_sheet_looks(size: float) -> dict[str, Look]:
    """Of what has to stand on one page. size: of its text, in points."""
    title, heading, line, table = (_half_points(size * part) for part in (1.7, 1.12, 0.86, 0.88))
    return {
        "Normal": Look("仿宋", size, 1.4 * size, indent=2),
        "Title": Look("方正小标宋简体", title, 1.3 * title, after=1, centred=True),
        "Subtitle": Look("楷体", size, 1.4 * size, after=1, centred=True),
        "Head line": Look("楷体", line, 1.6 * line, after=3, centred=True),
        "Heading 1": Look("黑体", heading, 1.4 * heading, before=0.5 * size, after=2),
        "Caption": Look("黑体", table, 1.3 * table, after=1),
        "Table text": Look("仿宋", table, 1.3 * table, before=0.1 * size, after=0.1 * size),
    }


def new_document(*, one_sheet: float | None = None) -> Document:
    """An empty A4 document with these styles. one_sheet: the size of the text of one that has to
    stand on one page."""
    document = docx.Document()
    _drop_thumbnail(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    top, right, bottom, left = ONE_SHEET_MARGINS if one_sheet else MARGINS
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    # Without it programs draw Chinese punctuation as it stands elsewhere.
    for language in document.styles.element.xpath("./w:docDefaults//w:lang"):
        language.set(qn("w:eastAsia"), "zh-CN")
    for name in ("Head line", "Table text"):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    for name, look in {**LOOKS, **(one_sheet_looks(one_sheet) if one_sheet else {})}.items():
        _set_look(document.styles[name], look)
    return document


def text_width_mm(document: Document) -> float:
    """Between the margins."""
    section: Any = document.sections[0]
    return float((section.page_width - section.left_margin - section.right_margin) / Mm(1))


def set_footing(document: Document, text: str) -> None:
    """The line at the foot of every page, with its number at the right."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.paragraph_format.tab_stops.add_tab_stop(
        Mm(text_width_mm(document)), WD_TAB_ALIGNMENT.RIGHT
    )
    paragraph.add_run(text).font.color.rgb = MUTED
    paragraph.add_run("\t— ")
    paragraph._p.extend(page_number())
    paragraph.add_run(" —")


def _set_look(style: Any, look: Look) -> None:
    if style.name not in {"Normal", "Footer"}:
        style.base_style = None
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold, False
    style.font.color.rgb = INK
    set_fonts(style.element, latin=LATIN, chinese=look.font)
    layout = style.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(look.line)
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.first_line_indent = Pt(look.indent * look.size)
    layout.alignment = WD_ALIGN_PARAGRAPH.CENTER if look.centred else None
    for foreign in style.element.xpath("./w:pPr/w:pBdr | ./w:pPr/w:tabs"):
        foreign.getparent().remove(foreign)


def _drop_thumbnail(document: Document) -> None:
    """Of python-docx's template: a picture that is none of ours."""
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if not relation.is_external and relation.target_part.partname == THUMBNAIL:
            del package.rels[key]


def _half_points(size: float) -> float:
    """Word knows no finer sizes."""
    return round(2 * size) / 2
