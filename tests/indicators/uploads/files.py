"""Files of the six kinds as people hand them in, made byte by byte, and what comes of them."""

import random
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import xlsxwriter
from django.core.exceptions import ValidationError

from indicators import uploads
from indicators.uploads import check_upload

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
# What does not compress, so that no ratio is in the way.
NOISE = ("media/noise.bin", random.Random(1).randbytes(100_000))
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
)
XML = '<?xml version="1.0" encoding="UTF-8"?><root>text</root>'


def types_of(*content_types):
    overrides = [
        f'<Override PartName="/part{n}.xml" ContentType="{each}"/>'
        for n, each in enumerate(content_types)
    ]
    return TYPES.format(overrides="".join(overrides))


def archive(parts, *, compression=ZIP_DEFLATED):
    """Parts are pairs, so that a name can stand twice."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", compression) as made:
        for name, content in parts:
            made.writestr(name, content)
    return buffer.getvalue()


def docx_with(*parts, types=None, **options):
    listed = types or types_of(f"{DOCX_TYPE}.main+xml")
    return archive([("[Content_Types].xml", listed), ("word/document.xml", XML), *parts], **options)


def ofd_with(*parts):
    return archive([("OFD.xml", XML), ("Doc_0/Document.xml", XML), *parts])


def openpyxl_workbook():
    buffer, book = BytesIO(), openpyxl.Workbook()
    book.active.append(["年份", 98.5])
    book.save(buffer)
    return buffer.getvalue()


def xlsxwriter_workbook(*, rows):
    """A workbook as large lists are written: the same words in every row."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for row in range(rows):
            sheet.write_row(row, 0, ["主要农产品质量安全抽检合格率", 2019, 98.5, "海南省"])
    return buffer.getvalue()


def refusal_of(content, name):
    with pytest.raises(ValidationError) as refused:
        check_upload(BytesIO(content), name=name)
    assert len(refused.value.messages) == 1
    return refused.value.code


def why_unsafe(content, name):
    """Which of the messages an unsafe file gets: damaged, bomb, macros or links."""
    with pytest.raises(ValidationError) as refused:
        check_upload(BytesIO(content), name=name)
    assert refused.value.code == "unsafe"
    return next(key for key, text in uploads.MESSAGES.items() if refused.value.message == text)
