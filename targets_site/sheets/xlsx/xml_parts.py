"""The XML of a workbook: UTF-8, without document types, read block by block."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from targets_site.sheets.problems import refused

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROW, CELL, VALUE, FORMULA = f"{MAIN} row", f"{MAIN} c", f"{MAIN} v", f"{MAIN} f"
# Expat hands out these very strings, which then compare at once.
FREQUENT = (ROW, CELL, VALUE, FORMULA)
BLOCK = 1 << 16
# Of a tag, comment or instruction. Expat before 2.6 begins it anew with each block, so one of many
# megabytes would take minutes; what Excel writes in one tag is less than a quarter of this.
LONGEST_TOKEN = 1 << 20
DEEPEST = 100
UTF8_NAMES = {"utf-8", "us-ascii"}
WIDE_STARTS = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")

Start = Callable[[str, dict[str, str]], object]
End = Callable[[str], object]
Text = Callable[[str], object]


def parse_blocks(
    stream: IO[bytes], *, start: Start, end: End | None = None, text: Text | None = None
) -> Iterator[bytes]:
    """Feed a part to the handlers; yields each block after it was parsed.

    Names are the namespace and the local name, with a space between. Raises RefusedFile for what a
    workbook never has (document types, other encodings, endless tokens), ExpatError for what is no
    XML. How deep elements may lie in each other is for the handlers to limit (see `Depth`).
    """
    parser = expat.ParserCreate(namespace_separator=" ", intern={each: each for each in FREQUENT})
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.XmlDeclHandler = _refuse_encoding
    block = stream.read(BLOCK)
    if block.startswith(WIDE_STARTS):
        raise _unusual()
    fed = 0
    while block:
        parser.Parse(block, False)
        fed += len(block)
        refuse_endless_token(fed - parser.CurrentByteIndex)
        yield block
        block = stream.read(BLOCK)
    parser.Parse(b"", True)


def refuse_endless_token(length: int) -> None:
    """length: bytes read of a token that has not ended yet. Raises RefusedFile."""
    if length > LONGEST_TOKEN:
        raise _unusual()


def start_tags(stream: IO[bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    """Name and attributes of each element, in the order of the part."""
    tags: list[tuple[str, dict[str, str]]] = []
    depth = Depth()

    def start(name: str, attributes: dict[str, str]) -> None:
        depth.enter()
        tags.append((name, attributes))

    for _block in parse_blocks(stream, start=start, end=depth.leave):
        yield from tags
        tags.clear()


def refuse_document_type(stream: IO[bytes]) -> None:
    """Read to the first element, before which a document type would stand.

    Raises RefusedFile; a part that is no XML is left to whoever reads it.
    """
    tags: list[str] = []
    with suppress(expat.ExpatError):
        for _block in parse_blocks(stream, start=lambda name, _attributes: tags.append(name)):
            if tags:
                return


class Depth:
    """How many elements are open; each costs memory, so a million of them is an attack."""

    def __init__(self) -> None:
        self._open = 0

    def enter(self) -> None:
        """Raises RefusedFile where no workbook goes as deep."""
        self._open += 1
        if self._open > DEEPEST:
            raise _unusual()

    def leave(self, _name: str = "") -> None:
        self._open -= 1


def _refuse_document_type(*_declaration: object) -> None:
    raise _unusual()


def _refuse_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in UTF8_NAMES:
        raise _unusual()


def _unusual() -> Exception:
    return refused(
        _("The workbook holds XML that Excel never writes; open it in Excel and save it anew.")
    )
