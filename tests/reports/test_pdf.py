"""What is printed as PDF."""

import builtins
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
import pytest

from reports.paper import pdf as pressing
from reports.paper.errors import NotGiven, PaperUnavailable, PressOccupied
from reports.paper.pdf import one_page_of, pdf_of
from reports.paper.press import Task
from reports.paper.setting import set_pages

PAGE = """<!doctype html><html lang="zh-Hans"><head><title>报告</title></head><body>
<p class="footing">数据截至2015年，方法版本1</p><h1 class="title">海南省质量状况分析报告</h1>
<p>抽检合格率98.4 %，目标≥ 98 %。</p>{more}</body></html>"""
SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="100" height="100">'
    b'<rect width="10" height="10" fill="#b3261e"/></svg>'
)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_pdf_holds_the_text_the_page_number_and_the_line_at_the_foot():
    pdf = pdf_of(PAGE.format(more=""))

    lines = text_of(pdf).splitlines()
    assert "海南省质量状况分析报告" in lines
    assert "抽检合格率98.4 %，目标≥ 98 %。" in lines
    assert lines[-1] == "数据截至2015年，方法版本1 — 1 —"


def test_pdf_is_a4():
    page = pypdfium2.PdfDocument(pdf_of(PAGE.format(more="")))[0]

    assert [round(each / 72 * 25.4) for each in page.get_size()] == [210, 297]


def test_same_page_gives_the_same_bytes_in_another_process():
    program = (
        "import hashlib, sys; from reports.paper.pdf import pdf_of;"
        "print(hashlib.sha256(pdf_of(sys.argv[1])).hexdigest())"
    )

    digests = {
        subprocess.run(
            [sys.executable, "-c", program, PAGE.format(more="")],
            env={"PYTHONPATH": ".", "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(digests) == 1
    assert len(digests.pop().strip()) == 64


def test_given_picture_is_drawn():
    without = pdf_of(PAGE.format(more=""))

    pdf = pdf_of(PAGE.format(more='<img alt="" src="paper:a.svg">'), assets={"a.svg": SQUARE})

    assert pixels_of(pdf, (0xB3, 0x26, 0x1E)) > 0
    assert pixels_of(without, (0xB3, 0x26, 0x1E)) == 0


def pixels_of(pdf: bytes, colour: tuple[int, int, int]) -> int:
    page = pypdfium2.PdfDocument(pdf)[0].render(rev_byteorder=True).to_numpy()
    return int((page[:, :, :3] == colour).all(axis=2).sum())


@pytest.mark.parametrize(
    "more",
    [
        '<img src="file:///etc/passwd">',
        '<img src="http://127.0.0.1:1/x.png">',
        '<img src="data:image/png;base64,AA">',
        '<img src="paper:other.svg">',
        '<link rel="stylesheet" href="http://127.0.0.1:1/x.css">',
        '<style>@import "http://127.0.0.1:1/x.css";</style>',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
    ],
)
def test_whatever_was_not_given_is_refused(more):
    with pytest.raises(NotGiven):
        pdf_of(PAGE.format(more=more), assets={"a.svg": SQUARE})


def test_picture_that_names_a_file_is_refused():
    picture = (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        b'width="9" height="9"><image xlink:href="file:///etc/passwd" width="9" height="9"/></svg>'
    )

    with pytest.raises(NotGiven):
        pdf_of('<img alt="" src="paper:a.svg">', assets={"a.svg": picture})


def test_machine_without_pango_says_so(monkeypatch):
    real_import = builtins.__import__

    def without_pango(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_pango)

    with pytest.raises(PaperUnavailable, match="libpango"):
        set_pages("<p>x", {})


def with_a_press(monkeypatch, program):
    """A Python program in the place of the press."""
    monkeypatch.setattr(pressing, "PRESS", (sys.executable, "-c", program))


@pytest.mark.parametrize(
    ("code", "error"), [(3, NotGiven), (4, PaperUnavailable), (1, PressOccupied)]
)
def test_what_the_press_ends_with_is_raised(monkeypatch, code, error):
    with_a_press(monkeypatch, f"import sys; print('why', file=sys.stderr); sys.exit({code})")

    with pytest.raises(error) as raised:
        pdf_of("<p>x")

    assert type(raised.value) is error
    assert str(raised.value) == ("why" if code != 1 else "ended with 1")


def test_press_that_takes_too_long_is_ended(monkeypatch, tmp_path):
    program = f"import time; time.sleep(2); open({str(tmp_path / 'done')!r}, 'w').close()"
    with_a_press(monkeypatch, program)
    monkeypatch.setattr(pressing, "SECONDS_TO_PRESS", 0.2)

    with pytest.raises(PressOccupied, match="too long"):
        pdf_of("<p>x")

    time.sleep(2.2)
    assert not (tmp_path / "done").exists()


def test_no_more_presses_than_allowed_at_a_time(monkeypatch):
    monkeypatch.setattr(pressing, "SECONDS_TO_WAIT", 0.0)
    with_a_press(monkeypatch, "import time; time.sleep(1); print('[]')")
    with ThreadPoolExecutor(pressing.MOST_PRESSES + 1) as pool:
        asked = [
            pool.submit(pressing.press, [Task("<p>x")]) for _ in range(pressing.MOST_PRESSES + 1)
        ]
        ended = [each.exception() for each in asked]

    assert sorted(str(each) for each in ended) == ["None"] * pressing.MOST_PRESSES + [
        "others print"
    ]
    assert pressing.press([]) == []


def test_press_knows_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "never told")
    with_a_press(monkeypatch, "import os, sys; sys.exit(str(sorted(os.environ)))")
    said = []
    monkeypatch.setattr(pressing.logger, "error", lambda *words: said.append(words[-1]))

    with pytest.raises(PressOccupied):
        pdf_of("<p>x")

    assert "PATH" in said[0]
    assert "SECRET_KEY" not in said[0]


@pytest.mark.parametrize(("lines", "size"), [(1, 30), (40, 12), (400, 10)])
def test_sheet_is_set_as_large_as_one_page_holds(lines, size):
    """Of 40 lines of one and a half times their size, 257 mm hold at most 12.1 points."""
    html = (
        "<style>@page { margin: 20mm } html, body { line-height: 1.5 } p { text-indent: 0 }</style>"
        + "<p>行</p>" * lines
    )

    pressed = one_page_of(html, sizes=range(10, 31))

    pages = len(pypdfium2.PdfDocument(pressed.content))
    assert (pressed.size, pages == 1) == (size, lines < 400)
    if lines == 40:
        fixed = html.replace("<style>", f"<style>body {{ font-size: {size + 1}pt }}")
        assert len(pypdfium2.PdfDocument(pdf_of(fixed))) == 2


def test_web_process_does_not_load_what_prints():
    program = (
        "import sys, django; django.setup(); import targets_site.urls;"
        "print([each for each in ('weasyprint', 'docx', 'pypdfium2') if each in sys.modules])"
    )

    run = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": ".", "DJANGO_SETTINGS_MODULE": "targets_site.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout == "[]\n"
