"""What an imported file must be before it is stored, and how it is opened to be read."""

import hashlib
import re
from collections.abc import Iterator
from functools import partial
from pathlib import PurePath
from typing import IO, BinaryIO
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from indicators.import_columns import CODE_LENGTHS, CODES, HEADINGS, IGNORED, REQUIRED, SHEET
from indicators.uploads import LONGEST_NAME, MEGABYTE, CheckedUpload, check_upload
from targets_site.sheets import Table, read_table
from targets_site.typed_text import TextKind, clean_text
from targets_site.virus_scan import refuse_infected

LARGEST_MEGABYTES = 50
LARGEST_BYTES = LARGEST_MEGABYTES * MEGABYTE
MOST_LINES = 200_000
CSV_TYPES = {".csv": "text/csv", ".tsv": "text/tab-separated-values", ".txt": "text/plain"}
# Of other endings `check_upload` says that they are of another kind, and what that is.
WORKBOOKS = frozenset({".xlsx", ".xls", ".et"})
ROW = re.compile(rb"<row[ >]")
# A workbook counts as one so long; what is more is not counted, but refused when it is read.
MOST_COUNTED_BYTES = 400 * MEGABYTE


def check_file(upload: IO[bytes], *, name: str) -> CheckedUpload:
    """Measure and check one file as it arrived; name: as the browser sent it.

    A workbook is checked as evidence is; CSV is text, whose content is judged when it is read, but
    scanned for viruses like all files.
    The file stands at its beginning afterwards. Raises ValidationError with the codes of
    `check_upload`.
    """
    ending = _ending(name)
    if ending in WORKBOOKS:
        return check_upload(upload, name=name)
    if ending not in CSV_TYPES:
        message = _("Only CSV files (.csv) and Excel workbooks (.xlsx) are read.")
        raise ValidationError(message, code="type")
    last = re.split(r"[/\\]", name)[-1]
    shown = clean_text(last, kind=TextKind.NAME, longest=LONGEST_NAME, label=_("File name")).value
    size, digest = _measured(upload)
    if not size:
        raise ValidationError(_("“%(name)s” is empty."), code="empty", params={"name": shown})
    if size > LARGEST_BYTES:
        params = {"name": shown, "limit": LARGEST_MEGABYTES}
        message = _("“%(name)s” is larger than %(limit)s MB.")
        raise ValidationError(message, code="too_large", params=params)
    refuse_infected(upload, name=shown)
    return CheckedUpload(shown, CSV_TYPES[ending], size, digest)


def _ending(name: str) -> str:
    return PurePath(name.strip()).suffix.lower()


def _measured(upload: IO[bytes]) -> tuple[int, str]:
    """Bytes and SHA-256; reads no further than what would be too large."""
    size, digest = 0, hashlib.sha256()
    upload.seek(0)
    while size <= LARGEST_BYTES and (part := upload.read(MEGABYTE)):
        digest.update(part)
        size += len(part)
    upload.seek(0)
    return size, digest.hexdigest()


def open_table(file: BinaryIO, *, name: str) -> Table:
    """The file by its headings, whose lines are still to be read. Raises RefusedFile."""
    return read_table(
        file,
        name=name,
        columns=HEADINGS,
        required=REQUIRED,
        ignored=IGNORED,
        text_columns=CODES,
        code_lengths=CODE_LENGTHS,
        units=("value",),
        sheet=SHEET,
        max_rows=MOST_LINES,
        max_bytes=LARGEST_BYTES,
    )


def count_lines(file: BinaryIO, *, name: str) -> int | None:
    """About how many lines stand below the headings, for a progress bar; None where only reading
    can tell."""
    try:
        if _ending(name) in CSV_TYPES:
            rows = sum(part.count(b"\n") for part in _parts(file))
        else:
            rows = _count_rows(file)
    except (BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return None
    finally:
        file.seek(0)
    return max(0, rows - 1) or None


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    return iter(partial(file.read, MEGABYTE), b"")


def _count_rows(file: BinaryIO) -> int:
    """Rows of all sheets of a workbook: those that explain it are short."""
    rows = left = 0
    with ZipFile(file) as archive:
        left = MOST_COUNTED_BYTES
        for entry in archive.infolist():
            if not entry.filename.startswith("xl/worksheets/sheet"):
                continue
            with archive.open(entry) as sheet:
                for part in _parts(sheet):
                    rows += len(ROW.findall(part))
                    left -= len(part)
                    if left < 0:
                        return rows
    return rows
