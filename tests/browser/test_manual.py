"""The way that the manual describes, walked in Chromium; its pictures are taken on the way.

With MANUAL_PICTURES=1 they are stored where the manual shows them.
"""

import os

import pytest
from playwright.sync_api import expect

from indicators.actions import jobs
from indicators.enums import State
from indicators.models import Import, JudgementVersion, ObservationVersion
from reports.manual_pictures import PICTURES
from tests.browser.conftest import sign_in
from tests.browser.looker import violations
from tests.browser.manual_world import SOURCE, make_world
from tests.reports.pictures import jpeg_size
from tests.reports.test_manual import ADDRESS, FOLDER, MOST_BYTES, MOST_BYTES_TOGETHER

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUALITY = 60
MARGIN = 8
STILL_MS = 150
# Higher than any picture, so that nothing of a page hides behind its sticky bar.
VIEWPORT = {"width": 1100, "height": 1600}
# A4 less its margins, at 96 dots an inch.
PAPER = {"width": 688, "height": 1001}
# What a page fills of that, with the margin.
LEFT, WIDTH = 16, 1068
EVIDENCE = {"name": "抽检报告（演示）.pdf", "mimeType": "application/pdf",
            "buffer": b"%PDF-1.7\ndemonstration\n%%EOF"}  # fmt: skip
LINES = [
    "指标序列,年份,数值,来源",
    f"990000.f3-green-food.all,2019,263,{SOURCE.format(2019)}",
    f"990000.f4-origin.all,2019,26,{SOURCE.format(2019)}",
    f"990000.f4-origin.all,2020,22,{SOURCE.format(2020)}",
]


class Camera:
    """Takes the pictures of the list, each once."""

    def __init__(self, page):
        self.page, self.taken = page, {}

    def take(self, name, *, above, below):
        """The page's whole width, from the upper edge of one element to the lower edge of another,
        so that a page that grows a line moves no cut."""
        self.page.evaluate("window.scrollTo(0, 0)")
        top, bottom = self.edges(above, below)
        assert 0 <= top < bottom <= VIEWPORT["height"], (name, top, bottom)
        clip = {"x": LEFT, "y": top, "width": WIDTH, "height": bottom - top}
        self.taken[name] = self.page.screenshot(
            clip=clip, type="jpeg", quality=QUALITY, animations="disabled"
        )

    def edges(self, above, below):
        """Once nothing moves any more."""
        before = None
        while before != (now := self.edges_now(above, below)):
            before = now
            self.page.wait_for_timeout(STILL_MS)
        return now

    def edges_now(self, above, below):
        first = self.page.locator(above).first.bounding_box()
        last = self.page.locator(below).last.bounding_box()
        return round(first["y"]) - MARGIN, round(last["y"] + last["height"]) + 1


@pytest.fixture
def site(live_server, settings, tmp_path):
    settings.OPEN_READING = True
    settings.ALLOWED_HOSTS = ["*"]
    settings.MEDIA_ROOT = tmp_path
    return live_server.url


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def camera(page):
    page.set_viewport_size(VIEWPORT)
    page.set_default_timeout(10_000)
    return Camera(page)


def cell(page, name, year):
    return page.locator(cell_of(name, year))


def cell_of(name, year):
    return f'#entry-grid td[data-key="990000.{name}.all:{year}"]'


def row_of(name):
    return f'#entry-grid tr:has(td[data-key^="990000.{name}.all:"])'


def type_in(page, name, year, text):
    """Type over what stands in the field and wait for the answer."""
    field = cell(page, name, year).locator('input[name="value"]')
    field.fill(text)
    with page.expect_response(f"**/990000.{name}.all/{year}/"):
        field.press("Enter")
    page.wait_for_function(
        "cell => document.querySelector(cell + ' .cell__now').dataset.kind !== 'saving'",
        arg=cell_of(name, year),
    )


def states(name):
    """What the newest versions of the round's years say, and where they are."""
    versions = ObservationVersion.objects.filter(
        observation__series__code=f"990000.{name}.all", observation__year__gte=2019
    )
    return {
        each.observation.year: (each.value_as_stated, each.state)
        for each in versions.select_related("observation").order_by("number")
    }


