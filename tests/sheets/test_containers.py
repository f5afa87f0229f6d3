"""Workbooks that attack the reader or bring along more than a table."""

import struct
import time
import tracemalloc
import zipfile
from io import BytesIO

import pytest

from targets_site.sheets import RefusedFile
from tests.sheets.files import (
    HEADINGS,
    MAIN,
    PACKAGE,
    RELATIONS,
    TEXTS,
    XML,
    changed,
    csv_text,
    parts_of,
    raw_parts,
    raw_workbook,
    read,
    with_part,
    workbook,
    zipped,
)

BOOK, BOOK_LINKS, SHEET = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
)
GOOD = workbook(HEADINGS, TEXTS)
DAMAGED = "The file is damaged"
MACROS = "The workbook holds macros"
LINKS = "The workbook is linked to other files"
BOMB = "The file unpacks to an unusual size"
UNUSUAL = "The workbook holds XML that Excel never writes"
PROTECTED = "The file is protected by a password"


def refusal_of(content, name="t.xlsx", **options):
    with pytest.raises(RefusedFile) as refused:
        read(content, name, **options)
    [problem] = refused.value.problems
    assert (problem.line, problem.column) == (None, "")
    return problem.message


def link(kind, target, mode=""):
    return (
        f'<Relationship Id="rId99" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/>'
        "</Relationships>"
    ).encode()


@pytest.mark.parametrize("part", sorted(name for name in parts_of(GOOD) if name != "docProps/x"))
def test_document_types_are_refused_in_every_part(part):
    text = parts_of(GOOD)[part]
    root = text.index(b"<", text.index(b"?>"))
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'

    assert refusal_of(with_part(GOOD, part, text[:root] + entity + text[root:])).startswith(UNUSUAL)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-be", "utf-32", "cp037"])
def test_other_encodings_of_xml_are_refused(codec):
    """A document type in them would escape a search for its bytes."""
    text = parts_of(GOOD)[SHEET].decode().partition("?>")[2]
    declaration = f'<?xml version="1.0" encoding="{codec}"?>'
    part = declaration.encode("ascii" if codec == "cp037" else codec) + text.encode(codec)

    assert refusal_of(with_part(GOOD, SHEET, part)).startswith((UNUSUAL, DAMAGED))


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-be", "utf-16-le"])
def test_undeclared_encodings_of_xml_are_refused(codec):
    mark = "" if codec == "utf-16" else "\ufeff"
    part = (mark + parts_of(GOOD)[SHEET].decode().partition("?>")[2].lstrip()).encode(codec)

    assert refusal_of(with_part(GOOD, SHEET, part)).startswith(UNUSUAL)


@pytest.mark.parametrize("encoding", ['encoding="iso-8859-1"', "encoding='gb18030'"])
def test_other_declared_encodings_of_xml_are_refused(encoding):
    content = changed(GOOD, SHEET, b'encoding="UTF-8"', encoding.encode())

    assert refusal_of(content).startswith(UNUSUAL)


@pytest.mark.parametrize("part", [BOOK, BOOK_LINKS, "xl/styles.xml", "xl/sharedStrings.xml", SHEET])
def test_endless_nesting_is_refused(part):
    deep = XML.encode() + f'<x xmlns="{MAIN}">'.encode() + b"<si>" * 900_000

    started = time.process_time()
    assert refusal_of(with_part(GOOD, part, deep)).startswith(UNUSUAL)

    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "tags", ["<row>" * 200, "<c><v>" + "<f>" * 200, "<row><c><is>" + "<t>" * 200]
)
def test_nesting_in_a_sheet_is_refused(tags):
    with pytest.raises(RefusedFile):
        read(
            raw_workbook('<row r="1"><c t="inlineStr"><is><t>年份</t></is></c></row>' + tags),
            "t.xlsx",
        )


def test_what_unpacks_a_hundredfold_is_refused():
    content = with_part(GOOD, "xl/media/image1.png", bytes(5_000_000))

    assert refusal_of(content).startswith(BOMB)


def test_sheets_of_equal_numbers_are_no_bomb():
    rows = workbook(HEADINGS, *[[*TEXTS[:5], 1, "1"]] * 20_000)
    [part] = [each for each in zipfile.ZipFile(BytesIO(rows)).infolist() if each.filename == SHEET]

    assert part.file_size > 4_000_000
    assert len(read(rows, "t.xlsx")) == 20_000


