"""Files that people hand in: the six kinds are taken as they are, everything else is refused."""

import hashlib
import random
import struct
import tempfile
import tracemalloc
from io import BytesIO
from itertools import pairwise
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import openpyxl
import pytest
import xlsxwriter
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.utils import translation
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from indicators import uploads
from indicators.uploads import CheckedUpload, check_upload

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
    ("content", "name", "reason"),
    [
        pytest.param(
            docx_with(("word/vbaProject.bin", b"x")), "a.docx", "macros", id="macros-by-name"
        ),
        pytest.param(
            docx_with(("x/VBAPROJECT.BIN", b"x")), "a.docx", "macros", id="macros-in-capitals"
        ),
        pytest.param(ofd_with(("vbaProject.bin", b"x")), "a.ofd", "macros", id="macros-in-ofd"),
        pytest.param(
            docx_with(types=types_of("application/vnd.ms-word.document.macroEnabled.main+xml")),
            "a.docx",
            "macros",
            id="docm-as-docx",
        ),
        pytest.param(
            docx_with(
                types=types_of(f"{DOCX_TYPE}.main+xml", "application/vnd.ms-office.vbaProject")
            ),
            "a.docx",
            "macros",
            id="macros-by-type",
        ),
        pytest.param(
            archive(
                [
                    ("[Content_Types].xml", types_of(f"{XLSX_TYPE}.main+xml")),
                    ("xl/externalLinks/externalLink1.xml", XML),
                ]
            ),
            "a.xlsx",
            "links",
            id="links-by-name",
        ),
        pytest.param(
            archive(
                [
                    (
                        "[Content_Types].xml",
                        types_of(
                            f"{XLSX_TYPE}.main+xml",
                            XLSX_TYPE.replace("sheet", "externalLink+xml"),
                        ),
                    )
                ]
            ),
            "a.xlsx",
            "links",
            id="links-by-type",
        ),
        pytest.param(
            docx_with(("../../etc/cron.d/x", b"x")), "a.docx", "damaged", id="parent-folder"
        ),
        pytest.param(
            docx_with(("..\\..\\x.bin", b"x")), "a.docx", "damaged", id="parent-folder-backslash"
        ),
        pytest.param(docx_with(("/etc/passwd", b"x")), "a.docx", "damaged", id="absolute"),
        pytest.param(
            docx_with(("\\\\host\\x", b"x")), "a.docx", "damaged", id="absolute-backslash"
        ),
        pytest.param(docx_with(("C:/x.bin", b"x")), "a.docx", "damaged", id="drive"),
        pytest.param(docx_with(("word/a\nb", b"x")), "a.docx", "damaged", id="control-character"),
        pytest.param(
            docx_with(("WORD/document.xml", XML)), "a.docx", "damaged", id="same-name-twice"
        ),
        pytest.param(
            b"PK\x03\x04 prefix" + docx_with(), "a.docx", "damaged", id="something-before"
        ),
        pytest.param(docx_with(compression=ZIP_BZIP2), "a.docx", "damaged", id="other-compression"),
        pytest.param(docx_with()[:-30], "a.docx", "damaged", id="cut"),
        pytest.param(b"PK\x03\x04" + bytes(100), "a.docx", "damaged", id="mark-and-nothing-else"),
        pytest.param(docx_with(types="<Types"), "a.docx", "damaged", id="types-cut"),
        pytest.param(docx_with(types="no xml"), "a.docx", "damaged", id="types-no-xml"),
        pytest.param(
            docx_with(types='<?xml version="1.0" encoding="gbk"?><Types/>'),
            "a.docx",
            "damaged",
            id="types-in-another-encoding",
        ),
        pytest.param(docx_with(("word/a.xml", "")), "a.docx", "damaged", id="xml-part-empty"),
        pytest.param(
            docx_with(("word/a.xml", "no xml")), "a.docx", "damaged", id="xml-part-no-xml"
        ),
        pytest.param(
            docx_with(("word/a.xml", '<?xml version="1.0" encoding="nowhere"?><r/>')),
            "a.docx",
            "damaged",
            id="xml-part-in-an-unknown-encoding",
        ),
        pytest.param(
            docx_with(NOISE, ("word/a.xml", f"<!-- {'x' * 70_000} --><r/>")),
            "a.docx",
            "damaged",
            id="no-root",
        ),
        pytest.param(
            docx_with(*((f"media/{n}.bin", b"") for n in range(1999))),
            "a.docx",
            "bomb",
            id="entries",
        ),
        pytest.param(docx_with(("media/a.bin", bytes(500_000))), "a.docx", "bomb", id="ratio"),
    ],
)
def test_check_upload_refuses_what_harms_where_it_is_opened(content, name, reason):
    assert why_unsafe(content, name) == reason


