"""Files that departments hand in as evidence (佐证材料) and materials: taken or refused.

They are stored and handed on and never opened here, so the checks ask three things only: is it one
of six kinds, is it what its name says, and does it carry nothing that runs, reaches out or unpacks
without end where somebody else opens it. Archives are judged by their directory; of their parts
only the list of types and the first bytes of each XML part are read. The deployment's virus
scanner comes last, if there is one.
"""

import hashlib
import re
import stat
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from defusedxml import ElementTree
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from targets_site.typed_text import TextKind, clean_text
from targets_site.virus_scan import refuse_infected

MEGABYTE = 1024 * 1024
LARGEST_MEGABYTES = 20
LARGEST_BYTES = LARGEST_MEGABYTES * MEGABYTE
LONGEST_NAME = 150
MAX_ENTRIES = 2000
MAX_UNPACKED_BYTES = 200 * MEGABYTE
MAX_UNPACKED_RATIO = 100
# Room for far more than MAX_ENTRIES; a larger directory is not even read.
MAX_DIRECTORY_BYTES = MEGABYTE
MAX_TYPES_BYTES = MEGABYTE
CHUNK_BYTES = 64 * 1024
XML_CHUNK_BYTES = 4 * 1024
# A root element stands behind a declaration and perhaps a comment, never further.
MAX_PROLOGUE_CHUNKS = 16

PDF_MARK, PDF_MARK_WITHIN = b"%PDF-", 1024
JPEG_MARK, PNG_MARK = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
ARCHIVE_MARK = b"PK\x03\x04"
# DOC and XLS of before 2007, and what newer ones become with a password.
OLD_OFFICE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_ENDINGS = frozenset(".doc .dot .et .ppt .pps .wps .xls .xlt".split())

TYPES_PART, OFD_PART = "[Content_Types].xml", "OFD.xml"
OPEN_XML = "application/vnd.openxmlformats-officedocument."
ENCRYPTED_FLAG = 0x1

MESSAGES = {
    "no_name": gettext_lazy("The file has no name."),
    "kind": gettext_lazy(
        "“%(name)s” is of another kind: only PDF, JPEG, PNG, DOCX, XLSX and OFD files are taken."
    ),
    "old": gettext_lazy(
        "“%(name)s” is an old Office file or has a password: save it as DOCX or XLSX without a "
        "password, or as PDF."
    ),
    "empty": gettext_lazy("“%(name)s” is empty."),
    "too_large": gettext_lazy("“%(name)s” is larger than %(limit)s MB."),
    "mismatch": gettext_lazy(
        "“%(name)s” does not hold what its ending says: open it with its own program and save it "
        "anew."
    ),
    "damaged": gettext_lazy(
        "“%(name)s” is damaged or not built as it should be: open it and save it anew, or as PDF."
    ),
    "bomb": gettext_lazy("“%(name)s” unpacks to more than is permitted: save it as PDF."),
    "macros": gettext_lazy("“%(name)s” contains macros: save it without them, or as PDF."),
    "links": gettext_lazy(
        "“%(name)s” is linked to other workbooks: break the links, or save it as PDF."
    ),
}
CODES = {
    "no_name": "name",
    "kind": "type",
    "old": "type",
    **dict.fromkeys(("damaged", "bomb", "macros", "links"), "unsafe"),
}

