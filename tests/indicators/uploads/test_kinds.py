"""The six kinds are taken as they are; what is not what it says is refused, with what to do."""

import hashlib
from io import BytesIO
from zipfile import ZIP_STORED

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from indicators import uploads
from indicators.uploads import CheckedUpload, check_upload
from tests.indicators.uploads.files import (
    DOCX_TYPE,
    JPEG,
    OLD_OFFICE,
    PDF,
    PNG,
    XLSX_TYPE,
    XML,
    archive,
    docx_with,
    ofd_with,
    openpyxl_workbook,
    refusal_of,
    types_of,
    xlsxwriter_workbook,
)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        pytest.param(PDF, "证明.pdf", "application/pdf", id="pdf"),
        pytest.param(PDF + b"\x00garbage" * 50, "证明.PDF", "application/pdf", id="pdf-garbage"),
        pytest.param(b"\x00" * 1019 + PDF, "证明.pdf", "application/pdf", id="pdf-mark-at-1019"),
        pytest.param(JPEG, "照片.jpg", "image/jpeg", id="jpg"),
        pytest.param(JPEG, "照片.v2.JPEG", "image/jpeg", id="jpeg"),
        pytest.param(PNG, "截图.png", "image/png", id="png"),
        pytest.param(docx_with(), "报告.docx", DOCX_TYPE, id="docx"),
        pytest.param(docx_with(compression=ZIP_STORED), "报告.docx", DOCX_TYPE, id="docx-stored"),
        pytest.param(docx_with(("word/", "")), "报告.docx", DOCX_TYPE, id="docx-with-a-folder"),
        pytest.param(
            docx_with(*((f"media/{n}.bin", b"") for n in range(1998))),
            "报告.docx",
            DOCX_TYPE,
            id="docx-of-2000-entries",
        ),
        pytest.param(openpyxl_workbook(), "表.xlsx", XLSX_TYPE, id="xlsx-of-openpyxl"),
        pytest.param(xlsxwriter_workbook(rows=1), "表.xlsx", XLSX_TYPE, id="xlsx-of-xlsxwriter"),
        pytest.param(xlsxwriter_workbook(rows=5000), "表.xlsx", XLSX_TYPE, id="xlsx-repetitive"),
        pytest.param(ofd_with(), "公文.ofd", "application/ofd", id="ofd"),
    ],
)
def test_check_upload_takes_the_six_kinds(content, name, media_type):
    file = BytesIO(content)

    checked = check_upload(file, name=name)

    assert checked == CheckedUpload(
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        pytest.param(PDF, "证明.txt", "type", id="another-ending"),
        pytest.param(PDF, "证明", "type", id="no-ending"),
        pytest.param(PDF, ".pdf", "type", id="nothing-but-an-ending"),
        pytest.param(PDF, "证明.pdf.exe", "type", id="two-endings"),
        pytest.param(b"x," * 70_000, "说明.csv", "type", id="csv"),
        pytest.param(docx_with(), "报告.docm", "type", id="docm"),
        pytest.param(OLD_OFFICE, "报告.doc", "type", id="old-doc"),
        pytest.param(OLD_OFFICE, "表.xls", "type", id="old-xls"),
        pytest.param(OLD_OFFICE, "报告.docx", "type", id="docx-with-a-password"),
        pytest.param(OLD_OFFICE, "表.xlsx", "type", id="xlsx-with-a-password"),
        pytest.param(b"", "证明.pdf", "empty", id="empty-pdf"),
        pytest.param(b"", "报告.docx", "empty", id="empty-docx"),
        pytest.param(OLD_OFFICE, "证明.pdf", "mismatch", id="old-office-as-pdf"),
        pytest.param(PNG, "证明.pdf", "mismatch", id="png-as-pdf"),
        pytest.param(PDF, "照片.jpg", "mismatch", id="pdf-as-jpg"),
        pytest.param(JPEG, "截图.png", "mismatch", id="jpg-as-png"),
        pytest.param(JPEG + PDF, "证明.pdf", "mismatch", id="jpg-and-pdf-in-one"),
        pytest.param(docx_with() + PDF, "证明.pdf", "mismatch", id="archive-as-pdf"),
        pytest.param(
            docx_with(("vbaProject.bin", b"x")), "证明.pdf", "mismatch", id="macros-as-pdf"
        ),
        pytest.param(PDF, "报告.docx", "mismatch", id="pdf-as-docx"),
        pytest.param(b"MZ\x90\x00" * 50, "证明.pdf", "mismatch", id="program-as-pdf"),
        pytest.param(b"<html></html>", "证明.pdf", "mismatch", id="html-as-pdf"),
        pytest.param(b"\x00" * 1020 + PDF, "证明.pdf", "mismatch", id="pdf-mark-too-late"),
        pytest.param(docx_with(), "表.xlsx", "mismatch", id="docx-as-xlsx"),
        pytest.param(openpyxl_workbook(), "报告.docx", "mismatch", id="xlsx-as-docx"),
        pytest.param(docx_with(), "公文.ofd", "mismatch", id="docx-as-ofd"),
        pytest.param(ofd_with(), "报告.docx", "mismatch", id="ofd-as-docx"),
        pytest.param(
            docx_with(("OFD.xml", XML)), "公文.ofd", "mismatch", id="docx-and-ofd-in-one-as-ofd"
        ),
        pytest.param(
            archive([("word/document.xml", XML)]), "报告.docx", "mismatch", id="no-list-of-types"
        ),
        pytest.param(archive([("a.txt", "a")]), "公文.ofd", "mismatch", id="any-zip-as-ofd"),
        pytest.param(
            b"PK\x03\x04" + archive([]), "公文.ofd", "mismatch", id="archive-that-lists-nothing"
        ),
        pytest.param(
            docx_with(types=types_of("application/xml")), "报告.docx", "mismatch", id="no-main-part"
        ),
        pytest.param(
            docx_with(types=types_of(f"{DOCX_TYPE}.main+xml", f"{XLSX_TYPE}.main+xml")),
            "报告.docx",
            "mismatch",
            id="two-main-parts",
        ),
    ],
)
def test_check_upload_refuses_what_is_not_what_it_says(content, name, code):
    assert refusal_of(content, name) == code


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        pytest.param(
            OLD_OFFICE,
            "表.xls",
            "“表.xls” is an old Office file or has a password: save it as DOCX or XLSX without a "
            "password, or as PDF.",
            id="old",
        ),
        pytest.param(
            PDF,
            "a.exe",
            "“a.exe” is of another kind: only PDF, JPEG, PNG, DOCX, XLSX and OFD files are taken.",
            id="kind",
        ),
        pytest.param(
            PDF + bytes(uploads.LARGEST_BYTES),
            "a.pdf",
            "“a.pdf” is larger than 20 MB.",
            id="too-large",
        ),
        pytest.param(PDF, "a\x00.pdf", "“File name” contains control characters.", id="name"),
    ],
)
def test_check_upload_says_what_to_do(content, name, message):
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        check_upload(BytesIO(content), name=name)

    with translation.override("en"):
        assert refused.value.messages == [message]