ENTITY = '<!DOCTYPE r [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><r>&xxe;</r>'
LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))
    + "]><r>&i;</r>"
)


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(ENTITY, id="outside-entity"),
        pytest.param(LAUGHS, id="billion-laughs"),
        pytest.param(f"<!-- {' ' * 5000} -->{ENTITY}", id="behind-a-comment"),
        pytest.param(ENTITY.encode("utf-16"), id="utf-16"),
    ],
)
@pytest.mark.parametrize("name", ["[Content_Types].xml", "xl/worksheets/sheet1.xml", "a.rels"])
def test_check_upload_refuses_document_types(part, name):
    """Corpus X20; nothing that the part names is opened, since it stops at the declaration."""
    listed = ("[Content_Types].xml", types_of(f"{XLSX_TYPE}.main+xml"))
    parts = [(name, part)] if name == listed[0] else [listed, (name, part)]

    assert why_unsafe(archive(parts), "表.xlsx") == "damaged"


def test_check_upload_refuses_encrypted_entries():
    content = bytearray(ofd_with(("a.bin", b"x")))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 8] |= 1

    assert why_unsafe(bytes(content), "公文.ofd") == "damaged"


def test_check_upload_refuses_entries_of_a_later_version():
    content = bytearray(ofd_with())
    content[content.rindex(b"PK\x01\x02") + 6] = 99

    assert why_unsafe(bytes(content), "公文.ofd") == "damaged"


def test_check_upload_refuses_an_entry_that_reaches_beyond_the_file():
    """The last entry is said to be a little larger than all that follows it."""
    parts = [("word/document.xml", XML), ("[Content_Types].xml", "<Types/>")]
    content = bytearray(archive(parts, compression=ZIP_STORED))
    said = len(content) - content.rindex(b"<Types/>") + 1
    struct.pack_into("<2L", content, content.rindex(b"PK\x01\x02") + 20, said, said)

    assert why_unsafe(bytes(content), "报告.docx") == "damaged"


@pytest.mark.parametrize("offset", [2**31, 2**40, 2**62, 2**63 - 1, 2**63, 2**64 - 1])
def test_check_upload_refuses_an_entry_that_begins_beyond_the_file(offset):
    """The field for large archives holds any offset; a file on disk and one in memory each
    refuse to go there in their own way."""
    content = ofd_with(("a.xml", XML))
    directory, end = content.rindex(b"PK\x01\x02"), content.rindex(b"PK\x05\x06")
    entry = bytearray(content[directory:end] + struct.pack("<2HQ", 1, 8, offset))
    struct.pack_into("<H", entry, 30, 12)
    struct.pack_into("<L", entry, 42, 2**32 - 1)
    tail = bytearray(content[end:])
    struct.pack_into("<L", tail, 12, struct.unpack_from("<L", tail, 12)[0] + 12)
    content = content[:directory] + entry + tail
    with tempfile.TemporaryFile() as on_disk:
        on_disk.write(content)
        with pytest.raises(ValidationError) as refused:
            check_upload(on_disk, name="公文.ofd")

    assert refused.value.message == uploads.MESSAGES["damaged"]
    assert why_unsafe(content, "公文.ofd") == "damaged"


def test_check_upload_refuses_symbolic_links():
    link = ZipInfo("Doc_0/link")
    link.external_attr = 0o120777 << 16

    assert why_unsafe(ofd_with((link, "/etc/passwd")), "公文.ofd") == "damaged"


def test_check_upload_refuses_entries_that_share_bytes():
    """Two directory entries on the same compressed bytes: the ratio of the file alone lies."""
    content = ofd_with(("a.bin", bytes(range(256)) * 8))
    directory, end = content.index(b"PK\x01\x02"), content.rindex(b"PK\x05\x06")
    entry = content[content.rindex(b"PK\x01\x02") : end]
    again = [entry.replace(b"a.bin", b"%c.bin" % each) for each in b"bcdefghijklmnopqrstuvwxyz"]
    entries = content[directory:end] + b"".join(again)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 28, 28, len(entries), directory, 0)

    assert why_unsafe(content[:directory] + entries + tail, "公文.ofd") == "bomb"


