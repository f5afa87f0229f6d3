"""A department's whole year, by keyboard alone: tasks, a pasted block, a conflict, sending, recall,
signature, return, mending, approval and a correction."""

from decimal import Decimal

import pytest

from indicators.actions import entry
from indicators.actions.entry import EnteredFigure
from indicators.models import Observation, ObservationVersion, Series
from targets_site.audit.models import Entry
from tests.factories import (
    make_department,
    make_indicator,
    make_official,
    make_reading,
    make_reviewer,
    make_round,
    make_series,
    make_signer,
    make_target,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ["apples", "bread", "cheese"]
FURTHEST = 150


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, page, site):
        self.page, self.site = page, site

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text):
        self.page.keyboard.type(text)

    def reach(self, selector, *, key="Tab"):
        """Press until the focus stands on what the selector names."""
        for _turn in range(FURTHEST):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.press(key)
        raise AssertionError(f"the keyboard does not reach {selector}")

    def follow(self, selector):
        """Reach it, press Enter, and be on the page that comes."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.press("Enter")

    def sign_in(self, name):
        self.page.context.clear_cookies(name="sessionid")
        self.page.goto(self.site + "/accounts/login/")
        self.reach("#id_username")
        self.type(name)
        self.press("Tab")
        self.type("Passw0rd-2026")
        with self.page.expect_navigation():
            self.press("Enter")

    def paste(self, block):
        self.page.evaluate("block => navigator.clipboard.writeText(block)", block)
        self.press("Control+v")


@pytest.fixture
def site(live_server, settings, tmp_path):
    settings.ALLOWED_HOSTS = ["*"]
    settings.MEDIA_ROOT = tmp_path
    return live_server.url


@pytest.fixture
def keyboard(context, page, site):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    return Keyboard(page, site)


@pytest.fixture
def department(transactional_db):
    return make_department()


@pytest.fixture
def people(department):
    return {
        "official": make_official("official", department),
        "colleague": make_official("colleague", department),
        "signer": make_signer("signer", department),
        "reviewer": make_reviewer("reviewer", department.area),
    }


@pytest.fixture
def round_(department):
    for name in NAMES:
        indicator = make_indicator(name, name_zh=name, name_en=name)
        series = make_series(indicator=indicator, department=department)
        make_reading(make_target(f"plan-2011-00{NAMES.index(name) + 1}"), series)
    return make_round(department.area, 2020, name="2020年年报")


def cell(name):
    return f'#entry-grid [data-key$=".{name}.all:2020"]'


def newest(name):
    series = Series.objects.get(indicator__code=name)
    return ObservationVersion.objects.filter(observation__series=series).order_by("number").last()


def states():
    return {name: newest(name).state for name in NAMES}


def to_the_grid(keyboard, round_):
    keyboard.follow('a[href="/entry/"]')
    assert "我的任务" in keyboard.page.locator("h1").inner_text()
    keyboard.follow(f'a[href="/entry/{round_.pk}/"]')


def stored(page, name, value):
    """Waits until the cell says that the value is stored."""
    page.wait_for_function(
        "([cell, value]) => { const form = document.querySelector(cell + ' form.cell');"
        " return form.dataset.state !== 'empty' && !form.classList.contains('is-unsaved')"
        " && form.elements.value.value === value; }",
        arg=[cell(name), value],
    )


def decide_all(keyboard, button):
    keyboard.reach("#choose-all")
    keyboard.press("Space")
    keyboard.follow(button)


def test_a_departments_year_by_keyboard_alone(keyboard, site, people, round_):
    page = keyboard.page
    keyboard.sign_in("official")
    to_the_grid(keyboard, round_)

    # A block from a sheet; then the sources, once for all.
    keyboard.reach(f"{cell('apples')} input[name=value]")
    keyboard.paste("98.50\r\n９7.2\r\n96.0\r\n")
    for name, value in [("apples", "98.50"), ("bread", "97.2"), ("cheese", "96.0")]:
        stored(page, name, value)
    assert states() == dict.fromkeys(NAMES, "draft")
    assert newest("apples").value_as_stated == "98.50"

    # A colleague was faster at one cell: both are shown, and the official decides.
    entry.save(
        series=Series.objects.get(indicator__code="bread"),
        year=2020,
        figure=EnteredFigure(Decimal("97.9"), 1, source_title="同事的来源"),
        read_version=1,
        by=people["colleague"],
    )
    keyboard.reach(f"{cell('bread')} input[name=value]")
    keyboard.press("Control+a")
    keyboard.type("98.1")
    keyboard.press("Enter")
    page.wait_for_selector(f"{cell('bread')} button[name=read_version]")
    assert "97.9" in page.locator(cell("bread")).inner_text()
    keyboard.reach(f"{cell('bread')} button[name=read_version]", key="Shift+Tab")
    keyboard.press("Enter")
    stored(page, "bread", "98.1")
    assert (newest("bread").number, newest("bread").value_as_stated) == (3, "98.1")

    # Without a source nothing goes on, and it says which.
    keyboard.follow("#submit-many button")
    assert set(states().values()) == {"draft"}
    for name in NAMES:
        keyboard.reach(f"{cell(name)} input[name=value]")
        keyboard.press("F2")
        keyboard.reach(".entry-further [name=source_title]")
        keyboard.type("2020年质量公报")
        if name != "apples":
            falls_short(keyboard)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            keyboard.press("Escape")
        page.wait_for_selector(f"{cell(name)} form.is-unsaved", state="detached")
    keyboard.follow("#submit-many button")
    assert states() == dict.fromkeys(NAMES, "to_sign")

    # Taken back, changed, and sent again.
    keyboard.reach(f"{cell('cheese')} button[formaction]")
    keyboard.press("Enter")
    page.wait_for_selector(f"{cell('cheese')} form[data-state=draft]")
    keyboard.reach(f"{cell('cheese')} input[name=value]", key="Shift+Tab")
    keyboard.press("Control+a")
    keyboard.type("96.5")
    keyboard.press("Enter")
    stored(page, "cheese", "96.5")
    keyboard.follow("#submit-many button")
    assert states() == dict.fromkeys(NAMES, "to_sign")

    keyboard.sign_in("signer")
    keyboard.follow('a[href="/review/sign/"]')
    decide_all(keyboard, "#decide > .row > button")
    assert states() == dict.fromkeys(NAMES, "submitted")

    # The reviewer returns one with his words and approves the others.
    keyboard.sign_in("reviewer")
    keyboard.follow('a[href="/review/"]')
    returned = f"#version-figure-{newest('cheese').pk}"
    keyboard.reach(f"article:has({returned}) details:has(textarea) summary")
    keyboard.press("Enter")
    keyboard.reach("textarea")
    keyboard.type("请附检测报告编号")
    keyboard.follow(f"article:has({returned}) button.button--danger")
    assert newest("cheese").state == "returned"
    decide_all(keyboard, "#decide > .row > button")
    assert states() == {"apples": "approved", "bread": "approved", "cheese": "returned"}

    # Mended where the reviewer's words stand, signed and approved.
    keyboard.sign_in("official")
    keyboard.follow('a[href="/entry/"]')
    assert "请附检测报告编号" in page.locator("main").inner_text()
    keyboard.follow(f'a[href="/entry/{round_.pk}/"]')
    keyboard.reach(f"{cell('cheese')} input[name=value]")
    keyboard.press("F2")
    keyboard.reach(".entry-further [name=remark]")
    keyboard.type("报告编号 2020-117")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        keyboard.press("Escape")
    page.wait_for_selector(f"{cell('cheese')} form[data-state=draft]")
    keyboard.follow("#submit-many button")
    pass_on(keyboard)
    assert states() == dict.fromkeys(NAMES, "approved")

    # An approved figure is corrected with a reason; the old one counts until that is approved.
    keyboard.sign_in("official")
    keyboard.page.goto(f"{site}/entry/{round_.pk}/")
    keyboard.reach(f"{cell('apples')} input[name=value]")
    keyboard.press("F2")
    keyboard.reach(".entry-further [name=source_title]")
    keyboard.type("2020年质量公报（更正）")
    keyboard.reach(".entry-further [name=correction_reason]")
    keyboard.type("公报更正")
    keyboard.reach(f"{cell('apples')} input[name=value]", key="Shift+Tab")
    keyboard.press("Control+a")
    keyboard.type("98.60")
    keyboard.press("Enter")
    stored(page, "apples", "98.60")
    keyboard.follow("#submit-many button")
    observation = Observation.objects.get(series__indicator__code="apples")
    assert observation.in_force.value_as_stated == "98.50"
    pass_on(keyboard)

    observation.refresh_from_db()
    assert observation.in_force.value_as_stated == "98.60"
    assert observation.in_force.correction_reason == "公报更正"
    old = observation.versions.filter(state="approved").order_by("number").first()
    assert old.value_as_stated == "98.50"
    for name in NAMES:
        versions = ObservationVersion.objects.filter(observation__series__indicator__code=name)
        numbers = sorted(versions.values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
    steps = Entry.objects.filter(object__startswith="observation:", action="save").count()
    recalled = Entry.objects.filter(action="recall").count()
    assert steps + recalled == ObservationVersion.objects.count()


def falls_short(keyboard):
    """What a figure below its target needs before it goes on."""
    keyboard.reach(".entry-further [name=shortfall_reason]")
    keyboard.type("检测范围扩大")
    keyboard.reach(".entry-further [name=next_steps]")
    keyboard.type("加强监管")


def pass_on(keyboard):
    """The signer signs and the reviewer approves all that waits."""
    keyboard.sign_in("signer")
    keyboard.follow('a[href="/review/sign/"]')
    decide_all(keyboard, "#decide > .row > button")
    keyboard.sign_in("reviewer")
    keyboard.follow('a[href="/review/"]')
    decide_all(keyboard, "#decide > .row > button")
