"""How a file is read: from its beginning, in small pieces, and no further than it may be long."""

import hashlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from indicators.uploads import CheckedUpload, check_upload
from tests.indicators.uploads.files import DOCX_TYPE, PDF, docx_with


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