def test_check_upload_reads_no_huge_directory():
    """400,000 entries would make as many objects before anybody could count them."""
    local, entry = b"PK\x03\x04" + bytes(26), b"PK\x01\x02" + bytes(42)
    directory = entry * 400_000
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, len(directory), len(local), 0)
    file = BytesIO(local + directory + tail)

    tracemalloc.start()
    with pytest.raises(ValidationError) as refused:
        check_upload(file, name="报告.docx")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert refused.value.message == uploads.MESSAGES["damaged"]
    assert peak < 2 * uploads.MEGABYTE


def test_check_upload_unpacks_no_more_of_the_types_than_it_may():
    """The directory says 200 bytes, the stream holds 30 MB."""
    content = bytearray(docx_with(types=b" " * (30 * uploads.MEGABYTE)))
    directory = content.index(b"PK\x01\x02")
    struct.pack_into("<L", content, directory + 24, 200)

    tracemalloc.start()
    reason = why_unsafe(bytes(content), "报告.docx")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert reason == "damaged"
    assert peak < 3 * uploads.MEGABYTE


def test_check_upload_refuses_a_long_list_of_types():
    listed = types_of(f"{DOCX_TYPE}.main+xml") + " " * uploads.MEGABYTE

    assert why_unsafe(docx_with(NOISE, types=listed), "报告.docx") == "damaged"


def test_check_upload_limits_the_unpacked_size(monkeypatch):
    content = docx_with(("media/a.bin", bytes(50_000)), compression=ZIP_STORED)
    with ZipFile(BytesIO(content)) as made:
        unpacked = sum(entry.file_size for entry in made.infolist())

    monkeypatch.setattr(uploads, "MAX_UNPACKED_BYTES", unpacked)
    assert check_upload(BytesIO(content), name="a.docx").size == len(content)

    monkeypatch.setattr(uploads, "MAX_UNPACKED_BYTES", unpacked - 1)
    assert why_unsafe(content, "a.docx") == "bomb"


class EndlessFile:
    """A PDF of a size, made as it is read; notes the largest piece that anybody asked for."""

    def __init__(self, size):
        self.size, self.position, self.read_bytes, self.largest_piece = size, 0, 0, 0

    def read(self, size=-1):
        self.largest_piece = max(self.largest_piece, self.size if size < 0 else size)
        piece = (PDF if self.position == 0 else b"").ljust(size, b"x")
        piece = piece[: self.size - self.position]
        self.position += len(piece)
        self.read_bytes += len(piece)
        return piece

    def seek(self, offset, whence=0):
        assert whence == 0
        self.position = offset
        return offset

    def tell(self):
        return self.position


def test_check_upload_takes_20_megabytes_in_small_pieces():
    file = EndlessFile(20 * 1024 * 1024)

    checked = check_upload(file, name="扫描件.pdf")

    assert checked.size == 20 * 1024 * 1024
    assert file.largest_piece == 64 * 1024
    assert file.position == 0


def test_check_upload_refuses_one_byte_more_and_stops_reading():
    file = EndlessFile(20 * 1024 * 1024 + 1)
    endless = EndlessFile(10**12)

    for each in (file, endless):
        with pytest.raises(ValidationError) as refused:
            check_upload(each, name="扫描件.pdf")
        assert refused.value.code == "too_large"
        assert each.position == 0
    assert endless.read_bytes <= 20 * 1024 * 1024 + 64 * 1024


def test_check_upload_starts_at_the_beginning_wherever_the_file_stands():
    file = BytesIO(PDF)
    file.seek(10)

    assert check_upload(file, name="证明.pdf").size == len(PDF)


@pytest.mark.parametrize("name", ["证明.txt", "证明.pdf", "报告.docx", "\x00.pdf"])
def test_check_upload_resets_a_refused_file(name):
    file = BytesIO(docx_with(("word/vbaProject.bin", b"x")))
    file.seek(10)

    with pytest.raises(ValidationError):
        check_upload(file, name=name)

    assert file.tell() == 0


