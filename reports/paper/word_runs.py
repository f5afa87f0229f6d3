"""One paragraph of an edited Word file: its text with the locked figures in it, and what else
stands there that a report cannot hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from reports.paper.blocks import Fixed, Inline
from reports.paper.tags import BOOKMARK
from reports.paper.word_xml import WORD, value_of

NO_BREAK_SPACE = "\u00a0"
BREAK = "\n"
# What Word keeps of tracked changes that take something away.
TAKEN_AWAY = {f"{WORD}{name}" for name in ("del", "moveFrom")}
ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DRAWING = f"{WORD}drawing"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
TEXTS = {
    f"{WORD}tab": " ",
    f"{WORD}br": BREAK,
    f"{WORD}cr": BREAK,
    f"{WORD}noBreakHyphen": "-",
}
FOREIGN = {
    f"{WORD}object": "object",
    f"{WORD}pict": "picture",
    f"{WORD}altChunk": "object",
    f"{WORD}sym": "symbol",
    f"{WORD}footnoteReference": "note",
    f"{WORD}endnoteReference": "note",
    f"{WORD}commentReference": "comment",
    ALTERNATIVE: "picture",
    f"{MATHS}oMath": "formula",
    f"{MATHS}oMathPara": "formula",
}


@dataclass
class Line:
    """inlines: text and figures as they come. drawn: names of the pictures. foreign: kinds of what
    a report cannot hold."""

    inlines: list[Inline] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text for each in self.inlines)

    @property
    def only(self) -> Fixed | None:
        """The locked text that is all there is."""
        found = [each for each in self.inlines if not isinstance(each, str) or each.strip()]
        return found[0] if len(found) == 1 and isinstance(found[0], Fixed) else None


def line_of(paragraph: Element) -> Line:
    reader = _Reader()
    reader.read(paragraph)
    return reader.ended()


class _Reader:
    """Walks a paragraph; between the ends of a locked thing its text is collected apart."""

    def __init__(self) -> None:
        self.line = Line()
        self._text: list[str] = []
        self._open: tuple[str, str] | None = None  # tag, and the bookmark's id where one opened it

    def read(self, parent: Element) -> None:
        for element in parent:
            self._read_one(element)

    def ended(self) -> Line:
        self._close()
        return self.line

    def _read_one(self, element: Element) -> None:
        name = element.tag
        if name in TAKEN_AWAY or name == f"{WORD}pPr":
            return
        if name == f"{WORD}t":
            self._text.append((element.text or "").replace(NO_BREAK_SPACE, " "))
        elif name in TEXTS:
            if element.get(f"{WORD}type") not in {"page", "column"}:
                self._text.append(TEXTS[name])
        elif name == DRAWING:
            self.line.drawn.extend(each.get("name", "") for each in element.iter(DRAWN))
        elif name in FOREIGN:
            self.line.foreign.append(FOREIGN[name])
        elif name == f"{WORD}sdt":
            self._read_control(element)
        elif name in {f"{WORD}bookmarkStart", f"{WORD}bookmarkEnd"}:
            self._read_bookmark(element)
        else:
            self.read(element)

    def _read_control(self, control: Element) -> None:
        content = control.find(f"{WORD}sdtContent")
        if content is None:
            return
        tag = value_of(control, f"{WORD}sdtPr/{WORD}tag")
        if not tag or self._open is not None:
            self.read(content)
            return
        self._begin(tag, "")
        self.read(content)
        self._close()

    def _read_bookmark(self, bookmark: Element) -> None:
        name, number = bookmark.get(f"{WORD}name", ""), bookmark.get(f"{WORD}id", "")
        if name.startswith(BOOKMARK) and self._open is None:
            self._begin(name.removeprefix(BOOKMARK), number)
        elif bookmark.tag == f"{WORD}bookmarkEnd" and self._open and self._open[1] == number:
            self._close()

    def _begin(self, tag: str, bookmark: str) -> None:
        self._close()
        self._open = tag, bookmark

    def _close(self) -> None:
        text, self._text = "".join(self._text), []
        if self._open is not None:
            self.line.inlines.append(Fixed(self._open[0], text))
            self._open = None
        elif text and self.line.inlines and isinstance(self.line.inlines[-1], str):
            self.line.inlines[-1] += text
        elif text:
            self.line.inlines.append(text)


def lines_in(element: Element) -> Iterator[Element]:
    """The paragraphs and tables at the top of a body or cell, out of whatever is around them."""
    for child in element:
        if child.tag in TAKEN_AWAY:
            continue
        if child.tag in {f"{WORD}p", f"{WORD}tbl"} or child.tag in FOREIGN:
            yield child
        else:
            yield from lines_in(child)
