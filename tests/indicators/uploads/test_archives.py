"""Archives whose records lie, and those that grow where they are unpacked."""

import struct
import tempfile
import tracemalloc
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import pytest
from django.core.exceptions import ValidationError

from indicators import uploads
from indicators.uploads import check_upload
from tests.indicators.uploads.files import (
    DOCX_TYPE,
    NOISE,
    XML,
    archive,
    docx_with,
    ofd_with,
    types_of,
    why_unsafe,
)


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
