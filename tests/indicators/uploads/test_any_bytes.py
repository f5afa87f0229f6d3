"""Any bytes and any mangled archive: something is said of each."""

import tempfile
from io import BytesIO
from zipfile import ZIP_STORED

from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from indicators.uploads import check_upload
from tests.indicators.uploads.files import (
    JPEG,
    OLD_OFFICE,
    PDF,
    PNG,
    XML,
    docx_with,
    ofd_with,
    openpyxl_workbook,
)

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