def test_the_way_that_the_manual_describes(page, site, world, camera):
    sign_in(page, site, "official")
    see_the_tasks(page, site, camera)
    enter_figures(page, world, camera)
    be_refused(page, camera)
    fill_in_details(page, camera)
    meet_a_colleague(page, world, camera)
    submit(page)
    import_a_file(page, site, camera)
    submit_the_rest(page, site, world)
    judge(page, site, camera)
    print_the_form(page, site, world, camera)
    page.context.clear_cookies(name="sessionid")
    sign_in(page, site, "reviewer")
    review(page, site, camera)
    follow_the_reporting(page, site, camera)

    assert camera.taken.keys() == PICTURES.keys()
    lengths = {name: len(content) for name, content in camera.taken.items()}
    assert {name: length for name, length in lengths.items() if length >= MOST_BYTES} == {}
    assert sum(lengths.values()) < MOST_BYTES_TOGETHER
    if os.environ.get("MANUAL_PICTURES") == "1":
        for name, content in camera.taken.items():
            (FOLDER / f"{name}.jpg").write_bytes(content)
        # Here stands what the list has to say.
        sizes = {name: jpeg_size(content) for name, content in camera.taken.items()}
        assert sizes == {name: (each.width, each.height) for name, each in PICTURES.items()}


def see_the_tasks(page, site, camera):
    page.goto(f"{site}/entry/")
    camera.take("tasks", above="main h1", below=".task-round")


def enter_figures(page, world, camera):
    page.locator(f'.task-round a.button[href="/entry/{world.round.pk}/"]').click()
    page.locator("#entry-source summary").click()
    page.locator("#source-title").fill(SOURCE.format(2020))
    page.locator("#entry-source summary").click()
    type_in(page, "f1-produce", 2020, "98.40")
    type_in(page, "f2-processed", 2020, "94.9")
    expect(cell(page, "f1-produce", 2020).locator(".badge--green")).to_be_visible()
    expect(cell(page, "f2-processed", 2020).locator(".badge--red")).to_be_visible()

    camera.take("grid", above="#entry-grid", below=".entry-bar")
    assert states("f1-produce") == {2019: ("97.9", State.SUBMITTED), 2020: ("98.40", State.DRAFT)}


def be_refused(page, camera):
    type_in(page, "f3-green-food", 2019, "约263")
    type_in(page, "f2-processed", 2020, "0.95")
    type_in(page, "f3-green-food", 2020, "720")
    refused = [
        f"{cell_of('f3-green-food', 2019)} .errorlist",
        f"{cell_of('f2-processed', 2020)} .cell__question button",
        f"{cell_of('f3-green-food', 2020)} .cell__question button",
    ]
    for each in refused:
        expect(page.locator(each)).to_be_visible()

    camera.take("refused", above=row_of("f2-processed"), below=row_of("f3-green-food"))
    for name, year in [("f3-green-food", 2019), ("f2-processed", 2020), ("f3-green-food", 2020)]:
        cell(page, name, year).locator('input[name="value"]').press("Escape")
    expect(page.locator("#entry-grid form.is-unsaved")).to_have_count(0)
    assert states("f3-green-food") == {2019: ("268", State.RETURNED)}


def fill_in_details(page, camera):
    """Of a figure that falls short, whose counts agree with it."""
    cell(page, "f2-processed", 2020).locator('input[name="value"]').press("F2")
    panel = page.locator("tr.entry-further")
    typed = {
        "numerator": "1898", "denominator": "2000", "published_on": "2021-03-05",
        "shortfall_reason": "新增小微企业抽检批次，不合格较多。",
        "next_steps": "开展小作坊专项整治，下半年复检。",
    }  # fmt: skip
    for name, text in typed.items():
        panel.locator(f'[name="{name}"]').fill(text)
    panel.locator('input[type="file"]').set_input_files(EVIDENCE)
    expect(panel.locator("[data-files] a")).to_have_count(1)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        panel.locator("[data-save]").click()
    expect(page.locator(f"{cell_of('f2-processed', 2020)} form.is-unsaved")).to_have_count(0)

    # Not further: the button to choose a file is the browser's own, in its own language.
    camera.take("details", above=row_of("f2-processed"), below="tr.entry-further [data-files]")
    panel.locator("[data-close]").click()


def meet_a_colleague(page, world, camera):
    """Who was faster; the later one keeps his own."""
    world.say("f3-green-food", 2020, "306", by="colleague")
    type_in(page, "f3-green-food", 2020, "308")

    where = cell_of("f3-green-food", 2020)
    expect(page.locator(f"{where} .cell__both")).to_be_visible()
    camera.take("conflict", above=row_of("f3-green-food"), below=row_of("f3-green-food"))
    page.locator(f'{where} button[name="read_version"]').click()
    expect(page.locator("#entry-grid form.is-unsaved")).to_have_count(0)
    assert states("f3-green-food")[2020] == ("308", State.DRAFT)


