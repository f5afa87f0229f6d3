"""In which encoding a text file is written. Bytes that do not fit are refused, never replaced."""

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from targets_site.sheets.problems import RefusedFile, refused

BLOCK = 1 << 20
LINE_END = re.compile("\r\n|\r|\n")
# Takes three bytes or more in UTF-8; Chinese does.
WIDE = re.compile("[\u0800-\ufffc\ufffe-\U0010ffff]")
REPLACED = "\ufffd"


@dataclass(frozen=True)
class Encoding:
    """shown: to the person; codec: Python's name, which also drops the byte-order mark."""

    shown: str
    codec: str


UTF8 = Encoding("UTF-8", "utf-8")
UTF8_WITH_BOM = Encoding("UTF-8 (BOM)", "utf-8-sig")
UTF16 = Encoding("UTF-16", "utf-16")
GB18030 = Encoding("GB18030", "gb18030")
MARKS = (
    (codecs.BOM_UTF8, UTF8_WITH_BOM),
    (codecs.BOM_UTF16_LE, UTF16),
    (codecs.BOM_UTF16_BE, UTF16),
    ("\ufeff".encode("gb18030"), GB18030),
)


@dataclass(frozen=True)
class Survey:
    """What a file looks like in one encoding. fault: position of the first byte that does not fit,
    None where all do; is_wide: whether a character takes three bytes or more in UTF-8."""

    fault: int | None
    is_ascii: bool
    is_wide: bool


def detect(file: BinaryIO) -> Encoding:
    """The encoding of a whole file.

    A mark at the start decides. Without one it is UTF-8, else GB18030, which Chinese Excel writes.
    Raises RefusedFile where bytes do not fit, where it is no text, and where a few characters could
    be either.
    """
    file.seek(0)
    start = file.read(4)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            _refuse_fault(file, encoding, survey(file, encoding))
            return encoding
    return _without_mark(file)


def survey(file: BinaryIO, encoding: Encoding) -> Survey:
    """Decode all of a file once. Raises RefusedFile where it holds NUL, as no text does."""
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    consumed, is_ascii, is_wide = 0, True, False
    file.seek(0)
    try:
        while block := file.read(BLOCK):
            consumed += len(block)
            text = decoder.decode(block)
            if "\0" in text:
                line = _line_of(file, encoding, consumed - len(block))
                raise _no_text(line + _line_ends(text.partition("\0")[0]))
            is_ascii = is_ascii and text.isascii()
            is_wide = is_wide or WIDE.search(text) is not None
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return Survey(consumed - len(error.object) + error.start, is_ascii, is_wide)
    return Survey(None, is_ascii, is_wide)


def _without_mark(file: BinaryIO) -> Encoding:
    as_utf8 = survey(file, UTF8)
    if as_utf8.fault is None and (as_utf8.is_ascii or as_utf8.is_wide):
        return UTF8
    as_gb18030 = survey(file, GB18030)
    if as_utf8.fault is None:
        # One word in GB18030 can be valid UTF-8 by chance (元 is then a Cyrillic letter).
        if as_gb18030.fault is None:
            raise refused(
                _("UTF-8 and GB18030 cannot be told apart here; save the table as “CSV UTF-8”.")
            )
        return UTF8
    if _is_damaged_utf8(file):
        _refuse_fault(file, UTF8, as_utf8)
    _refuse_fault(file, GB18030, as_gb18030)
    return GB18030


def _is_damaged_utf8(file: BinaryIO) -> bool:
    """Whether more Chinese characters than faults appear when it is read as UTF-8.

    Chinese in UTF-8 is mostly valid GB18030 too, so a single lost byte would otherwise turn all
    of it into other characters.
    """
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    wide = faults = 0
    file.seek(0)
    while block := file.read(BLOCK):
        text = decoder.decode(block)
        wide += len(text) - len(WIDE.sub("", text))
        faults += text.count(REPLACED)
    return wide > faults


def _refuse_fault(file: BinaryIO, encoding: Encoding, found: Survey) -> None:
    if found.fault is None:
        return
    message = _("Bytes here are not valid %(encoding)s; save the table anew as “CSV UTF-8”.")
    line = _line_of(file, encoding, found.fault)
    raise refused(message % {"encoding": encoding.shown}, line=line)


def _no_text(line: int) -> RefusedFile:
    return refused(_("This is no text file; save the table as “CSV UTF-8”."), line=line)


def _line_of(file: BinaryIO, encoding: Encoding, position: int) -> int:
    """The line in which a byte stands; 1 is the first."""
    decoder = codecs.getincrementaldecoder(encoding.codec)(errors="ignore")
    line, last = 1, ""
    file.seek(0)
    while block := file.read(min(BLOCK, position)):
        position -= len(block)
        text = decoder.decode(block)
        is_halved = last == "\r" and text.startswith("\n")
        line += _line_ends(text) - is_halved
        last = text[-1:] or last
    return line


def _line_ends(text: str) -> int:
    return len(LINE_END.findall(text))
