"""The XML of an edited Word file: opened without entities, its parts limited."""

from __future__ import annotations

import zlib
from typing import IO
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile, ZipFile

from defusedxml import DefusedXmlException, ElementTree
from django.utils.translation import gettext as _

from reports.paper.problems import RefusedPaper

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Word's strict variety of the format, which it writes only when asked to.
MAIN_PART, STYLES_PART = "word/document.xml", "word/styles.xml"
MEGABYTE = 1024 * 1024
LARGEST_PART = 8 * MEGABYTE
# Far deeper than any document; what walks the tree calls itself at each level.
DEEPEST = 60


def body_and_styles(file: IO[bytes]) -> tuple[Element, dict[str, str]]:
    """The body, and the names of the styles in lower case by their id.

    file: checked by `indicators.uploads.check_upload`. Raises RefusedPaper.
    """
    try:
        with ZipFile(file) as parts:
            root = _root(parts, MAIN_PART)
            styles = _root(parts, STYLES_PART) if STYLES_PART in parts.namelist() else None
    except (BadZipFile, DefusedXmlException, ParseError, zlib.error, EOFError, KeyError) as error:
        raise damaged() from error
    body = root.find(f"{WORD}body")
    if body is None:
        raise damaged()
    return body, _style_names(styles)


def damaged() -> RefusedPaper:
    return RefusedPaper(
        [_("The file is damaged or no Word document; open it in Word and save it anew as .docx.")]
    )


def value_of(element: Element | None, path: str) -> str:
    """The `val` of a descendant; empty where there is none."""
    found = element.find(path) if element is not None else None
    return found.get(f"{WORD}val", "") if found is not None else ""


def _root(parts: ZipFile, name: str) -> Element:
    with parts.open(name) as part:
        # Never `read()`: that unpacks what comes, whatever the directory says.
        content = part.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise RefusedPaper([_("The text of the file is larger than a report can be.")])
    root: Element = ElementTree.fromstring(content, forbid_dtd=True)
    _refuse_depth(root)
    return root


def _refuse_depth(root: Element) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise damaged()
        level = [child for each in level for child in each]


def _style_names(styles: Element | None) -> dict[str, str]:
    """Chinese Word numbers its styles, so a heading is known by its name only."""
    if styles is None:
        return {}
    return {
        style.get(f"{WORD}styleId", ""): value_of(style, f"{WORD}name").casefold()
        for style in styles.iter(f"{WORD}style")
    }
