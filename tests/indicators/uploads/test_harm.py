"""What harms where it is opened: macros, links, names that lead elsewhere, entities."""

from itertools import pairwise
from zipfile import ZIP_BZIP2

import pytest

from tests.indicators.uploads.files import (
    DOCX_TYPE,
    NOISE,
    XLSX_TYPE,
    XML,
    archive,
    docx_with,
    ofd_with,
    types_of,
    why_unsafe,
)


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
