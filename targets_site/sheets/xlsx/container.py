"""The ZIP that a workbook is: refused for what it holds before any of it is unpacked."""

import posixpath
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from targets_site.sheets.problems import RefusedFile, refused
from targets_site.sheets.xlsx.xml_parts import refuse_document_type, start_tags

MEGABYTE = 1_000_000
MOST_PARTS = 2_000
MOST_UNPACKED = 400 * MEGABYTE
# Of a part that is neither a sheet nor the shared texts.
LARGEST_SMALL_PART = 16 * MEGABYTE
MOST_RELATIONSHIPS = 20_000
# Sheets of equal cells shrink to a seventeenth, a bomb to a thousandth.
HIGHEST_RATIO, RATIO_COUNTS_FROM = 100, 4 * MEGABYTE
ENTRY_SIGNATURE = b"PK\x01\x02"
BLOCK = 1 << 20
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
CONTENT_TYPES = "[Content_Types].xml"
MACRO_KINDS = {"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"}


@dataclass(frozen=True)
class Relationship:
    """kind: the last word of its type; target: a part, or an address outside where external."""

    id: str
    kind: str
    target: str
    is_external: bool


class Container:
    """The parts of a workbook by name, whatever its case. Raises RefusedFile."""

    def __init__(self, file: BinaryIO) -> None:
        _refuse_other_content(file)
        _refuse_many_parts(file)
        with damage_refused():
            self._zip = ZipFile(file)
        self._parts = _by_name(self._zip.infolist())
        _refuse_bomb(self._parts.values())
        self._refuse_contents()

    def open(self, part: str) -> IO[bytes]:
        if not self.has(part):
            raise damaged()
        return self._zip.open(self._parts[_folded(part)])

    def has(self, part: str) -> bool:
        return _folded(part) in self._parts

    def relationships_of(self, part: str) -> list[Relationship]:
        """Where a part points to; none where it says nothing. The package's own for ''."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        return self._relationships(rels, folder) if self.has(rels) else []

    def tags_of(self, part: str) -> Iterator[tuple[str, dict[str, str]]]:
        """The opening tags of a small part; see `start_tags`."""
        with damage_refused(), self.open(part) as stream:
            if self._parts[_folded(part)].file_size > LARGEST_SMALL_PART:
                raise _bomb()
            yield from start_tags(stream)

    def _relationships(self, rels: str, folder: str) -> list[Relationship]:
        found = []
        for name, attributes in self.tags_of(rels):
            if name.endswith(" Relationship"):
                found.append(_relationship(attributes, folder))
            if len(found) > MOST_RELATIONSHIPS:
                raise _bomb()
        return found

    def _refuse_contents(self) -> None:
        _refuse_by_name(self._parts)
        for name in self._parts:
            if name.endswith((".xml", ".rels")):
                with damage_refused(), self.open(name) as stream:
                    refuse_document_type(stream)
            if name.endswith(".rels"):
                _refuse_by_kind(self._relationships(name, ""))
        for _tag, attributes in self.tags_of(CONTENT_TYPES):
            if "macroenabled" in attributes.get("ContentType", "").casefold():
                raise _macros()


@contextmanager
def damage_refused() -> Iterator[None]:
    """What a damaged file makes zipfile, zlib and expat raise becomes a refusal."""
    try:
        yield
    except (
        BadZipFile, zlib.error, ExpatError, EOFError, OSError, KeyError, ValueError, RuntimeError,
    ) as error:  # fmt: skip
        raise damaged() from error


def damaged() -> RefusedFile:
    return refused(
        _("The file is damaged or no Excel workbook; open it in Excel and save it anew as .xlsx.")
    )


def _folded(part: str) -> str:
    return part.replace("\\", "/").casefold()


def _by_name(entries: list[ZipInfo]) -> dict[str, ZipInfo]:
    parts = {_folded(entry.filename): entry for entry in entries}
    if len(parts) != len(entries):
        raise damaged()
    return parts


def _refuse_other_content(file: BinaryIO) -> None:
    file.seek(0)
    start = file.read(8)
    if start.startswith(b"PK\x03\x04"):
        return
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        file.seek(0)
        if ENCRYPTED_PACKAGE in file.read():
            raise protected()
        raise refused(
            _(
                "This is a workbook of the old type (.xls); open it and save it as “Excel workbook "
                "(*.xlsx)”."
            )
        )
    raise damaged()


def protected() -> RefusedFile:
    return refused(_("The file is protected by a password; remove the password and send it again."))


def _refuse_many_parts(file: BinaryIO) -> None:
    """Counts the entries of the directory, which zipfile would take in whole."""
    file.seek(0)
    count, tail = 0, b""
    while block := file.read(BLOCK):
        count += (tail + block).count(ENTRY_SIGNATURE)
        tail = block[-len(ENTRY_SIGNATURE) + 1 :]
    if count > MOST_PARTS:
        raise _bomb()


def _refuse_bomb(entries: Iterable[ZipInfo]) -> None:
    """By the sizes of the directory, beyond which zipfile reads nothing."""
    unpacked = 0
    for entry in entries:
        if entry.flag_bits & 1:
            raise protected()
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise damaged()
        unpacked += entry.file_size
        is_swollen = entry.file_size > HIGHEST_RATIO * max(1, entry.compress_size)
        if unpacked > MOST_UNPACKED or (is_swollen and entry.file_size > RATIO_COUNTS_FROM):
            raise _bomb()


def _bomb() -> RefusedFile:
    return refused(
        _("The file unpacks to an unusual size; copy the table into a new workbook and save it.")
    )


def _refuse_by_name(parts: Iterable[str]) -> None:
    for part in parts:
        if "vbaproject" in part or part.startswith("xl/macrosheets/"):
            raise _macros()
        if part.startswith("xl/externallinks/"):
            raise _external_links()


def _refuse_by_kind(relationships: Iterable[Relationship]) -> None:
    for each in relationships:
        if each.kind in MACRO_KINDS:
            raise _macros()
        if each.kind == "externalLink" or (each.is_external and each.kind != "hyperlink"):
            raise _external_links()


def _macros() -> RefusedFile:
    return refused(
        _("The workbook holds macros; save it as “Excel workbook (*.xlsx)”, which has none.")
    )


def _external_links() -> RefusedFile:
    return refused(
        _("The workbook is linked to other files; break the links (Data, Edit Links) and save it.")
    )


def _relationship(attributes: dict[str, str], folder: str) -> Relationship:
    is_external = attributes.get("TargetMode") == "External"
    target = attributes.get("Target", "")
    if not is_external:
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    kind = attributes.get("Type", "").rpartition("/")[2]
    return Relationship(attributes.get("Id", ""), kind, target, is_external)