def test_what_unpacks_to_hundreds_of_megabytes_is_refused():
    """The sizes of the directory are believed before anything is unpacked."""
    parts = {f"xl/media/{number}.bin": bytes(range(256)) * 40 for number in range(5)}
    content = bytearray(zipped({**parts_of(GOOD), **parts}, zipfile.ZIP_STORED))
    for number in range(5):
        entry = content.rindex(f"xl/media/{number}.bin".encode()) - 46
        assert content[entry : entry + 4] == b"PK\x01\x02"
        struct.pack_into("<II", content, entry + 20, 1_000_000, 90_000_000)

    assert refusal_of(bytes(content)).startswith(BOMB)


def test_sizes_that_the_directory_hides_are_damage():
    """A part cannot be longer than its directory says."""
    content = bytearray(GOOD)
    entry = content.rindex(SHEET.encode()) - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    struct.pack_into("<I", content, entry + 24, 300)

    assert refusal_of(bytes(content)).startswith(DAMAGED)


def test_thousands_of_parts_are_refused_before_their_directory_is_read():
    content = zipped({**parts_of(GOOD), **{f"x{number}": b"" for number in range(10_000)}})

    tracemalloc.start()
    message = refusal_of(content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert message.startswith(BOMB)
    assert peak < 6_000_000


@pytest.mark.parametrize("part", [BOOK, "xl/styles.xml", "_rels/.rels"])
def test_large_small_parts_are_refused(part):
    text = parts_of(GOOD)[part]
    noise = "".join(f"<a{number}/>" for number in range(1_700_000)).encode()
    end = text.rindex(b"</")
    content = zipped({**parts_of(GOOD), part: text[:end] + noise + text[end:]}, zipfile.ZIP_STORED)

    assert len(noise) > 16_000_000
    assert refusal_of(content).startswith(BOMB)


@pytest.mark.parametrize(
    ("part", "old", "many"),
    [
        pytest.param("xl/styles.xml", "</cellXfs>", "<xf/>" * 500_000, id="formats"),
        pytest.param(
            "xl/styles.xml",
            "<fonts ",
            "<numFmts>"
            + "".join(f'<numFmt numFmtId="{i}" formatCode="0"/>' for i in range(70_000))
            + "</numFmts><fonts ",
            id="number-formats",
        ),
        pytest.param(BOOK, "</sheets>", '<sheet name="a" r:id="rId1"/>' * 50_000, id="sheets"),
        pytest.param(BOOK_LINKS, "</Relationships>", "<Relationship/>" * 200_000, id="links"),
        pytest.param(SHEET, "</worksheet>", '<mergeCell ref="Z9:Z9"/>' * 150_000, id="merges"),
        pytest.param(SHEET, "</sheetData>", "<row><c/></row>" * 100_000, id="blank-rows"),
        pytest.param(
            SHEET,
            "</worksheet>",
            '<row r="1900"/>' + '<mergeCell ref="Z9:Z9"/>' * 400_000,
            id="merges-below",
        ),
    ],
)
def test_floods_are_refused_before_they_fill_the_memory(part, old, many):
    new = many if old.startswith("<fonts") else many + old
    content = changed(GOOD, part, old.encode(), new.encode())

    tracemalloc.start()
    try:
        read(content, "t.xlsx")
    except RefusedFile as refused:
        message = str(refused)
    else:
        message = ""
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert message.startswith((DAMAGED, BOMB)) == ("<c/>" not in many)
    assert peak < 40_000_000


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(f'<c t="inlineStr"><is><t>{"x" * 100_000}</t></is></c>' * 50, id="many"),
        pytest.param(f'<c t="inlineStr"><is><t>{"x" * 200_000}</t></is></c>', id="long-text"),
        pytest.param(f'<c t="str"><v>{"x" * 200_000}</v></c>', id="long-value"),
    ],
)
def test_endless_texts_are_refused(cells):
    content = zipped(raw_parts(f'<row r="1">{cells}</row>'), zipfile.ZIP_STORED)

    assert refusal_of(content).startswith(DAMAGED)


MOST_SECONDS = 1.0
NOISE = bytes(range(0x61, 0x7B)) * 500_000


