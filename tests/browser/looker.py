"""What a machine can see of the page that is open, at three widths and on paper.

`PICTURES=1` (`make pictures`, `.ci/run`) has pictures taken, too, for people to look at: they stay
in .ci/pictures/LANGUAGE-WIDTH/ and LANGUAGE-print/.
"""

import os
import re
from pathlib import Path

import pypdfium2
from django.conf import settings

from tests.browser.seen import open_whole

FOLDER = settings.BASE_DIR / ".ci" / "pictures"
PICTURES_WANTED = bool(os.environ.get("PICTURES"))
HERE = Path(__file__).parent
AXE = HERE / "vendor" / "axe.min.js"
FAULTS = (HERE / "faults.js").read_text(encoding="utf-8")
DESK = {"width": 1280, "height": 900}
SIZES = [{"width": 360, "height": 740}, DESK, {"width": 1920, "height": 1080}]
A4 = {"format": "A4", "print_background": True, "prefer_css_page_size": True}
STILL_MS = 120


def violations(page):
    """What axe-core finds on the page that is open."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations")
    return [(page.url, rule["id"], node["html"][:160]) for rule in found for node in rule["nodes"]]


class Looker:
    """Opens pages and notes what is wrong on which."""

    def __init__(self, page, site, language):
        self.page, self.site, self.language = page, site, language
        self.found = []

    def look(self, address, *, who=""):
        self.page.set_viewport_size(DESK)
        open_whole(self.page, self.site + address)
        said = self.page.locator("html").get_attribute("lang").lower()
        self._note(address, "language", [said] if said != self.language else [])
        self._note(address, "axe", violations(self.page))
        self.page.evaluate("window.scrollTo(0, 0)")
        name = f"{who}{re.sub(r'[^0-9A-Za-z.-]+', '_', address).strip('_') or 'overview'}"
        for size in SIZES:
            self._look_at(address, size, name)
        self._print(address, name)

    def _look_at(self, address, size, name):
        width = size["width"]
        self.page.set_viewport_size(size)
        # What follows the width, as charts do, draws itself anew.
        self.page.wait_for_timeout(STILL_MS)
        needed = self.page.evaluate("document.documentElement.scrollWidth")
        self._note(address, width, [f"{needed} wide"] if needed > width else [])
        self._note(address, width, self.page.evaluate(FAULTS))
        if PICTURES_WANTED:
            self.page.screenshot(
                path=self._folder(width) / f"{name}.jpg", full_page=True, type="jpeg", quality=70,
                animations="disabled",
            )  # fmt: skip

    def _print(self, address, name):
        """On A4; the first page as a grey picture, as an office's printer would make it."""
        first = pypdfium2.PdfDocument(self.page.pdf(**A4))[0]
        is_empty = not first.get_textpage().get_text_range().strip()
        self._note(address, "print", ["the first page is empty"] if is_empty else [])
        if PICTURES_WANTED:
            picture = first.render(scale=1.3, grayscale=True).to_pil()
            picture.save(self._folder("print") / f"{name}.jpg", quality=70)

    def _note(self, address, where, problems):
        self.found += [(address, where, each) for each in problems]

    def _folder(self, width):
        folder = FOLDER / f"{self.language}-{width}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder
