"""Edited Word files: what officials wrote is kept, what is locked must be as it was."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from django.utils import translation
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from reports.paper.blocks import Fixed, Heading, Paragraph, Placed
from reports.paper.problems import RefusedPaper
from reports.paper.word import word_of
from reports.paper.word_reading import read_word
from tests.reports.papers import BLOCKS, PAPER, PICTURE, converted, needs_office


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


class Edited:
    """The Word file of PAPER in the hands of an official."""

    def __init__(self, content: bytes = b"") -> None:
        self.document = docx.Document(BytesIO(content or word_of(PAPER)))

    def control(self, tag: str):
        return next(
            each
            for each in self.document.element.iter(qn("w:sdt"))
            if each.find(qn("w:sdtPr")).find(qn("w:tag")).get(qn("w:val")) == tag
        )

    def paragraph(self, text: str):
        return next(each for each in self.document.paragraphs if each.text == text)

    def type_over(self, tag: str, text: str) -> None:
        next(self.control(tag).iter(qn("w:t"))).text = text

    def content(self) -> BytesIO:
        saved = BytesIO()
        self.document.save(saved)
        return BytesIO(saved.getvalue())

    def read(self):
        return read_word(self.content(), paper=PAPER)

    def problems(self) -> list[str]:
        with pytest.raises(RefusedPaper) as refused:
            self.read()
        return refused.value.problems


def with_part(content: bytes, name: str, text: bytes) -> BytesIO:
    changed = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(changed, "w", ZIP_DEFLATED) as target:
        for entry in source.namelist():
            target.writestr(entry, text if entry == name else source.read(entry))
    return BytesIO(changed.getvalue())


def test_file_that_nobody_edited_gives_the_same_blocks():
    assert Edited().read() == BLOCKS


def test_edited_words_are_kept_around_the_figures():
    edited = Edited()
    edited.paragraph("下一步继续抓好。").runs[0].text = "下一步，由省农业厅继续抓好。"

    blocks = edited.read()

    assert blocks[4] == Paragraph(("下一步，由省农业厅继续抓好。",))
    assert (*blocks[:4], *blocks[5:]) == (*BLOCKS[:4], *BLOCKS[5:])


def test_new_paragraphs_and_headings_are_kept_where_they_stand():
    edited = Edited()
    last = edited.paragraph("此件公开发布。")
    last.insert_paragraph_before("二、工作打算", style="Heading 1")
    last.insert_paragraph_before("加强监管。\n加强服务。")

    blocks = edited.read()

    assert blocks[6:] == (
        Heading(1, ("二、工作打算",)),
        Paragraph(("加强监管。",)),
        Paragraph(("加强服务。",)),
        Paragraph(("此件公开发布。",)),
    )


def test_words_may_be_taken_away_and_blocks_moved():
    edited = Edited()
    last = edited.paragraph("此件公开发布。")._p
    last.getparent().remove(edited.paragraph("下一步继续抓好。")._p)
    table = edited.document.tables[0]._tbl
    last.addnext(table)

    assert edited.read() == (*BLOCKS[:2], BLOCKS[3], *BLOCKS[5:], Placed("table_1"))


def test_changed_figure_is_named():
    edited = Edited()
    edited.type_over("f002", "98.41 %")

    assert edited.problems() == ["“98.40 %” was changed to “98.41 %”."]


def test_deleted_figure_is_named():
    edited = Edited()
    control = edited.control("f002")
    control.getparent().remove(control)

    assert edited.problems() == ["“98.40 %” is missing: it was deleted or typed anew by hand."]


def test_figure_typed_by_hand_in_its_place_is_named():
    edited = Edited()
    control = edited.control("f002")
    control.addnext(parse_xml(f"<w:r {nsdecls('w')}><w:t>98.40 %</w:t></w:r>"))
    control.getparent().remove(control)

    assert edited.problems() == ["“98.40 %” is missing: it was deleted or typed anew by hand."]


def test_unlocked_figure_is_known_by_its_tag_and_compared():
    edited = Edited()
    control = edited.control("f002")
    lock = control.find(qn("w:sdtPr")).find(qn("w:lock"))
    lock.getparent().remove(lock)
    assert edited.read() == BLOCKS

    edited.type_over("f002", "99 %")

    assert edited.problems() == ["“98.40 %” was changed to “99 %”."]


def test_figure_without_its_control_is_known_by_the_bookmark():
    edited = Edited()
    control = edited.control("f002")
    for each in list(control.find(qn("w:sdtContent"))):
        control.addprevious(each)
    control.getparent().remove(control)
    assert edited.read() == BLOCKS


def test_doubled_figure_is_named():
    edited = Edited()
    control = edited.control("f002")
    copied = parse_xml(_xml_of(control))
    edited.paragraph("下一步继续抓好。")._p.append(copied)

    assert edited.problems() == ["“98.40 %” stands there 2 times instead of once."]


def _xml_of(element) -> bytes:
    from lxml import etree

    return etree.tostring(element)


@pytest.mark.parametrize(
    ("before", "after", "around"),
    [
        pytest.param("1", "", "格率为198.40 %", id="digit-before"),
        pytest.param("-", "", "格率为-98.40 %", id="minus-before"),
        pytest.param("9.", "", "率为9.98.40 %", id="point-before"),
        pytest.param("", "9", "格率为98.40 %9，目标为", id="digit-after"),
        pytest.param("", "．5", "格率为98.40 %．5，目标", id="point-after"),
        pytest.param("", "‰", "格率为98.40 %‰，目标为", id="per-mille-after"),
    ],
)
def test_digits_typed_beside_a_figure_are_named(before, after, around):
    edited = Edited()
    control = edited.control("f002")
    for text, add in ((before, control.addprevious), (after, control.addnext)):
        add(parse_xml(f"<w:r {nsdecls('w')}><w:t>{text}</w:t></w:r>"))

    (problem,) = edited.problems()

    assert problem.startswith("A figure is typed right beside the locked “98.40 %”: “")
    assert around[3:-3] in problem


def test_changed_cell_is_named_with_its_table():
    edited = Edited()
    edited.type_over("table_1_1_2", "99.9")

    assert edited.problems() == ["In “表1　主要指标完成情况”, “98.40” was changed to “99.9”."]


def test_table_without_a_row_is_named():
    edited = Edited()
    row = edited.document.tables[0].rows[2]._tr
    row.getparent().remove(row)

    assert edited.problems() == ["“表1　主要指标完成情况” has other rows or columns than before."]


def test_deleted_table_and_picture_are_named():
    edited = Edited()
    table = edited.document.tables[0]._tbl
    table.getparent().remove(table)
    drawing = next(edited.document.element.iter(qn("w:drawing")))
    drawing.getparent().remove(drawing)

    assert edited.problems() == [
        "“表1　主要指标完成情况” is missing: it was deleted or typed anew by hand.",
        "“图1　抽检合格率” is missing: it was deleted or typed anew by hand.",
    ]


def test_changed_title_is_named():
    edited = Edited()
    edited.type_over("head_1_1", "海南省2016年质量状况分析报告")

    assert edited.problems() == [
        "“海南省2015年质量状况分析报告” was changed to “海南省2016年质量状况分析报告”."
    ]


def test_file_made_from_an_earlier_text_is_refused():
    from dataclasses import replace

    with pytest.raises(RefusedPaper) as refused:
        read_word(BytesIO(word_of(PAPER)), paper=replace(PAPER, base=2))

    assert refused.value.problems == [
        "The file was made from an earlier text of the report, or from another edition; "
        "take the Word file anew and enter your changes there."
    ]


def test_words_typed_beside_a_picture_are_kept():
    edited = Edited()
    drawing = next(edited.document.element.iter(qn("w:drawing")))
    paragraph = next(each for each in drawing.iterancestors(qn("w:p")))
    paragraph.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>见下图。</w:t></w:r>"))

    assert edited.read()[5:7] == (Placed("picture_1"), Paragraph(("见下图。",)))


def test_own_table_is_refused():
    edited = Edited()
    edited.document.add_table(1, 1).cell(0, 0).text = "自制"

    assert edited.problems() == ["The file has a table that is not of the report; remove it."]


def test_own_picture_is_refused(tmp_path):
    from reports.paper.raster import pngs_of

    edited = Edited()
    edited.document.add_picture(BytesIO(pngs_of([PICTURE])[PICTURE]))

    assert edited.problems() == [
        "The file holds a picture, which a report cannot keep; remove it: “”."
    ]


@pytest.mark.parametrize(
    ("xml", "what"),
    [
        ("<w:object/>", "an embedded file"),
        ("<w:pict/>", "a picture"),
        ('<w:footnoteReference w:id="2"/>', "a footnote"),
        ('<w:commentReference w:id="2"/>', "a comment"),
        ('<w:sym w:font="Wingdings" w:char="F0FC"/>', "a symbol of a special font"),
    ],
)
def test_what_a_report_cannot_keep_is_named_with_its_place(xml, what):
    edited = Edited()
    run = parse_xml(f"<w:r {nsdecls('w')}>{xml}</w:r>")
    edited.paragraph("下一步继续抓好。")._p.append(run)

    assert edited.problems() == [
        f"The file holds {what}, which a report cannot keep; remove it: “下一步继续抓好。”."
    ]


def test_automatic_numbering_is_refused_since_its_number_would_be_lost():
    edited = Edited()
    properties = edited.paragraph("下一步继续抓好。")._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    )

    assert edited.problems() == [
        "The file holds automatic numbering (type the number by hand), which a report cannot "
        "keep; remove it: “下一步继续抓好。”."
    ]


def test_tracked_changes_are_read_as_if_accepted():
    edited = Edited()
    paragraph = edited.paragraph("下一步继续抓好。")._p
    paragraph.append(
        parse_xml(
            f'<w:ins {nsdecls("w")} w:id="9" w:author="a"><w:r><w:t>已改。</w:t></w:r></w:ins>'
        )
    )
    paragraph.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="10" w:author="a"><w:r><w:delText>旧文。</w:delText>'
            "</w:r></w:del>"
        )
    )

    assert edited.read()[4] == Paragraph(("下一步继续抓好。已改。",))


def test_figure_deleted_in_a_tracked_change_is_missing():
    edited = Edited()
    control = edited.control("f002")
    deletion = parse_xml(f'<w:del {nsdecls("w")} w:id="9" w:author="a"/>')
    control.addprevious(deletion)
    deletion.append(control)

    assert edited.problems() == ["“98.40 %” is missing: it was deleted or typed anew by hand."]


def test_hidden_characters_are_dropped_and_controls_refused():
    edited = Edited()
    edited.paragraph("下一步继续抓好。").runs[0].text = "下一步\u202e继\u200b续抓好。"
    assert edited.read()[4] == Paragraph(("下一步继续抓好。",))


def test_chinese_word_numbers_its_styles_and_headings_are_known_still():
    styles = "word/styles.xml"
    content = Edited().content().getvalue()
    with ZipFile(BytesIO(content)) as parts:
        renamed = parts.read(styles).replace(b'w:styleId="Heading1"', b'w:styleId="1"')
        body = parts.read("word/document.xml").replace(b'w:val="Heading1"', b'w:val="1"')
    changed = with_part(content, styles, renamed).getvalue()

    blocks = read_word(with_part(changed, "word/document.xml", body), paper=PAPER)

    assert blocks == BLOCKS


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param(b"no XML", id="no-xml"),
        pytest.param(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', id="entities"),
        pytest.param(b"<a/>", id="no-body"),
        pytest.param(b"<a>" * 100 + b"</a>" * 100, id="too-deep"),
    ],
)
def test_what_is_no_document_is_refused(xml):
    file = with_part(word_of(PAPER), "word/document.xml", xml)

    with pytest.raises(RefusedPaper) as refused:
        read_word(file, paper=PAPER)

    assert refused.value.problems == [
        "The file is damaged or no Word document; open it in Word and save it anew as .docx."
    ]


def test_text_of_unusual_size_is_refused():
    file = with_part(word_of(PAPER), "word/document.xml", b"<a>" + b" " * 9_000_000 + b"</a>")

    with pytest.raises(RefusedPaper, match="larger than a report can be"):
        read_word(file, paper=PAPER)


@needs_office
def test_file_saved_by_libreoffice_gives_the_same_blocks(tmp_path):
    saved = converted(word_of(PAPER), to="docx", folder=tmp_path)

    assert read_word(BytesIO(saved), paper=PAPER) == BLOCKS


@needs_office
def test_figure_changed_in_libreoffice_is_named(tmp_path):
    saved = converted(word_of(PAPER), to="docx", folder=tmp_path)
    with ZipFile(BytesIO(saved)) as parts:
        body = parts.read("word/document.xml").decode()
    assert body.count(">98.40") == 2
    changed = body.replace(">98.40", ">98.99", 1)

    with pytest.raises(RefusedPaper) as refused:
        read_word(with_part(saved, "word/document.xml", changed.encode()), paper=PAPER)

    assert refused.value.problems == ["“98.40 %” was changed to “98.99 %”."]


def test_figures_keep_what_was_frozen():
    blocks = Edited().read()

    paragraph = blocks[1]
    assert isinstance(paragraph, Paragraph)
    assert paragraph.inlines[3] == Fixed("f002", "98.40 %")