def refused_quickly(content, **options):
    started = time.process_time()
    message = refusal_of(content, **options)

    assert time.process_time() - started < MOST_SECONDS
    return message


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(b"<!--" + NOISE + b"-->", id="comment"),
        pytest.param(b"<?x " + NOISE + b"?>", id="instruction"),
        pytest.param(b"<x a='" + NOISE + b"'/>", id="attribute"),
        pytest.param(b"<x" + b" " * len(NOISE) + b"/>", id="spaces"),
        pytest.param(b"<!--" + NOISE, id="endless"),
    ],
)
@pytest.mark.parametrize(
    ("part", "before"),
    [
        pytest.param(SHEET, b"<sheetData>", id="sheet"),
        pytest.param(SHEET, b"</row>", id="row"),
        pytest.param("xl/sharedStrings.xml", b"</sst>", id="texts"),
        pytest.param("xl/styles.xml", b"<cellXfs", id="formats"),
        pytest.param("xl/theme/theme1.xml", b"<a:theme", id="before-the-root"),
    ],
)
def test_endless_tokens_are_refused_at_once(part, before, token):
    """Expat begins anew with each block that does not end a token."""
    parts = parts_of(GOOD)
    at = parts[part].index(before)
    parts[part] = parts[part][:at] + token + parts[part][at:]

    assert refused_quickly(zipped(parts, zipfile.ZIP_STORED)).startswith(UNUSUAL)


# More than the block in which the table ends, so that what follows is not parsed any more.
BELOW = '<row r="1"><c t="str"><v>a</v></c></row>' + "".join(
    f'<row r="{number}"/>' for number in range(1900, 9000)
)
ONE_COLUMN = {"columns": {"a": ("a",)}, "required": ("a",), "text_columns": ()}


@pytest.mark.parametrize("start", ["<!--", "<x a='"])
def test_endless_tokens_below_the_table_are_refused_at_once(start):
    content = zipped(raw_parts(BELOW, sheet_end=start + NOISE.decode()), zipfile.ZIP_STORED)

    assert refused_quickly(content, **ONE_COLUMN).startswith(UNUSUAL)


@pytest.mark.parametrize(
    "end",
    [
        pytest.param("<mergeCell ref='" * 50_000, id="tags"),
        pytest.param("<mergeCell " + "ref='" * 150_000, id="ranges"),
        pytest.param("<mergeCell ref='" + "x" * 800_000, id="range"),
        pytest.param("<mergeCell ref" + " " * 800_000, id="spaces"),
        pytest.param("<" + "a" * 800_000, id="name"),
    ],
)
def test_what_stands_below_the_table_is_searched_quickly(end):
    content = raw_workbook(BELOW, sheet_end=end)

    started = time.process_time()
    assert read(content, "t.xlsx", **ONE_COLUMN) == []

    assert time.process_time() - started < MOST_SECONDS


