"""Every page in both languages: accessible, self-contained, quiet, and never wider than a phone."""

from pathlib import Path

import pytest

from indicators.models import Notice, Round, Verdict
from targets_site.accounts.models import User
from tests.browser.addresses import TARGETS, pages_behind_login, reading_pages
from tests.browser.conftest import sign_in
from tests.browser.seen import open_whole

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"


def violations(page):
    """What axe-core finds on the page that is open."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations")
    return [(page.url, rule["id"], node["html"][:160]) for rule in found for node in rule["nodes"]]


@pytest.mark.usefixtures("target_to_come")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_accessible_quiet_and_fits_a_phone(page, site, speak, heard, language):
    speak(language)
    found, too_wide = [], {}

    for address in reading_pages():
        page.set_viewport_size({"width": 1280, "height": 900})
        open_whole(page, site + address)
        assert page.locator("html").get_attribute("lang").lower() == language
        found += violations(page)
        page.set_viewport_size({"width": 360, "height": 740})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            too_wide[address] = width

    assert found == []
    assert too_wide == {}
    assert heard.outside(site) == []
    assert heard.complaints == []


def tell_the_reviewer(one):
    """A notice of a round and one of a verdict."""
    reviewer = User.objects.get(username="reviewer")
    verdict = Verdict.objects.filter(target__code=TARGETS[0]).earliest("as_of")
    Notice.objects.create(person=reviewer, kind="reports_overdue", round=one, due_at=one.due_at)
    Notice.objects.create(
        person=reviewer, kind="worse_light", target_code=TARGETS[0], as_of=verdict.as_of,
        verdict=verdict, before=verdict, worse_since=verdict.recorded_at,
    )  # fmt: skip


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_behind_login_is_accessible_and_quiet(page, site, speak, heard, language):
    speak(language)
    found = []
    tell_the_reviewer(Round.objects.get())

    for name, behind_login in pages_behind_login().items():
        sign_in(page, site, name)
        for address in behind_login:
            open_whole(page, site + address)
            found += violations(page)
        page.context.clear_cookies(name="sessionid")

    assert found == []
    assert heard.outside(site) == []
    assert heard.complaints == []


def test_a_page_that_is_not_there_says_so(page, site, heard):
    response = page.goto(site + "/areas/000000/")

    assert response.status == 404
    assert violations(page) == []