def submit(page):
    """What the department has saved; 18 of 20 lacks the reason for the shortfall and stays."""
    type_in(page, "f4-origin", 2020, "18")
    page.locator("#submit-many button").click()
    page.wait_for_selector("main [role=alert]")
    assert states("f1-produce")[2020] == ("98.40", State.SUBMITTED)
    assert states("f2-processed")[2020] == ("94.9", State.SUBMITTED)
    assert states("f3-green-food")[2020] == ("308", State.SUBMITTED)
    assert states("f4-origin") == {2020: ("18", State.DRAFT)}


def import_a_file(page, site, camera):
    """Three figures: one was returned, one is new and asked back, one replaces a draft."""
    page.goto(f"{site}/entry/imports/new/")
    content = "\r\n".join([*LINES, ""]).encode("utf-8-sig")
    page.locator('main input[type="file"]').set_input_files(
        {"name": "演示数据.csv", "mimeType": "text/csv", "buffer": content}
    )
    with page.expect_navigation():
        page.locator('main form[enctype] button[type="submit"]').click()
    assert jobs.work_off_one()
    page.reload()

    camera.take("import", above="main .breadcrumb", below="main table")
    page.locator("#confirmed").check()
    with page.expect_navigation():
        page.locator('form[action$="/store/"] button').click()
    assert jobs.work_off_one()
    assert Import.objects.get().state == "stored"
    assert states("f3-green-food")[2019] == ("263", State.DRAFT)
    assert states("f4-origin") == {2019: ("26", State.DRAFT), 2020: ("22", State.DRAFT)}


def submit_the_rest(page, site, world):
    page.goto(f"{site}/entry/{world.round.pk}/")
    with page.expect_navigation():
        page.locator("#submit-many button").click()
    assert states("f3-green-food")[2019] == ("263", State.SUBMITTED)
    assert states("f4-origin") == {2019: ("26", State.SUBMITTED), 2020: ("22", State.SUBMITTED)}


def judge(page, site, camera):
    page.goto(f"{site}/entry/")
    page.locator("details:has(.task-figures__wide) summary").click()
    page.locator(".task-figures__wide a").first.click()
    page.locator('input[name="outcome"][value="partly"]').check()
    page.locator('[name="narrative"]').fill(
        "追溯平台已于2020年6月上线，覆盖全部规模以上生产主体；小散主体尚未全部纳入。"
    )
    page.locator('input[type="file"]').set_input_files(EVIDENCE)

    camera.take("judge", above="main .breadcrumb", below='.field:has([name="narrative"])')
    with page.expect_navigation():
        page.locator('button[name="step"][value="submit"]').click()
    assert JudgementVersion.objects.get().state == State.SUBMITTED


def print_the_form(page, site, world, camera):
    page.goto(f"{site}/entry/{world.round.pk}/materials/")
    page.locator(f'main a[href$="/form/{world.department.pk}/"]').click()

    camera.take("paper", above="article.paper .page-head", below=".signatures")


def review(page, site, camera):
    page.goto(f"{site}/review/")
    figure = f"article:has(#version-figure-{waiting('f2-processed', 2020)})"

    camera.take("review", above=figure, below=figure)
    with page.expect_navigation():
        page.locator(f"{figure} .review-foot > form button").click()
    assert states("f2-processed")[2020] == ("94.9", State.APPROVED)


def waiting(name, year):
    versions = ObservationVersion.objects.filter(state=State.SUBMITTED, observation__year=year)
    return versions.get(observation__series__code=f"990000.{name}.all").pk


def follow_the_reporting(page, site, camera):
    page.goto(f"{site}/review/completeness/?area=990000")

    camera.take("progress", above="main h1", below="section:has(#departments) table")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_manual_is_accessible_complete_and_fits_a_phone_and_paper(page, site, heard, language):
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site}])
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site + ADDRESS)
    shown = pictures(page).evaluate_all("all => all.map(each => [each.naturalWidth, each.width])")
    assert shown == [[each.width, each.width] for each in in_order(page)]
    assert violations(page) == []

    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert violations(page) == []

    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") == PAPER["width"]
    figures = page.locator("figure").all()
    assert len(figures) == len(PICTURES)
    for figure in figures:
        assert figure.evaluate("each => getComputedStyle(each).breakInside") == "avoid"
        assert figure.bounding_box()["height"] < PAPER["height"]
    assert heard.outside(site) == []
    assert heard.complaints == []


def pictures(page):
    """Without the mark in the header."""
    return page.locator(".manual-picture img")


def in_order(page):
    """The pictures as they stand on the page."""
    sources = pictures(page).evaluate_all("all => all.map(each => each.src)")
    return [PICTURES[each.rsplit("/", 1)[1].removesuffix(".jpg")] for each in sources]
