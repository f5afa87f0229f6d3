"""The parts of a Word file that python-docx does not make: content controls, SVG, page numbers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from reports.paper.tags import BOOKMARK

LOCKED = "sdtContentLocked"
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def locked(run: Any, *, tag: str, name: str, number: int) -> Any:
    """A content control around a run that Word lets nobody change.

    tag: by which it is found again, which a bookmark within says too: LibreOffice drops the tags
    of controls and keeps bookmarks. Around whole paragraphs and tables it doubles their text,
    so each run has a control of its own. name: what Word shows; number: unique in the file.
    """
    control = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtPr><w:alias w:val={quoteattr(name)}/>"
        f'<w:tag w:val={quoteattr(tag)}/><w:id w:val="{number}"/><w:lock w:val="{LOCKED}"/>'
        "</w:sdtPr><w:sdtContent/></w:sdt>"
    )
    start = parse_xml(
        f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name={quoteattr(BOOKMARK + tag)}/>'
    )
    end = parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>')
    control.find(qn("w:sdtContent")).extend((start, run, end))
    return control


def numbers() -> Iterator[int]:
    """For `locked`: small numbers, unique in one file."""
    return count(1001)


def set_fonts(holder: Any, *, latin: str, chinese: str) -> None:
    """holder: an element with run properties; Word takes Chinese from `eastAsia` only."""
    properties = holder.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    fonts = OxmlElement("w:rFonts")
    for name, font in {"ascii": latin, "hAnsi": latin, "cs": latin, "eastAsia": chinese}.items():
        fonts.set(qn(f"w:{name}"), font)
    properties.insert(0, fonts)


def page_number() -> list[Any]:
    """Runs with a field that Word fills."""
    kinds = (
        '<w:fldChar w:fldCharType="begin"/>',
        "<w:instrText>PAGE</w:instrText>",
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return [parse_xml(f"<w:r {nsdecls('w')}>{kind}</w:r>") for kind in kinds]


def add_svg(document: Document, drawing: Any, *, svg: str, number: int) -> None:
    """Give a drawing that shows a PNG the SVG too, which newer programs show instead."""
    package = document.part.package
    part = Part(PackURI(f"/word/media/drawing{number}.svg"), "image/svg+xml", svg.encode(), package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    extension = parse_xml(
        f'<a:extLst {nsdecls("a", "r")}><a:ext uri="{SVG_EXTENSION}">'
        f'<asvg:svgBlip xmlns:asvg="{SVG_NAMESPACE}" r:embed="{relation}"/></a:ext></a:extLst>'
    )
    drawing.find(".//" + qn("a:blip")).append(extension)


def describe(drawing: Any, *, name: str, alt: str) -> None:
    """name: stays where a program drops the control around it."""
    properties = drawing.find(".//" + qn("wp:docPr"))
    properties.set("name", name)
    properties.set("descr", alt)
