"""The page of the pieces shows every one of them, from made-up values alone."""

from pathlib import Path

import pytest
from django.conf import settings as project
from django.template.loader import get_template
from django.utils.translation import override

from indicators.enums import Status
from indicators.templatetags.lights import _badge, _grade, status_word
from reports.components.catalogue import PIECES
from reports.components.examples import standings
from tests.reports.pages import text_of

PAGE = "/method/components/"
TEMPLATES = Path(project.BASE_DIR) / "targets_site" / "templates" / "targets_site"
# Parts of the frame around every page, which stand on this page as on any other, and the list of
# pages, which needs more than one page; and what stands on pages of errors only.
FRAME = {
    "_carried.html", "_nothing_stored.html",
    "_footer.html", "_header.html", "_jobs_link.html", "_language_switch.html", "_messages.html",
    "_notices_link.html", "_own_rooms.html", "_pagination.html", "_sign_in.html",
}  # fmt: skip


@pytest.fixture(params=["zh-hans", "en"])
def shown(request, client, settings, db):
    settings.OPEN_READING = True
    client.cookies["django_language"] = request.param
    # What earlier tests rendered is kept, and would not be rendered for this page.
    _badge.cache_clear(), _grade.cache_clear()
    response = client.get(PAGE)
    with override(request.param):
        yield response


def test_page_needs_no_query(client, settings, db, django_assert_num_queries):
    settings.OPEN_READING = True

    with django_assert_num_queries(0):
        response = client.get(PAGE)

    assert response.status_code == 200


def test_every_partial_of_a_piece_is_rendered(shown):
    rendered = {template.name for template in shown.templates}
    partials = {piece.file for piece in PIECES if piece.file.endswith(".html")}
    ours = {f"targets_site/{path.name}" for path in TEMPLATES.glob("_*.html")}

    assert partials - rendered == set()
    assert ours - rendered == {f"targets_site/{name}" for name in FRAME} - rendered


def test_every_piece_has_a_heading_of_its_own_and_says_how_it_is_included(shown):
    text = text_of(shown)

    for piece in PIECES:
        assert f'id="{piece.slug}-heading"' in shown.content.decode()
        assert str(piece.title) in text
        assert get_template(piece.example)
    assert '{% include "targets_site/_tile.html" with tile=tile %}'.replace('"', "&quot;") in text


def test_every_status_is_shown_worst_light_first(shown):
    assert sorted(each.status for each in standings()) == sorted(Status.values)
    assert [each.light for each in standings()][:1] == ["red"]
    assert all(status_word(status) in text_of(shown) for status in Status.values)


def test_it_says_that_all_is_made_up(shown):
    said = {"zh-hans": "并非真实内容", "en": "made up as examples"}

    assert said[shown.wsgi_request.LANGUAGE_CODE.lower()] in text_of(shown)
    assert shown.content.decode().count('class="tag">') >= len(PIECES)


def test_the_method_page_leads_to_it(client, settings, db):
    settings.OPEN_READING = True

    assert f'href="{PAGE}"' in client.get("/method/").content.decode()