# What reading a broken archive or its XML raises.
UNREADABLE = (
    BadZipFile, zlib.error, expat.ExpatError, SyntaxError, EOFError, LookupError, RuntimeError,
    ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    media_type: str
    endings: tuple[str, ...]
    is_archive: bool = False


PDF = Kind("application/pdf", (".pdf",))
JPEG = Kind("image/jpeg", (".jpg", ".jpeg"))
PNG = Kind("image/png", (".png",))
DOCX = Kind(f"{OPEN_XML}wordprocessingml.document", (".docx",), is_archive=True)
XLSX = Kind(f"{OPEN_XML}spreadsheetml.sheet", (".xlsx",), is_archive=True)
# 国家版式文档, GB/T 33190: an archive with OFD.xml at its root.
OFD = Kind("application/ofd", (".ofd",), is_archive=True)
KIND_OF_ENDING = {
    ending: kind for kind in (PDF, JPEG, PNG, DOCX, XLSX, OFD) for ending in kind.endings
}


@dataclass(frozen=True)
class CheckedUpload:
    """A file that may be stored.

    name: as it is shown, never a path to store it under. size: in bytes. sha256: in hex.
    """

    name: str
    media_type: str
    size: int
    sha256: str


class RootReached(Exception):
    """An XML part got to its first element."""


class GuardedFile:
    """What ZipFile may see of a file: it reads a directory whole, so a huge one is refused first.

    ZipFile believes one of several records at the end of a file which size the directory has;
    whichever it is, the size arrives here.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if size > MAX_DIRECTORY_BYTES:
            raise BadZipFile("the directory is too large")
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def check_upload(file: IO[bytes], *, name: str) -> CheckedUpload:
    """Measure and check one file as it arrived; `name` as the browser sent it.

    The file must be seekable and stands at its beginning afterwards, also where it is refused.
    Needs constant memory. Raises ValidationError with one of the codes name, type (another kind,
    or an old Office file), empty, too_large, mismatch (content and ending disagree), unsafe
    (damaged, macros, links to other workbooks, unpacks without end, infected) and unscanned. Not
    to be called within a transaction (see `refuse_infected`).

    Source: SECURITY.md, R61 and R62.
    """
    try:
        shown = _cleaned_name(name)
        kind = _promised_kind(shown)
        size, digest = _measured(file, name=shown)
        if _found_kind(file, size=size, promised=kind, name=shown) != kind:
            raise _wrong("mismatch", shown)
        refuse_infected(file, name=shown)
    finally:
        file.seek(0)
    return CheckedUpload(shown, kind.media_type, size, digest)


def _wrong(reason: str, name: str) -> ValidationError:
    params = {"name": name, "limit": LARGEST_MEGABYTES}
    return ValidationError(MESSAGES[reason], code=CODES.get(reason, reason), params=params)


def _cleaned_name(name: str) -> str:
    """The last part of a path (old browsers send whole ones), NFC, without anything hidden."""
    last = re.split(r"[/\\]", name)[-1]
    try:
        cleaned = clean_text(
            last, kind=TextKind.NAME, longest=LONGEST_NAME, label=_("File name")
        ).value
    except ValidationError as error:
        raise ValidationError(error.message, code="name", params=error.params) from error
    if not cleaned.strip("."):
        raise _wrong("no_name", "")
    return cleaned


def _promised_kind(name: str) -> Kind:
    ending = PurePosixPath(name).suffix.lower()
    if ending in OLD_ENDINGS:
        raise _wrong("old", name)
    if ending not in KIND_OF_ENDING:
        raise _wrong("kind", name)
    return KIND_OF_ENDING[ending]


def _measured(file: IO[bytes], *, name: str) -> tuple[int, str]:
    """Size in bytes and SHA-256, read in pieces; stops as soon as it is too large."""
    size, digest = 0, hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        size += len(chunk)
        if size > LARGEST_BYTES:
            raise _wrong("too_large", name)
        digest.update(chunk)
    if not size:
        raise _wrong("empty", name)
    return size, digest.hexdigest()


def _found_kind(file: IO[bytes], *, size: int, promised: Kind, name: str) -> Kind | None:
    """The kind that the content is of; None where it is none of ours."""
    file.seek(0)
    head = file.read(PDF_MARK_WITHIN)
    if head.startswith(OLD_OFFICE_MARK) and promised.is_archive:
        raise _wrong("old", name)
    if head.startswith(ARCHIVE_MARK):
        return _kind_of_archive(file, size=size, name=name) if promised.is_archive else None
    if head.startswith(JPEG_MARK):
        return JPEG
    if head.startswith(PNG_MARK):
        return PNG
    return PDF if PDF_MARK in head else None


def _kind_of_archive(file: IO[bytes], *, size: int, name: str) -> Kind | None:
    try:
        with ZipFile(GuardedFile(file)) as archive:
            entries = archive.infolist()
            reason = _wrong_in_directory(entries, size=size)
            if reason:
                raise _wrong(reason, name)
            types = _content_types(archive) if TYPES_PART in archive.namelist() else []
            reason = _wrong_in_types(types)
            if reason:
                raise _wrong(reason, name)
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    _refuse_doctype(archive, entry)
    except UNREADABLE as error:
        raise _wrong("damaged", name) from error
    return _kind_of_parts({entry.filename for entry in entries}, types)


def _wrong_in_directory(entries: Sequence[ZipInfo], *, size: int) -> str:
    """What is wrong with an archive of `size` bytes by its directory; empty where nothing is."""
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > min(MAX_UNPACKED_BYTES, MAX_UNPACKED_RATIO * size):
        return "bomb"
    # Entries that share bytes would make the ratio lie.
    if sum(entry.compress_size for entry in entries) > size:
        return "bomb"
    names = [entry.orig_filename.replace("\\", "/").casefold() for entry in entries]
    if len(set(names)) != len(names) or any(_is_path_trick(each) for each in names):
        return "damaged"
    # Whatever stands before the first entry is no part of the document.
    starts = [entry.header_offset for entry in entries] or [0]
    if min(starts) != 0 or max(starts) >= size or any(map(_is_no_plain_file, entries)):
        return "damaged"
    if any(PurePosixPath(each).name.startswith("vbaproject") for each in names):
        return "macros"
    return "links" if any(each.startswith("xl/externallinks/") for each in names) else ""


def _is_path_trick(name: str) -> bool:
    """Whether an entry would be unpacked somewhere else; `name` has forward slashes."""
    return (
        name.startswith("/")
        or ".." in name.split("/")
        or re.match("[a-z]:", name) is not None
        or any(unicodedata.category(each) in {"Cc", "Cs"} for each in name)
    )


def _is_no_plain_file(entry: ZipInfo) -> bool:
    """Encrypted, a symbolic link, or compressed as no Office program does."""
    return (
        bool(entry.flag_bits & ENCRYPTED_FLAG)
        or stat.S_ISLNK(entry.external_attr >> 16)
        or entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}
    )


def _content_types(archive: ZipFile) -> list[str]:
    """The types of all parts, in lower case, as the package lists them."""
    with archive.open(TYPES_PART) as part:
        # Never `read()`: that unpacks what comes, whatever the directory says.
        text = part.read(MAX_TYPES_BYTES + 1)
    if len(text) > MAX_TYPES_BYTES:
        raise BadZipFile("the list of types is too large")
    root = ElementTree.fromstring(text)
    return [each.get("ContentType", "").strip().lower() for each in root]


def _wrong_in_types(types: Sequence[str]) -> str:
    """A part can have any name; its type says what it is to the program that opens it."""
    if any("macro" in each or "vbaproject" in each for each in types):
        return "macros"
    return "links" if any("externallink" in each for each in types) else ""


def _refuse_doctype(archive: ZipFile, entry: ZipInfo) -> None:
    """Read an XML part up to its first element; entities, which a document of ours never has,
    are declared before it. Raises ValueError, or what expat and the archive raise."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _doctype_found
    parser.StartElementHandler = _root_found
    try:
        with archive.open(entry) as part:
            for _each in range(MAX_PROLOGUE_CHUNKS):
                parser.Parse(part.read(XML_CHUNK_BYTES), False)
    except RootReached:
        return
    raise ValueError("an XML part without a root")


def _doctype_found(*_declared: object) -> None:
    raise ValueError("an XML part with a document type")


def _root_found(*_element: object) -> None:
    raise RootReached


def _kind_of_parts(names: set[str], types: Sequence[str]) -> Kind | None:
    if OFD_PART in names and TYPES_PART not in names:
        return OFD
    found = [kind for kind in (DOCX, XLSX) if f"{kind.media_type}.main+xml" in types]
    return found[0] if len(found) == 1 else None