@pytest.mark.parametrize("size", [100_000, 500_000])
def test_long_attributes_and_comments_are_read(size):
    """Excel writes formats for thousands of ranges, and other programs long comments."""
    ranges = " ".join(f"A{number}" for number in range(2, size // 7))
    long = f'<!--{"x" * size}--><conditionalFormatting sqref="{ranges}"/></worksheet>'

    assert len(read(changed(GOOD, SHEET, b"</worksheet>", long.encode()), "t.xlsx")) == 1


def test_the_longest_text_of_a_cell_is_read_however_it_is_escaped():
    longest = 32_767
    content = raw_workbook(
        '<row r="1"><c t="inlineStr"><is><t>a</t></is></c></row>'
        f'<row r="2"><c t="inlineStr"><is><t>{"&#x4EBA;" * longest}</t></is></c></row>'
    )

    [line] = read(content, "t.xlsx", **ONE_COLUMN)

    assert line.cells["a"] == "人" * longest


def test_doubled_parts_are_damage():
    content = BytesIO(GOOD)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(content, "a") as book:
        book.writestr(SHEET, parts_of(GOOD)[SHEET])

    assert refusal_of(content.getvalue()).startswith(DAMAGED)
    assert refusal_of(with_part(GOOD, SHEET.upper(), b"<x/>")).startswith(DAMAGED)


def test_encrypted_parts_are_refused():
    content = bytearray(GOOD)
    entry = content.rindex(SHEET.encode()) - 46
    content[entry + 8] |= 1

    assert refusal_of(bytes(content)).startswith(PROTECTED)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compression_is_damage(method):
    assert refusal_of(zipped(parts_of(GOOD), method)).startswith(DAMAGED)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(with_part(GOOD, "xl/vbaProject.bin", b"x"), id="project"),
        pytest.param(with_part(GOOD, "xl/VBAPROJECT.BIN", b"x"), id="project-in-capitals"),
        pytest.param(with_part(GOOD, "xl/macrosheets/sheet1.xml", b"<x/>"), id="sheet"),
        pytest.param(
            changed(GOOD, BOOK_LINKS, b"</Relationships>", link("vbaProject", "code.bin")),
            id="link-to-project",
        ),
        pytest.param(
            changed(
                GOOD,
                "[Content_Types].xml",
                b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            ),
            id="content-type",
        ),
    ],
)
def test_macros_are_refused(content):
    assert refusal_of(content).startswith(MACROS)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(with_part(GOOD, "xl/externalLinks/externalLink1.xml", b"<x/>"), id="part"),
        pytest.param(
            changed(GOOD, BOOK_LINKS, b"</Relationships>", link("externalLink", "other.xml")),
            id="relationship",
        ),
        pytest.param(
            with_part(
                GOOD,
                "xl/drawings/_rels/drawing1.xml.rels",
                f'<Relationships xmlns="{PACKAGE}/relationships">'.encode()
                + link("image", "http://203.0.113.1/a.png", ' TargetMode="External"'),
            ),
            id="picture",
        ),
    ],
)
def test_external_links_are_refused(content):
    assert refusal_of(content).startswith(LINKS)


def test_hyperlinks_in_cells_are_no_external_links():
    """Excel makes one of every address that is typed."""
    links = f'<Relationships xmlns="{PACKAGE}/relationships">'.encode()
    links += link("hyperlink", "https://example.org/", ' TargetMode="External"')

    assert len(read(with_part(GOOD, "xl/worksheets/_rels/sheet1.xml.rels", links), "t.xlsx")) == 1


def test_the_strict_variety_is_refused_with_advice():
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    content = changed(GOOD, BOOK, MAIN.encode(), strict)

    assert "Strict Open XML" in refusal_of(content)


@pytest.mark.parametrize("value", ["1", "true"])
def test_dates_from_1904_are_refused(value):
    content = changed(GOOD, BOOK, b"<workbookPr", f'<workbookPr date1904="{value}"'.encode())

    assert "dates from 1904" in refusal_of(content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(csv_text(TEXTS).encode(), DAMAGED, id="csv"),
        pytest.param(b"<html><table></table></html>", DAMAGED, id="web-page"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "old type (.xls)", id="xls"
        ),
        pytest.param(b"PK\x03\x04", DAMAGED, id="start-only"),
        pytest.param(b"PK\x05\x06" + bytes(18), DAMAGED, id="empty-zip"),
        pytest.param(zipped({"a.txt": b"a"}), DAMAGED, id="other-zip"),
        pytest.param(GOOD[: len(GOOD) * 2 // 3], DAMAGED, id="cut"),
        pytest.param(b"MZ" + GOOD, DAMAGED, id="program-before"),
    ],
)
def test_other_content_is_refused(content, says):
    assert says in refusal_of(content)


@pytest.mark.parametrize("part", ["[Content_Types].xml", BOOK, SHEET])
def test_missing_parts_are_refused(part):
    parts = parts_of(GOOD)
    del parts[part]

    refusal_of(zipped(parts))


@pytest.mark.parametrize(
    ("old", "new"), [("worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"),
                     ("worksheets/sheet1.xml", "./x/../worksheets/SHEET1.xml"),
                     ("worksheets/sheet1.xml", "../xl/worksheets/sheet1.xml")]
)  # fmt: skip
def test_parts_are_found_as_links_name_them(old, new):
    assert len(read(changed(GOOD, BOOK_LINKS, old.encode(), new.encode()), "t.xlsx")) == 1


def test_links_lead_nowhere_outside():
    content = changed(GOOD, BOOK_LINKS, b"worksheets/sheet1.xml", b"../../../../etc/passwd")

    assert refusal_of(content).startswith(DAMAGED)
