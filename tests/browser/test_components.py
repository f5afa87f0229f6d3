"""The page of the pieces as a browser shows it: on screen, on paper, in forced colours, by keys."""

import pytest

from tests.browser.looker import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/method/components/"
FOCUSED = """() => {
  const style = getComputedStyle(document.activeElement);
  return [document.activeElement.tagName, style.outlineStyle, parseFloat(style.outlineWidth)];
}"""


@pytest.fixture
def address(live_server, settings):
    """Nothing on the page comes from the database, so that none need be filled."""
    settings.OPEN_READING = True
    settings.ALLOWED_HOSTS = ["*"]
    return live_server.url + PAGE


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_is_accessible_and_fits_a_phone(page, context, address, language):
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    page.goto(address)

    assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_paper_unfolds_facts_and_leaves_out_what_cannot_be_pressed(page, address):
    page.goto(address)
    facts = page.locator(".provenance .facts").first
    assert not facts.is_visible()

    page.emulate_media(media="print")

    assert facts.is_visible()
    assert facts.bounding_box()["height"] > 40
    assert page.locator(".site-footer .print-only").is_visible()
    for hidden in (".site-nav", ".site-header__tools", ".contents", "main .button"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == (
        "table-header-group"
    )


def test_lights_differ_on_paper_without_their_colours(page, address):
    page.goto(address)
    page.emulate_media(media="print")

    shapes = page.locator("#badge .light-key .shape").all_inner_texts()

    assert shapes == ["■", "▲", "◐", "●", "○", "–"]
    edges = page.evaluate(
        "['red', 'green'].map(light => getComputedStyle("
        "document.querySelector('.badge--' + light)).borderTopWidth)"
    )
    assert edges[0] != edges[1]


def test_forced_colours_keep_shapes_and_marks(page, address):
    page.goto(address)
    page.emulate_media(forced_colors="active")

    assert page.locator("#badge .badge--red .shape").first.inner_text() == "■"
    colours = page.evaluate(
        "['.badge--red', 'a.button, button.button'].map(found => {"
        " const style = getComputedStyle(document.querySelector(found));"
        " return style.color !== style.backgroundColor; })"
    )
    assert colours == [True, True]
    marked = page.evaluate(
        "getComputedStyle(document.querySelector('.year-light[aria-current]')).outlineStyle"
    )
    assert marked == "solid"
    ink, drawn = page.evaluate(
        "[getComputedStyle(document.body).color,"
        " getComputedStyle(document.querySelector('.sparkline__line')).stroke]"
    )
    assert drawn == ink


def test_focus_is_always_seen(page, address):
    page.goto(address)
    stops = page.evaluate(
        "document.querySelectorAll('a[href], button, input, summary, [tabindex=\"0\"]').length"
    )
    found = []

    for _stop in range(stops):
        page.keyboard.press("Tab")
        found.append(page.evaluate(FOCUSED))

    assert stops > 40
    assert [
        each for each in found if each[0] != "BODY" and (each[1] == "none" or each[2] < 2)
    ] == []
