"""Every figure that a page prints leads with one click to where it is from, and that page shows
the same number with the same decimals."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from tests.browser.addresses import reading_pages
from tests.browser.exported import NUMBER
from tests.browser.seen import markup_only
from tests.browser.test_numbers import addresses_by_kind, exports, language_of

__all__ = ["exports"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LEAST = 300
ADDRESS = re.compile(
    r"^(/provenance/[a-z0-9.-]+/\d{4}/|/targets/[a-z0-9-]+/provenance/(\?as_of=\d+)?)"
    r"([?&](?P<moment>at=[0-9-]+))?$"
)
COLLECT = """() => {
  const bare = (each) => {
    const copy = each.cloneNode(true);
    copy.querySelectorAll(".visually-hidden, .mark").forEach((other) => other.remove());
    return copy.textContent.replace(/\\s+/g, " ").trim();
  };
  const cells = [...document.querySelectorAll("[data-exported-series] td")]
    .filter((cell) => bare(cell) !== "—");
  return [...document.querySelectorAll("[data-exported]"), ...cells].map((each) => ({
    text: bare(each), name: each.textContent.trim(), reference: each.dataset.exported || "",
    addresses: [each.closest("a"), ...each.querySelectorAll("a")].filter(Boolean)
      .map((link) => link.getAttribute("href")),
  }));
}"""


class Links(HTMLParser):
    """Links within links, which a browser would take apart."""

    def __init__(self):
        super().__init__()
        self.open, self.nested = 0, []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            if self.open:
                self.nested.append(dict(attrs).get("href"))
            self.open += 1

    def handle_endtag(self, tag):
        if tag == "a":
            self.open -= 1


def nested_links(text):
    links = Links()
    links.feed(text)
    return links.nested


def numbers_in(text):
    return set(NUMBER.findall(text.replace("\N{MINUS SIGN}", "-")))


def moment_of(address):
    return next((part for part in re.split("[?&]", address) if part.startswith("at=")), "")


class Walk:
    """What leads where, over all pages."""

    def __init__(self, page, site):
        self.page, self.site = page, site
        self.problems, self.led_to, self.figures = [], {}, 0

    def open(self, address):
        response = self.page.goto(self.site + address)
        if nested := nested_links(response.text()):
            self.problems.append((address, "links within links", nested))
        for seen in self.page.evaluate(COLLECT):
            self.figure(address, seen)

    def figure(self, address, seen):
        self.figures += 1
        led = [ADDRESS.match(each) for each in seen["addresses"]]
        # What stood on a day is from what stood on that day.
        if len(led) != 1 or not led[0] or (led[0]["moment"] or "") != moment_of(address):
            self.problems.append((address, seen))
            return
        asked = self.led_to.setdefault(seen["addresses"][0], set())
        if not seen["reference"].endswith(" stated"):
            asked |= numbers_in(seen["text"])

    def follow(self):
        for address, asked in self.led_to.items():
            response = self.page.request.get(self.site + address)
            if response.status != 200:
                self.problems.append((address, response.status))
                continue
            text = response.text()
            body = re.sub(r"<[^>]+>", " ", text[text.index("<main") : text.index("</main>")])
            if missing := asked - numbers_in(body):
                self.problems.append((address, "does not show", missing))


@pytest.mark.usefixtures("target_to_come")
def test_every_figure_leads_to_where_it_is_from(page, rich_site, exports):
    markup_only(page)
    walk = Walk(page, rich_site)
    addresses = dict.fromkeys([
        *reading_pages(),
        # Pages of provenance themselves are all followed below.
        *[address for kind, address in addresses_by_kind(exports) if kind != "provenance"],
        reverse("reports:overview") + "?goal=2015&key=1",
        reverse("reports:indicator", args=["made-up-rate"]) + "?year=2015",
    ])  # fmt: skip

    for address in addresses:
        walk.open(address)
    walk.follow()

    print(f"{walk.figures} figures on {len(addresses)} pages lead to {len(walk.led_to)}")  # noqa: T201
    assert walk.problems == [], "\n".join(map(str, walk.problems[:40]))
    assert len(walk.led_to) >= LEAST


def test_a_figure_looks_like_a_figure_until_it_is_pointed_at(page, rich_site):
    language_of(page, rich_site, "en")
    page.goto(rich_site + reverse("reports:target", args=["hainan-2013-032"]))
    link = page.locator("table.observations a[data-exported]").first
    style = (
        "(each) => { const of = getComputedStyle(each); return [of.color, of.textDecorationLine]; }"
    )
    around = page.locator("table.observations td.num").first.evaluate(
        "(each) => getComputedStyle(each).color"
    )

    assert link.evaluate(style) == [around, "none"]
    link.hover()
    assert link.evaluate(style) == [around, "underline"]
    link.focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert re.fullmatch(r"[≥≤~a-z ]*\d[\d.]* ?%?.*", link.inner_text())
    link.click()
    assert "/provenance/" in page.url
    assert page.locator("h1").count() == 1
