"""The XML of an edited Word file: opened without entities, and no further than a report can go."""

from __future__ import annotations

import zlib
from typing import IO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from zipfile import BadZipFile, ZipFile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from reports.paper.problems import RefusedPaper

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Word's strict variety of the format, which it writes only when asked to.
MAIN_PART, STYLES_PART = "word/document.xml", "word/styles.xml"
RELATIONS = ".rels"
MEGABYTE = 1024 * 1024
LARGEST_PART = 8 * MEGABYTE
CHUNK_BYTES = 64 * 1024
# Far deeper than any document; what walks the tree calls itself at each level.
DEEPEST = 60
# A report on 200 targets has 39,000 elements and 2,400 lines when it is given out, its styles have
# 9,000 elements; Word marks what was edited with two or three times as many.
MOST_ELEMENTS = 200_000
MOST_LINES = 20_000
LINES = frozenset(f"{WORD}{name}" for name in ("p", "br", "cr"))


def body_and_styles(file: IO[bytes]) -> tuple[Element, dict[str, str]]:
    """The body, and the names of the styles in lower case by their id.

    file: checked by `indicators.uploads.check_upload`. Raises RefusedPaper.
    """
    counting = Counting()
    try:
        with ZipFile(file) as parts:
            root = _root(parts, MAIN_PART, counting)
            named = parts.namelist()
            styles = _root(parts, STYLES_PART, counting) if STYLES_PART in named else None
            for name in named:
                if name.lower().endswith(RELATIONS):
                    _refuse_fetching(_root(parts, name, counting))
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


class Counting:
    """Every element of every part that is read, whatever it is. Raises RefusedPaper at the first
    that is one too many, so that a small file cannot cost much."""

    def __init__(self) -> None:
        self.elements = self.lines = 0

    def add(self, tag: str) -> None:
        self.elements += 1
        self.lines += tag in LINES
        if self.elements > MOST_ELEMENTS or self.lines > MOST_LINES:
            raise _too_large()


class _CountedTree(TreeBuilder):
    """Makes the elements of one part. Raises RefusedPaper where there are too many or too deep."""

    def __init__(self, counting: Counting) -> None:
        super().__init__()
        self._counting, self._depth = counting, 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._counting.add(tag)
        self._depth += 1
        if self._depth > DEEPEST:
            raise damaged()
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _too_large() -> RefusedPaper:
    return RefusedPaper([_("The text of the file is larger than a report can be.")])


def _root(parts: ZipFile, name: str, counting: Counting) -> Element:
    parser = DefusedXMLParser(target=_CountedTree(counting), forbid_dtd=True)
    size = 0
    with parts.open(name) as part:
        # Never `read()`: that unpacks what comes, whatever the directory says.
        while chunk := part.read(CHUNK_BYTES):
            size += len(chunk)
            if size > LARGEST_PART:
                raise _too_large()
            parser.feed(chunk)
    root: Element = parser.close()
    return root


def _refuse_fetching(relations: Element) -> None:
    """A link that people click fetches nothing by itself; a template or a picture that lies
    elsewhere tells its owner who opens the file."""
    for each in relations:
        is_elsewhere = each.get("TargetMode", "").casefold() == "external"
        if is_elsewhere and not each.get("Type", "").endswith("/hyperlink"):
            raise RefusedPaper(
                [
                    _(
                        "The file fetches something from elsewhere when it is opened (a template, "
                        "a linked picture or file); remove the link."
                    )
                ]
            )


def _style_names(styles: Element | None) -> dict[str, str]:
    """Chinese Word numbers its styles, so a heading is known by its name only."""
    if styles is None:
        return {}
    return {
        style.get(f"{WORD}styleId", ""): value_of(style, f"{WORD}name").casefold()
        for style in styles.iter(f"{WORD}style")
    }
