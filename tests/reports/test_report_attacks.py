"""Word files made to cost: each is a small upload, and is refused after so many elements."""

import random
import sys
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.utils import translation

from indicators.uploads import check_upload
from reports.paper import word_reading, word_xml
from reports.paper.problems import MOST_PROBLEMS, RefusedPaper
from reports.paper.word import word_of
from reports.paper.word_reading import read_word
from tests.reports.papers import BLOCKS, PAPER

DOCUMENT, STYLES, RELATIONS = (
    "word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels",
)  # fmt: skip
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TOO_LARGE = "The text of the file is larger than a report can be."
DAMAGED = "The file is damaged or no Word document; open it in Word and save it anew as .docx."
FETCHES = (
    "The file fetches something from elsewhere when it is opened (a template, a linked picture or "
    "file); remove the link."
)

# What is repeated, and what stands around all of it.
IN_BODY, IN_PARAGRAPH = ("", ""), ("<w:p>", "</w:p>")
CONTROL = '<w:sdt><w:sdtPr><w:tag w:val="a"/></w:sdtPr><w:sdtContent/></w:sdt>'
BOOKMARK = '<w:bookmarkStart w:id="1" w:name="_locked_a"/><w:bookmarkEnd w:id="1"/>'
REPEATED = {
    "paragraphs": ("<w:p/>", IN_BODY),
    "breaks": ("<w:br/>", ("<w:p><w:r>", "</w:r></w:p>")),
    "runs": ("<w:r/>", IN_PARAGRAPH),
    "symbols": ("<w:sym/>", ("<w:p><w:r>", "</w:r></w:p>")),
    "controls": (CONTROL, IN_PARAGRAPH),
    "bookmarks": (BOOKMARK, IN_PARAGRAPH),
    "tables": ("<w:tbl/>", IN_BODY),
    "cells": ("<w:tc/>", ("<w:tbl><w:tr>", "</w:tr></w:tbl>")),
    "nested tables": (
        "<w:tbl><w:tr><w:tc>" * 10 + "</w:tc></w:tr></w:tbl>" * 10, IN_BODY,
    ),
    "unknown": ("<w:x/>", IN_BODY),
}  # fmt: skip
ATTACKS = {name: 7_500_000 // len(each) for name, (each, _around) in REPEATED.items()}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def counted(monkeypatch):
    """What was counted of each file that is read."""
    made = []

    class Noted(word_xml.Counting):
        def __init__(self):
            super().__init__()
            made.append(self)

    monkeypatch.setattr(word_xml, "Counting", Noted)
    return made


def body(kind: str, times: int) -> bytes:
    each, (before, after) = REPEATED[kind]
    inner = before + each * times + after
    return f'<w:document xmlns:w="{W}"><w:body>{inner}</w:body></w:document>'.encode()


def with_parts(parts: dict[str, bytes]) -> BytesIO:
    """The Word file of PAPER with these parts instead of its own; as it is sent."""
    changed = BytesIO()
    with ZipFile(BytesIO(word_of(PAPER))) as source, ZipFile(changed, "w", ZIP_DEFLATED) as target:
        for name in dict.fromkeys([*source.namelist(), *parts]):
            target.writestr(name, parts[name] if name in parts else source.read(name))
    return BytesIO(changed.getvalue())


def refused(file: BytesIO) -> list[str]:
    with pytest.raises(RefusedPaper) as error:
        read_word(file, paper=PAPER)
    return error.value.problems


@pytest.mark.parametrize("kind", ATTACKS)
def test_flood_is_refused_at_the_first_element_too_many(kind, counted, monkeypatch):
    file = with_parts({DOCUMENT: body(kind, ATTACKS[kind])})
    monkeypatch.setattr(word_reading, "line_of", lambda paragraph: pytest.fail("was read"))

    assert refused(file) == [TOO_LARGE]

    [counting] = counted
    limits = word_xml.MOST_ELEMENTS + 1, word_xml.MOST_LINES + 1
    assert counting.elements == limits[0] or counting.lines == limits[1]
    assert counting.elements <= limits[0]


@pytest.mark.parametrize("part", [STYLES, RELATIONS, "customXml/_rels/item1.xml.rels"])
def test_flood_in_another_part_is_refused(part, counted):
    flood = b"<a>" + b"<b/>" * 1_000_000 + b"</a>"

    assert refused(with_parts({part: flood})) == [TOO_LARGE]
    assert counted[0].elements == word_xml.MOST_ELEMENTS + 1


def test_parts_are_counted_together(counted):
    half = b"<a>" + b"<b/>" * (word_xml.MOST_ELEMENTS // 2) + b"</a>"
    parts = {f"customXml/_rels/item{number}.xml.rels": half for number in range(3)}

    assert refused(with_parts(parts)) == [TOO_LARGE]
    assert counted[0].elements == word_xml.MOST_ELEMENTS + 1


def steps_of(file: BytesIO) -> int:
    """How many functions are called to read it."""
    steps = 0

    def count(_frame, event, _argument):
        nonlocal steps
        steps += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        read_word(file, paper=PAPER)
    except RefusedPaper:
        pass
    finally:
        sys.setprofile(None)
    return steps


@pytest.mark.parametrize("kind", REPEATED)
def test_file_below_the_limits_costs_in_proportion(kind):
    """Twice as much of anything costs twice as many steps at most, and few for each element."""
    few, many = (with_parts({DOCUMENT: body(kind, times)}) for times in (1_000, 2_000))
    nothing = steps_of(with_parts({DOCUMENT: body(kind, 1)}))

    first, second = (steps_of(file) - nothing for file in (few, many))

    elements = REPEATED[kind][0].count("<w:") * 1_000
    assert second < 2.2 * first
    assert first < 250 * elements


def test_reading_stops_at_as_many_problems_as_are_told(monkeypatch):
    asked = []
    monkeypatch.setattr(
        word_reading, "shortened", lambda text: asked.append(text) or text, raising=True
    )

    problems = refused(with_parts({DOCUMENT: body("symbols", 100_000)}))

    assert len(problems) == MOST_PROBLEMS
    assert len(asked) == MOST_PROBLEMS


def test_deep_nesting_is_refused_where_it_gets_too_deep(counted):
    deep = b"<a>" * 500_000 + b"</a>" * 500_000

    assert refused(with_parts({DOCUMENT: deep})) == [DAMAGED]
    assert counted[0].elements == word_xml.DEEPEST + 1


@pytest.mark.parametrize("part", [DOCUMENT, STYLES, RELATIONS])
@pytest.mark.parametrize(
    "declared",
    [
        pytest.param('<!ENTITY b "c">', id="internal"),
        pytest.param('<!ENTITY b SYSTEM "file:///etc/passwd">', id="file"),
        pytest.param('<!ENTITY b SYSTEM "http://127.0.0.1:9/b">', id="network"),
        pytest.param('<!ENTITY % b SYSTEM "http://127.0.0.1:9/b">%b;', id="parameter"),
        pytest.param('<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">', id="laughs"),
        pytest.param("", id="nothing"),
    ],
)
def test_document_types_are_refused(part, declared):
    xml = f"<!DOCTYPE a [{declared}]><a>&b;</a>".encode()

    assert refused(with_parts({part: xml})) == [DAMAGED]


def relations(kind: str, *, mode: str = "External") -> bytes:
    return (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/{kind}" '
        f'Target="http://example.org/a" TargetMode="{mode}"/></Relationships>'
    ).encode()


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject", "frame", "subDocument"])
@pytest.mark.parametrize("mode", ["External", "external"])
def test_what_is_fetched_from_elsewhere_is_refused(kind, mode):
    for part in ("word/_rels/settings.xml.rels", RELATIONS, "_rels/.rels"):
        file = with_parts({part: relations(kind, mode=mode)})

        assert refused(file) == [FETCHES]


def test_link_that_people_click_and_relations_within_are_kept():
    for kind, mode in (("hyperlink", "External"), ("image", "Internal")):
        file = with_parts({"word/_rels/settings.xml.rels": relations(kind, mode=mode)})

        assert read_word(file, paper=PAPER) == BLOCKS


def test_flood_passes_the_check_of_uploads_beside_something_that_packs_badly():
    """Which is why the reader counts for itself."""
    noise = random.Random(1).randbytes(80_000)
    flood = body("paragraphs", ATTACKS["paragraphs"])
    file = with_parts({DOCUMENT: flood, "word/media/a.bin": noise})
    assert file.getbuffer().nbytes < 200_000

    assert check_upload(file, name="a.docx").size == file.getbuffer().nbytes
