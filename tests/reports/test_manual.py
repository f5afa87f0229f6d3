"""The manual: its chapters, its pictures, and the names of the buttons it speaks of."""

import re
from pathlib import Path

import pytest
from django.conf import settings as project_settings

from reports.manual import PARTS
from reports.manual_pictures import PICTURES
from tests.reports.pages import text_of
from tests.reports.pictures import jpeg_size

ADDRESS = "/method/manual/"
ROOT = Path(project_settings.BASE_DIR)
FOLDER = ROOT / "reports" / "static" / "reports" / "manual"
TEMPLATES = ROOT / "reports" / "templates" / "reports"
MOST_BYTES, MOST_BYTES_TOGETHER = 90_000, 600_000
IMAGE = re.compile(r'<img src="/static/([^"]+)" width="(\d+)" height="(\d+)" alt="([^"]+)"')
# A name that the text takes from a button, heading or field of the product.
NAMED = re.compile(r'{% translate "([^"]+)"(?: context "[^"]+")? as \w+ %}')


@pytest.fixture
def read(client, settings):
    """Opens the manual in a language."""
    settings.OPEN_READING = True

    def open_page(language="en"):
        client.cookies["django_language"] = language
        return client.get(ADDRESS)

    return open_page


def chapters():
    return [chapter for part in PARTS for chapter in part.chapters]


def test_every_picture_is_a_jpeg_as_large_as_the_list_says():
    files = {path.stem: path.read_bytes() for path in FOLDER.iterdir()}

    found = {name: jpeg_size(content) for name, content in files.items()}

    assert found == {name: (each.width, each.height) for name, each in PICTURES.items()}
    assert {name for name, content in files.items() if len(content) >= MOST_BYTES} == set()
    assert sum(map(len, files.values())) < MOST_BYTES_TOGETHER


@pytest.mark.django_db
def test_the_page_shows_each_picture_once_with_its_size_and_what_is_to_be_seen(read):
    shown = IMAGE.findall(read().content.decode())

    expected = [(each.path, str(each.width), str(each.height)) for each in PICTURES.values()]
    assert sorted(image[:3] for image in shown) == sorted(expected)
    assert len({alt for *_, alt in shown}) == len(PICTURES)


@pytest.mark.django_db
def test_contents_name_every_chapter_by_number_and_lead_to_it(read):
    html = read().content.decode()

    linked = re.findall(r'<a href="#([a-z_]+)">(\d+\. [^<]+)</a>', html)
    heads = re.findall(r'<h3 id="([a-z_]+)">(\d+\. [^<]+)</h3>', html)

    assert linked == heads
    assert [anchor for anchor, _title in heads] == [each.anchor for each in chapters()]
    assert [each.number for each in chapters()] == list(range(1, len(chapters()) + 1))


def test_every_text_of_a_chapter_is_shown():
    pieces = {"contents", "picture", "where"}

    found = {path.stem.removeprefix("_manual_") for path in TEMPLATES.glob("_manual_*.html")}

    assert found - pieces == {each.anchor for each in chapters()}


def test_what_the_manual_names_is_called_so_on_the_pages():
    named = {
        name
        for path in TEMPLATES.glob("_manual_*.html")
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
    }
    product = "".join(
        path.read_text(encoding="utf-8")
        for app in ("indicators", "targets_site", "reports")
        for kind in ("*.html", "*.py")
        for path in (ROOT / app).rglob(kind)
        if not path.name.startswith(("_manual_", "manual"))
    ).replace("'", '"')

    assert len(named) > 50
    own = {"What the signs mean", "What is refused, and what to type instead"}
    assert {name for name in named if f'"{name}"' not in product} == own


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_stays_unfilled_in_the_text(read, language):
    text = text_of(read(language))

    assert re.findall(r"%%|%\(\w+\)s|\{\{", text) == []
    assert "100 %" in text


@pytest.mark.django_db
def test_page_needs_no_query(read, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = read()

    assert "Manual for officials, signers and reviewers" in text_of(response)


@pytest.mark.django_db
def test_manual_is_a_reading_page_that_the_method_leads_to(client, settings):
    settings.OPEN_READING = False
    closed = client.get(ADDRESS)
    settings.OPEN_READING = True

    assert closed.headers["Location"] == f"/accounts/login/?next={ADDRESS}"
    assert f'href="{ADDRESS}"' in client.get("/method/").content.decode()
