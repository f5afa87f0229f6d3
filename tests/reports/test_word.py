"""Word files that officials edit around locked figures."""

import re
from io import BytesIO
from zipfile import ZipFile

import docx
import pypdfium2
from docx.oxml.ns import qn

from reports.paper.raster import pngs_of, size_of
from reports.paper.word import word_of
from tests.reports.papers import PAPER, PICTURE, converted, needs_office


def body_of(content: bytes):
    return docx.Document(BytesIO(content)).element.body


def test_figures_stand_in_controls_that_nobody_changes():
    body = body_of(word_of(PAPER, names={"f002": "hainan-2013-001"}))

    controls = {
        each.find(qn("w:sdtPr")).find(qn("w:tag")).get(qn("w:val")): each
        for each in body.iter(qn("w:sdt"))
    }
    figure = controls["f002"]
    assert [each.text for each in figure.iter(qn("w:t"))] == ["98.40\u00a0%"]
    assert figure.find(".//" + qn("w:lock")).get(qn("w:val")) == "sdtContentLocked"
    assert figure.find(".//" + qn("w:alias")).get(qn("w:val")) == "hainan-2013-001"
    assert figure.find(".//" + qn("w:bookmarkStart")).get(qn("w:name")) == "_locked_f002"
    assert {each.find(".//" + qn("w:lock")).get(qn("w:val")) for each in controls.values()} == {
        "sdtContentLocked"
    }
    assert [each for each in controls if each.startswith("f")] == ["f001", "f002", "f003"]


def test_numbers_of_controls_are_unique():
    body = body_of(word_of(PAPER))

    numbers = [each.get(qn("w:val")) for each in body.iter(qn("w:id"))]
    assert len(numbers) == len(set(numbers)) == 21


def test_page_is_a4_and_chinese_has_its_own_font():
    document = docx.Document(BytesIO(word_of(PAPER)))

    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    fonts = {
        name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Title", "Heading 1", "Heading 2", "Normal")
    }
    assert fonts == {
        "Title": "方正小标宋简体",
        "Heading 1": "黑体",
        "Heading 2": "楷体",
        "Normal": "仿宋",
    }


def test_picture_is_svg_with_a_png_for_programs_that_draw_none():
    content = word_of(PAPER)

    with ZipFile(BytesIO(content)) as parts:
        svg, png = (
            next(name for name in parts.namelist() if re.fullmatch(f"word/media/.*{kind}", name))
            for kind in (".svg", ".png")
        )
        assert parts.read(svg).decode() == PICTURE
        assert parts.read(png) == pngs_of([PICTURE])[PICTURE]
        assert "docProps/thumbnail.jpeg" not in parts.namelist()
        assert 'ContentType="image/svg+xml"' in parts.read("[Content_Types].xml").decode()
        assert "asvg:svgBlip" in parts.read("word/document.xml").decode()


def test_png_is_the_picture_at_twice_its_size():
    from PIL import Image

    picture = Image.open(BytesIO(pngs_of([PICTURE])[PICTURE]))

    assert size_of(PICTURE) == (600, 240)
    assert picture.size == (1200, 480)
    assert picture.convert("RGB").getcolors() == [(1200 * 480, (0xB3, 0x26, 0x1E))]


def test_same_paper_gives_the_same_bytes():
    assert word_of(PAPER) == word_of(PAPER)


@needs_office
def test_word_opened_elsewhere_shows_every_word(tmp_path):
    pdf = converted(word_of(PAPER), to="pdf", folder=tmp_path)

    pages = pypdfium2.PdfDocument(pdf)
    shown = re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in pages))
    assert len(pages) == 1
    assert shown == (
        "海南省2015年质量状况分析报告（征求意见稿）海南省质量强省工作领导小组办公室一、总体情况"
        "截至2015年，抽检合格率为98.40%，目标为≥98%。表1主要指标完成情况指标单位数值判定"
        "抽检合格率%98.40●达标一次交验合格率%—○无数据（一）产品质量下一步继续抓好。"
        "图1抽检合格率此件公开发布。数据截至2015年，方法版本1—1—"
    )


def test_properties_of_tables_stand_in_the_order_of_the_format():
    table = docx.Document(BytesIO(word_of(PAPER))).tables[0]

    names = [each.tag.partition("}")[2] for each in table._tbl.tblPr]
    assert names == ["tblW", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
