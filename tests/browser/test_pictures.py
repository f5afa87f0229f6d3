"""Pictures of every page, for people to look at; what can be seen by a machine is asserted.

They stay in .ci/pictures/LANGUAGE-WIDTH/ and LANGUAGE-print/.
"""

import re
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings

from tests.browser.addresses import pages_behind_login, reading_pages
from tests.browser.conftest import sign_in
from tests.browser.seen import open_whole

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOLDER = settings.BASE_DIR / ".ci" / "pictures"
FAULTS = (Path(__file__).parent / "faults.js").read_text(encoding="utf-8")
WIDTHS = {360: 740, 1280: 900, 1920: 1080}
LANGUAGES = ["zh-hans", "en"]
A4 = {"format": "A4", "print_background": True, "prefer_css_page_size": True}
STILL_MS = 120


class Photographer:
    """Opens pages, takes their pictures, and notes what went wrong on which."""

    def __init__(self, page, site, language):
        self.page, self.site, self.language = page, site, language
        self.faults = []

    def take(self, address, *, who=""):
        open_whole(self.page, self.site + address)
        self.page.evaluate("window.scrollTo(0, 0)")
        name = f"{who}{re.sub(r'[^0-9A-Za-z.-]+', '_', address).strip('_') or 'overview'}"
        for width, height in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            # What follows the width, as charts do, draws itself anew.
            self.page.wait_for_timeout(STILL_MS)
            self.note(address, width, self.page.evaluate(FAULTS))
            self.page.screenshot(
                path=self.folder(width) / f"{name}.jpg", full_page=True, type="jpeg", quality=70,
                animations="disabled",
            )  # fmt: skip
        self.print(address, name)

    def print(self, address, name):
        """On A4; the first page as a grey picture, as an office's printer would make it."""
        paper = self.page.pdf(**A4)
        document = pypdfium2.PdfDocument(paper)
        if not document[0].get_textpage().get_text_range().strip():
            self.note(address, "print", ["the first page is empty"])
        picture = document[0].render(scale=1.3, grayscale=True).to_pil()
        picture.save(self.folder("print") / f"{name}.jpg", quality=70)

    def note(self, address, width, faults):
        self.faults += [(address, width, fault) for fault in faults]

    def folder(self, width):
        folder = FOLDER / f"{self.language}-{width}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


@pytest.fixture
def photographer(page, site, speak, language):
    speak(language)
    return Photographer(page, site, language)


@pytest.mark.usefixtures("target_to_come")
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_for_readers_show_everything(photographer):
    for address in reading_pages():
        photographer.take(address)

    assert photographer.faults == [], "\n".join(map(str, photographer.faults))


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_behind_login_show_everything(photographer, page, site):
    for name, addresses in pages_behind_login().items():
        sign_in(page, site, name)
        for address in addresses:
            photographer.take(address, who=f"{name}-")
        page.context.clear_cookies(name="sessionid")

    assert photographer.faults == [], "\n".join(map(str, photographer.faults))