def test_check_upload_takes_what_django_hands_over(tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    content = docx_with()
    small = SimpleUploadedFile("报告.docx", content)
    with TemporaryUploadedFile("报告.docx", "text/plain", len(content), None) as large:
        large.write(content)

        found = [check_upload(each, name=each.name) for each in (small, large)]

    digest = hashlib.sha256(content).hexdigest()
    assert found == [CheckedUpload("报告.docx", DOCX_TYPE, len(content), digest)] * 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("C:\\fakepath\\证明.pdf", "证明.pdf", id="windows-path"),
        pytest.param("../../../etc/证明.pdf", "证明.pdf", id="path"),
        pytest.param("a/b\\证明.pdf", "证明.pdf", id="mixed-path"),
        pytest.param(" 证明 1.pdf\u3000", "证明 1.pdf", id="spaces"),
        pytest.param("\ufeff证明.pdf\u200b", "证明.pdf", id="invisible-at-the-ends"),
        pytest.param("re\u0301sume\u0301.pdf", "r\u00e9sum\u00e9.pdf", id="nfc"),
        pytest.param("２０１９年（１）.pdf", "２０１９年（１）.pdf", id="full-width-stays"),
        pytest.param("=cmd|'/C calc'!A0.pdf", "C calc'!A0.pdf", id="formula"),
        pytest.param("<img src=x>.pdf", "<img src=x>.pdf", id="markup-is-escaped-where-shown"),
        pytest.param("证" * 146 + ".pdf", "证" * 146 + ".pdf", id="150-characters"),
    ],
)
def test_check_upload_cleans_the_name(name, shown):
    assert check_upload(BytesIO(PDF), name=name).name == shown


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="empty"),
        pytest.param("   ", id="spaces"),
        pytest.param("folder/", id="folder"),
        pytest.param("..", id="parent"),
        pytest.param("证\x00明.pdf", id="nul"),
        pytest.param("证\r\n明.pdf", id="line-end"),
        pytest.param("证\x85明.pdf", id="c1-control"),
        pytest.param("证\ud800明.pdf", id="lone-surrogate"),
        pytest.param("证明\u202efdp.exe.pdf", id="turned-round"),
        pytest.param("证明\u2066.pdf", id="isolate"),
        pytest.param("证\u200b明.pdf", id="zero-width"),
        pytest.param("证" * 147 + ".pdf", id="151-characters"),
    ],
)
def test_check_upload_refuses_names(name):
    assert refusal_of(PDF, name) == "name"


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


NAMES = st.one_of(
    st.sampled_from(["a.pdf", "a.jpg", "a.png", "a.docx", "a.xlsx", "a.ofd"]), st.text()
)
STARTS = st.sampled_from([b"", PDF, JPEG, PNG, OLD_OFFICE, b"PK\x03\x04", b"PK\x05\x06"])


def outcome_of(file, name):
    """Taken, or the code of the refusal; any other exception fails the test."""
    try:
        check_upload(file, name=name)
    except ValidationError as refused:
        return refused.code
    return "taken"


@given(STARTS, st.binary(max_size=300), NAMES)
def test_check_upload_says_something_about_any_bytes(start, rest, name):
    file = BytesIO(start + rest)

    code = outcome_of(file, name)

    assert code in {"taken", "name", "type", "empty", "mismatch", "unsafe"}
    assert file.tell() == 0


SAMPLES = [
    (docx_with(("word/_rels/document.xml.rels", XML)), "a.docx"),
    (docx_with(compression=ZIP_STORED), "a.docx"),
    (openpyxl_workbook(), "a.xlsx"),
    (ofd_with(), "a.ofd"),
]


@st.composite
def mangled(draw):
    """An archive with bytes changed, most of them where its records stand, and perhaps cut."""
    content, name = draw(st.sampled_from(SAMPLES))
    content = bytearray(content)
    records = [
        start + offset
        for mark in (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06")
        for start in [content.find(mark), content.rfind(mark)]
        for offset in range(46)
        if start + offset < len(content)
    ]
    places = st.one_of(st.sampled_from(records), st.integers(0, len(content) - 1))
    for place, byte in draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=6)):
        content[place] = byte
    cut = draw(st.one_of(st.just(len(content)), st.integers(0, len(content))))
    return bytes(content[:cut]), name


@hypothesis_settings(max_examples=400)
@given(mangled())
def test_check_upload_says_something_about_any_mangled_archive(case):
    content, name = case
    with tempfile.TemporaryFile() as on_disk:
        on_disk.write(content)

        codes = [outcome_of(BytesIO(content), name), outcome_of(on_disk, name)]

    assert codes[0] == codes[1]
    assert codes[0] in {"taken", "empty", "type", "mismatch", "unsafe"}
