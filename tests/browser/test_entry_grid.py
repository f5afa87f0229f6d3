"""The grid of a round in Chromium: the keyboard, Excel, two people, a broken connection."""

import re

import pytest
from playwright.sync_api import expect

from indicators.enums import State
from indicators.models import Attachment, ObservationVersion
from tests.browser.conftest import sign_in
from tests.browser.test_every_page import violations
from tests.factories import (
    make_department,
    make_figure,
    make_indicator,
    make_official,
    make_reading,
    make_round,
    make_series,
    make_target,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ["apples", "bread", "cheese", "dates"]
COPY = """block => {
    const carried = new DataTransfer();
    carried.setData("text/plain", block);
    const event = new ClipboardEvent("paste", {
        clipboardData: carried, bubbles: true, cancelable: true,
    });
    document.activeElement.dispatchEvent(event);
}"""


@pytest.fixture
def own_site(live_server, settings, tmp_path):
    settings.ALLOWED_HOSTS = ["*"]
    settings.MEDIA_ROOT = tmp_path
    return live_server.url


@pytest.fixture
def department(transactional_db):
    return make_department()


@pytest.fixture
def round_(department):
    """Four rates of two years, the second held to a target."""
    for name in NAMES:
        indicator = make_indicator(name, name_en=name.capitalize(), name_zh=name)
        make_series(indicator=indicator, department=department)
    return make_round(department.area, 2019, 2020, name="Figures of 2019 and 2020")


@pytest.fixture
def official(department):
    return make_official("official", department)


@pytest.fixture
def grid(page, own_site, official, round_):
    """The grid as the official sees it, in English."""
    return open_grid(page, own_site, "official", round_)


def open_grid(page, site, name, round_):
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": site}])
    sign_in(page, site, name)
    page.goto(f"{site}/entry/{round_.pk}/")
    return page


def cell(page, name, year):
    return page.locator(f'[data-key$=".{name}.all:{year}"]')


def field(page, name, year):
    return cell(page, name, year).locator('input[name="value"]')


def expect_saved(page, name, year):
    expect(cell(page, name, year).locator(".cell__state")).to_contain_text("Saved")
    expect(cell(page, name, year).locator(".cell__now")).to_be_hidden()


def stored():
    """By series and year, the newest value."""
    versions = ObservationVersion.objects.order_by("number").select_related("observation__series")
    return {
        (each.observation.series.indicator.code, each.observation.year): each.value_as_stated
        for each in versions
    }


def in_focus(page):
    return page.evaluate("document.activeElement.closest('td')?.dataset.key")


# The keyboard


def test_a_column_is_entered_with_the_keyboard_alone(grid):
    field(grid, "apples", 2019).focus()
    grid.keyboard.type("98.1")
    grid.keyboard.press("Enter")
    grid.keyboard.type("98.2")
    grid.keyboard.press("Control+ArrowDown")
    grid.keyboard.type("98.3")
    grid.keyboard.press("Shift+Enter")
    assert in_focus(grid).endswith(".bread.all:2019")
    grid.keyboard.press("Control+ArrowRight")
    grid.keyboard.type("98.4")
    grid.keyboard.press("Control+ArrowUp")
    assert in_focus(grid).endswith(".apples.all:2020")

    for name, year in [("apples", 2019), ("bread", 2019), ("cheese", 2019), ("bread", 2020)]:
        expect_saved(grid, name, year)
    assert stored() == {
        ("apples", 2019): "98.1",
        ("bread", 2019): "98.2",
        ("cheese", 2019): "98.3",
        ("bread", 2020): "98.4",
    }
    expect(grid.locator("#entry-progress")).to_contain_text("Saved, not submitted 4")


def test_escape_brings_back_what_is_stored(grid):
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    expect_saved(grid, "apples", 2019)
    field(grid, "apples", 2019).focus()
    grid.keyboard.type("77")
    expect(cell(grid, "apples", 2019).locator(".cell__now")).to_have_text("Not saved yet")

    grid.keyboard.press("Escape")

    expect(field(grid, "apples", 2019)).to_have_value("98.1")
    expect(cell(grid, "apples", 2019).locator(".cell__now")).to_be_hidden()


@pytest.mark.parametrize("key", ["F2", "Alt+ArrowDown"])
def test_details_open_and_close_by_keyboard_and_are_saved_with_the_figure(grid, key):
    field(grid, "apples", 2019).focus()
    grid.keyboard.type("98.1")
    grid.keyboard.press(key)
    expect(grid.locator("#id_numerator")).to_be_focused()
    expect(grid.locator("#id_correction_reason")).to_be_hidden()
    grid.locator("#id_source_title").fill("Yearbook 2019")
    grid.locator("#id_obs_status").select_option("P")
    grid.locator("#id_remark").fill("first count")

    grid.keyboard.press("Escape")

    expect(field(grid, "apples", 2019)).to_be_focused()
    expect(grid.locator(".entry-further")).to_have_count(0)
    expect_saved(grid, "apples", 2019)
    version = ObservationVersion.objects.get()
    said = (version.source_title, version.obs_status, version.remark)
    assert said == ("Yearbook 2019", "P", "first count")


def test_numerator_and_denominator_make_the_rate(grid):
    field(grid, "apples", 2019).press("F2")
    grid.locator("#id_numerator").fill("1970")
    grid.locator("#id_denominator").fill("2000")
    grid.locator("#id_denominator").press("Enter")

    expect(field(grid, "apples", 2019)).to_have_value("98.50")
    expect(cell(grid, "apples", 2019)).to_contain_text("Computed: 1970 ÷ 2000 = 98.50 %")


def test_what_is_wrong_stands_under_its_field_and_at_the_figure_once_the_details_close(grid):
    field(grid, "apples", 2019).fill("98.1")
    field(grid, "apples", 2019).press("F2")
    grid.locator("#id_published_on").fill("last year")
    grid.locator("#id_source_url").fill("example.cn")
    grid.get_by_role("button", name="Save", exact=True).locator("visible=true").click()

    why = "“Published on”: write 2020, 2020-06 or 2020-06-05."
    expect(grid.locator("#wrong-published_on")).to_have_text(why)
    expect(grid.locator("#wrong-source_url")).to_contain_text("begin with http:// or https://")
    expect(grid.locator("#id_published_on")).to_have_attribute("aria-invalid", "true")
    expect(grid.locator("#id_source_url")).to_be_focused()
    expect(cell(grid, "apples", 2019).get_by_text(why)).to_be_hidden()
    assert stored() == {}
    expect(grid.locator(".entry-further")).to_contain_text("(required to submit)")

    grid.get_by_role("button", name="Close").click()

    expect(cell(grid, "apples", 2019).get_by_text(why)).to_be_visible()


# Confirmations


def test_a_fraction_is_confirmed_with_the_keyboard(grid):
    field(grid, "apples", 2019).fill("0.98")
    grid.keyboard.press("Enter")
    expect(cell(grid, "apples", 2019)).to_contain_text("you typed 0.98, that is 0.98 %")
    assert stored() == {}

    grid.keyboard.press("Shift+Enter")
    grid.keyboard.press("Tab")
    grid.keyboard.press("Enter")

    expect_saved(grid, "apples", 2019)
    assert stored() == {("apples", 2019): "0.98"}


def test_an_unusual_change_is_confirmed_and_the_target_met_exactly_is_not(grid):
    bread = make_indicator("bread").series.get()
    make_figure(bread, 2018, "98.4")
    make_reading(make_target(value="98"), bread)

    field(grid, "bread", 2019).fill("80")
    grid.keyboard.press("Enter")
    question = cell(grid, "bread", 2019).locator(".cell__question")
    expect(question).to_contain_text("98.4 % in 2018, now 80 % for 2019")
    field(grid, "bread", 2020).fill("98")
    grid.keyboard.press("Enter")

    expect_saved(grid, "bread", 2020)
    expect(cell(grid, "bread", 2020)).to_contain_text("Preview, seen by your department only")
    question.get_by_role("button").click()
    expect_saved(grid, "bread", 2019)
    assert stored()["bread", 2019] == "80"


# Excel


def test_a_block_copied_from_excel_fills_cells_to_the_right_and_down(grid):
    field(grid, "bread", 2019).focus()
    block = '98.1\t９８．２\r\n\t"98.4"\r\n1,0.5\t98.6\r\n1\t2\r\n'

    grid.evaluate(COPY, block)

    expect_saved(grid, "bread", 2019)
    expect_saved(grid, "bread", 2020)
    expect_saved(grid, "cheese", 2020)
    expect_saved(grid, "dates", 2020)
    expect(cell(grid, "dates", 2019)).to_contain_text("the comma stands in the wrong place")
    expect(field(grid, "dates", 2019)).to_have_value("1,0.5")
    assert stored() == {
        ("bread", 2019): "98.1",
        ("bread", 2020): "98.2",
        ("cheese", 2020): "98.4",
        ("dates", 2020): "98.6",
    }
    assert field(grid, "cheese", 2019).input_value() == ""


def test_what_does_not_fit_or_may_not_change_is_said(grid, own_site):
    field(grid, "dates", 2020).fill("98.6")
    grid.keyboard.press("Enter")
    expect_saved(grid, "dates", 2020)
    field(grid, "dates", 2020).press("F2")
    grid.locator("#id_source_title").fill("Yearbook")
    grid.get_by_role("button", name="Save and submit").click()
    expect(cell(grid, "dates", 2020).locator(".cell__state")).to_contain_text("Submitted")

    expect(grid.locator("#entry-said")).to_contain_text("Submitted")

    field(grid, "cheese", 2020).focus()
    grid.evaluate(COPY, "98.1\t98.2\n98.3\t98.4\n")

    expect(cell(grid, "dates", 2020).locator(".cell__now")).to_contain_text("Not written")
    what_came_of_it = "2 numbers pasted: 1 saved, 1 not written; 2 outside of the table not written"
    expect(grid.locator("#entry-said")).to_have_text(what_came_of_it)
    field(grid, "cheese", 2019).press("4")
    expect(grid.locator("#entry-said")).to_have_text("")
    assert stored() == {("cheese", 2020): "98.1", ("dates", 2020): "98.6"}
    newest = ObservationVersion.objects.filter(value="98.6").latest("number")
    assert newest.state == State.SUBMITTED


@pytest.mark.parametrize(
    ("block", "said", "values"),
    [
        pytest.param(
            "2019年\t2020\r\n98.1\t98.2\r\nabc\t98.4\r\n",
            "The heading in the first line was left out. 4 numbers pasted: 3 saved, 1 refused",
            {("apples", 2019): "98.1", ("apples", 2020): "98.2", ("bread", 2020): "98.4"},
            id="of-these-columns",
        ),
        pytest.param(
            "2018年\t2019年\r\n98.1\t98.2\r\n",
            "Apples 2019 %: The first line looks like a heading of other years: "
            "nothing was pasted. Copy the numbers only.",
            {},
            id="of-others",
        ),
    ],
)
def test_a_heading_pasted_along_is_no_figure(grid, block, said, values):
    field(grid, "apples", 2019).focus()

    grid.evaluate(COPY, block)

    expect(grid.locator("#entry-said")).to_have_text(said)
    assert stored() == values


# Two people


def test_two_people_at_once_see_both_values_and_decide(grid, browser, own_site, department, round_):
    make_official("colleague", department)
    other = open_grid(browser.new_context(locale="zh-CN").new_page(), own_site, "colleague", round_)
    field(other, "apples", 2019).fill("97.7")
    other.keyboard.press("Enter")
    expect_saved(other, "apples", 2019)

    field(grid, "apples", 2019).fill("98.8")
    grid.keyboard.press("Enter")

    mine = cell(grid, "apples", 2019)
    expect(mine.locator(".cell__now")).to_have_text("In conflict with somebody else")
    expect(mine.locator(".cell__both")).to_contain_text(re.compile(r"97\.7 %.*98\.8 %", re.S))
    expect(mine).to_contain_text("colleague")
    mine.get_by_role("button", name="Save mine").click()
    expect_saved(grid, "apples", 2019)
    assert stored() == {("apples", 2019): "98.8"}

    field(other, "apples", 2019).fill("96.6")
    other.keyboard.press("Enter")
    cell(other, "apples", 2019).get_by_role("link", name="Keep the stored one").click()
    expect(field(other, "apples", 2019)).to_have_value("98.8")
    expect_saved(other, "apples", 2019)
    assert ObservationVersion.objects.count() == 2


# Broken connections


def test_a_dropped_connection_keeps_what_was_typed_and_heals_by_itself(grid):
    grid.context.set_offline(True)
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    expect(cell(grid, "apples", 2019)).to_contain_text("Not saved: the connection broke off.")
    expect(field(grid, "apples", 2019)).to_have_value("98.1")
    expect(grid.locator("#entry-left")).to_have_text("Not saved: 1")
    grid.locator("#entry-left").click()
    expect(field(grid, "apples", 2019)).to_be_focused()
    assert stored() == {}

    grid.context.set_offline(False)

    # At once, and not only with the next attempt of its own, five seconds after the first.
    saved = cell(grid, "apples", 2019).locator(".cell__state")
    expect(saved).to_contain_text("Saved", timeout=3_000)
    assert stored() == {("apples", 2019): "98.1"}


def test_an_answer_that_never_comes_is_no_loss(grid):
    """The answer is lost on its way back: sent again, the figure is there once."""
    answers = []

    def lose_the_first(route):
        if not answers:
            answers.append(route.fetch().status)
            return route.abort()
        return route.continue_()

    grid.route("**/2019/", lose_the_first)
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    expect(cell(grid, "apples", 2019)).to_contain_text("the connection broke off")

    cell(grid, "apples", 2019).get_by_role("button", name="Try again").click()

    expect_saved(grid, "apples", 2019)
    assert answers == [200]
    assert ObservationVersion.objects.count() == 1


def test_a_server_that_cannot_answer_is_asked_again(grid):
    grid.route("**/2019/", lambda route: route.fulfill(status=503, body="Service unavailable"))
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    expect(cell(grid, "apples", 2019)).to_contain_text("the connection broke off")

    grid.unroute("**/2019/")

    expect(cell(grid, "apples", 2019).locator(".cell__state")).to_contain_text(
        "Saved", timeout=15_000
    )
    assert stored() == {("apples", 2019): "98.1"}


def test_a_login_that_has_ended_is_said_and_the_text_is_saved_after_the_next(grid, own_site):
    grid.context.clear_cookies(name="sessionid")
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    expect(cell(grid, "apples", 2019)).to_contain_text("you are no longer signed in")

    sign_in(grid.context.new_page(), own_site, "official")
    cell(grid, "apples", 2019).get_by_role("button", name="Try again").click()

    expect_saved(grid, "apples", 2019)
    assert stored() == {("apples", 2019): "98.1"}


def test_what_was_typed_is_not_saved_in_the_name_of_somebody_else(grid, own_site, department):
    make_official("colleague", department)
    other = grid.context.new_page()
    other.goto(own_site + "/entry/")
    other.locator(".sign-out button").click()
    sign_in(other, own_site, "colleague")

    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")

    expect(cell(grid, "apples", 2019)).to_contain_text("You are signed in as colleague now")
    assert stored() == {}


def test_what_is_typed_while_a_save_is_under_way_is_saved_too(grid):
    held = []
    grid.route("**/2019/", lambda route: route.continue_() if held else held.append(route))
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    grid.wait_for_function("document.querySelector('.cell__now[data-kind=saving]')")
    field(grid, "apples", 2019).fill("98.2")
    grid.keyboard.press("Enter")
    held[0].continue_()

    expect_saved(grid, "apples", 2019)
    expect(field(grid, "apples", 2019)).to_have_value("98.2")
    assert stored() == {("apples", 2019): "98.2"}


# Leaving


def test_leaving_with_unsaved_figures_warns_and_they_are_there_again_after_a_reload(grid, round_):
    warned = []
    grid.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
    field(grid, "apples", 2019).focus()
    grid.keyboard.type("98.1")

    grid.reload()

    assert warned == ["beforeunload"]
    expect(field(grid, "apples", 2019)).to_have_value("98.1")
    now = cell(grid, "apples", 2019).locator(".cell__now")
    expect(now).to_have_text("Not saved: kept in this browser")
    grid.get_by_role("button", name="Save all").click()
    expect_saved(grid, "apples", 2019)
    assert [key for key in kept(grid) if not key.endswith(":source")] == []
    grid.reload()
    assert warned == ["beforeunload"]


def kept(page):
    return page.evaluate("Object.keys(localStorage)")


def test_what_somebody_stored_meanwhile_is_not_overwritten_after_a_reload(
    grid, official, department, round_
):
    grid.on("dialog", lambda dialog: dialog.accept())
    field(grid, "apples", 2019).focus()
    grid.keyboard.type("98.1")
    apples = make_indicator("apples").series.get()
    make_figure(
        apples, 2019, "97.7", state=State.DRAFT, entered_by=make_official("colleague", department)
    )
    cell_row = apples.observations.get()
    cell_row.in_force = None
    cell_row.save()
    grid.reload()

    grid.get_by_role("button", name="Save all").click()

    expect(cell(grid, "apples", 2019)).to_contain_text("In conflict with somebody else")


def test_signing_out_leaves_nothing_in_the_browser(grid):
    grid.on("dialog", lambda dialog: dialog.accept())
    field(grid, "apples", 2019).focus()
    grid.keyboard.type("98.1")
    assert [key for key in kept(grid) if key.endswith(".apples.all:2019")] != []

    grid.locator(".sign-out button").click()

    grid.wait_for_load_state()
    assert kept(grid) == []


# Sources and evidence


def test_one_source_serves_the_figures_that_have_none_and_is_shown(grid):
    grid.get_by_text("One source for figures that have none").click()
    grid.locator("#source-title").fill("Yearbook 2020")
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    field(grid, "bread", 2019).press("F2")
    grid.locator("#id_source_title").fill("Letter of May")
    field(grid, "bread", 2019).fill("98.2")
    grid.keyboard.press("Enter")

    expect(cell(grid, "apples", 2019)).to_contain_text("Source: Yearbook 2020")
    expect(cell(grid, "bread", 2019)).to_contain_text("Source: Letter of May")


def test_the_common_source_reaches_figures_that_were_saved_without_one(grid):
    for name in ["apples", "bread", "cheese"]:
        field(grid, name, 2019).fill("98.1")
        grid.keyboard.press("Enter")
        expect_saved(grid, name, 2019)
    cell(grid, "cheese", 2019).get_by_role("checkbox").uncheck()
    cell(grid, "bread", 2019).get_by_role("link", name="No source yet").click()
    expect(grid.locator("#source-title")).to_be_focused()
    grid.keyboard.type("Yearbook 2020")
    fill_in = grid.get_by_role("button", name="Fill in for the 3 without a source on this page")
    expect(fill_in).to_be_visible()

    grid.get_by_role("button", name="Submit the ticked figures").click()

    messages = grid.locator(".message")
    expect(messages.nth(0)).to_have_text("The common source was filled into 2 figures.")
    expect(messages.nth(1)).to_have_text("Submitted: Apples 2019, Bread 2019.")
    grid.get_by_text("One source for figures that have none").click()
    grid.get_by_role("button", name="Fill in for the 1 without a source on this page").click()
    expect(grid.locator("#entry-said")).to_have_text("The common source was filled in: 1.")
    expect(cell(grid, "cheese", 2019)).to_contain_text("Source: Yearbook 2020")


def test_evidence_is_attached_and_removed_in_the_details(grid):
    field(grid, "apples", 2019).fill("98.1")
    field(grid, "apples", 2019).press("F2")
    letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF"}
    grid.locator("#id_evidence_file").set_input_files(letter)
    expect(cell(grid, "apples", 2019)).to_contain_text("1 evidence file")
    assert list(ObservationVersion.objects.get().evidence.all()) == [Attachment.objects.get()]
    tool = {"name": "tool.exe", "mimeType": "application/pdf", "buffer": b"MZ"}
    grid.locator("#id_evidence_file").set_input_files(tool)
    expect(grid.locator("[data-upload]")).to_contain_text("is of another kind")

    grid.get_by_role("button", name="Remove letter.pdf").click()
    grid.keyboard.press("Escape")

    expect(cell(grid, "apples", 2019)).not_to_contain_text("1 evidence file")
    assert list(ObservationVersion.objects.get(number=2).evidence.all()) == []


# Corrections and sending


def test_a_figure_in_force_is_corrected_with_its_reason(grid, own_site, round_):
    make_figure(make_indicator("apples").series.get(), 2019, "98.4")
    grid.reload()
    expect(field(grid, "apples", 2019)).to_have_attribute("readonly", "")

    cell(grid, "apples", 2019).get_by_role("link", name="Correct").click()
    expect(grid.locator("#id_correction_reason")).to_be_focused()
    grid.keyboard.type("counted twice")
    field(grid, "apples", 2019).fill("98.3")
    grid.keyboard.press("Enter")

    expect(cell(grid, "apples", 2019)).to_contain_text("In force: 98.4 %")
    version = ObservationVersion.objects.get(number=2)
    assert (version.value_as_stated, version.correction_reason) == ("98.3", "counted twice")


def test_what_was_saved_and_not_sent_says_both(grid):
    bread = make_indicator("bread").series.get()
    make_reading(make_target(value="98"), bread)
    field(grid, "bread", 2020).fill("96")
    field(grid, "bread", 2020).press("F2")
    grid.locator("#id_source_title").fill("Yearbook")
    grid.get_by_role("button", name="Save and submit").click()

    bread = cell(grid, "bread", 2020)
    why = "The figure falls short of a target: say why, and what comes next."
    said = re.compile(r"✓\s*Saved .*\d\d:\d\d, not submitted: " + re.escape(why) + "$")
    expect(bread.locator(".cell__state")).to_have_text(said, use_inner_text=True)
    expect(bread.locator(".cell__now")).to_be_hidden()
    expect(bread.get_by_role("checkbox")).to_be_checked()
    expect(bread.locator(".badge")).to_be_visible()
    expect(field(grid, "bread", 2020)).not_to_have_attribute("aria-invalid", "true")
    expect(grid.locator("#id_shortfall_reason")).to_be_focused()
    expect(grid.get_by_text(why).locator("visible=true")).to_have_count(3)
    assert stored() == {("bread", 2020): "96"}

    grid.keyboard.type("drought")
    grid.locator("#id_next_steps").fill("wells")
    grid.get_by_role("button", name="Save and submit").click()

    expect(bread.locator(".cell__state")).to_contain_text("Submitted")
    expect(grid.locator("#entry-said")).to_contain_text("Submitted")


def test_a_page_without_its_token_keeps_what_was_typed_and_says_so(grid):
    field(grid, "apples", 2019).focus()
    grid.context.clear_cookies(name="csrftoken")
    grid.evaluate(
        "() => { for (const each of document.getElementsByName('csrfmiddlewaretoken'))"
        " each.value = '' }"
    )
    grid.keyboard.type("98.1")
    grid.keyboard.press("Enter")
    expect(cell(grid, "apples", 2019)).to_contain_text("Not saved: this page has expired.")

    cell(grid, "apples", 2019).get_by_role("button", name="Reload").click()

    now = cell(grid, "apples", 2019).locator(".cell__now")
    expect(now).to_have_text("Not saved: kept in this browser")
    expect(field(grid, "apples", 2019)).to_have_value("98.1")


def test_ticked_figures_are_submitted_and_recalled_from_the_grid(grid):
    grid.get_by_text("One source for figures that have none").click()
    grid.locator("#source-title").fill("Yearbook 2020")
    field(grid, "apples", 2019).fill("98.1")
    grid.keyboard.press("Enter")
    grid.keyboard.type("98.2")
    grid.keyboard.press("Enter")
    expect_saved(grid, "bread", 2019)
    cell(grid, "bread", 2019).get_by_role("checkbox").uncheck()
    field(grid, "cheese", 2019).fill("98.3")

    grid.get_by_role("button", name="Submit the ticked figures").click()

    message = grid.locator(".message")
    expect(message).to_have_text("Submitted: Apples 2019, Cheese 2019.")
    expect(cell(grid, "bread", 2019).locator(".cell__state")).to_contain_text("Saved")
    cell(grid, "apples", 2019).get_by_role("button", name="Recall").click()
    expect_saved(grid, "apples", 2019)
    expect(field(grid, "apples", 2019)).to_be_editable()


# Without JavaScript, and for everybody


def test_a_figure_is_saved_and_submitted_without_javascript(browser, own_site, official, round_):
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = open_grid(context.new_page(), own_site, "official", round_)

    field(page, "apples", 2019).fill("98.1")
    cell(page, "apples", 2019).get_by_role("button", name="Save").click()
    expect(page.locator(".message")).to_have_text("Saved: Apples 2019, 98.1 %.")
    cell(page, "apples", 2019).get_by_role("link", name="Details").click()
    page.locator("#id_source_title").fill("Yearbook")
    page.get_by_role("button", name="Save and submit").click()

    expect(page.locator(".message")).to_have_text("Submitted: Apples 2019, 98.1 %.")
    version = ObservationVersion.objects.get(number=2)
    assert (version.state, version.source_title) == (State.SUBMITTED, "Yearbook")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_entry_are_accessible_and_fit_a_phone(
    grid, own_site, round_, heard, department, language
):
    make_reading(make_target(value="98"), make_indicator("bread").series.get())
    make_figure(make_indicator("dates").series.get(), 2019, "98.4")
    grid.context.add_cookies([{"name": "django_language", "value": language, "url": own_site}])
    grid.reload()
    field(grid, "bread", 2019).fill("96")
    grid.keyboard.press("Enter")
    expect(cell(grid, "bread", 2019).locator(".badge")).to_be_visible()
    field(grid, "cheese", 2019).fill("0.98")
    grid.keyboard.press("Enter")
    expect(cell(grid, "cheese", 2019).locator(".cell__question")).to_be_visible()
    field(grid, "bread", 2019).press("F2")
    found, wide = [], {}

    def look(name):
        for width in (1280, 360):
            grid.set_viewport_size({"width": width, "height": 800})
            found.extend(violations(grid))
            wide[name, width] = grid.evaluate("document.documentElement.scrollWidth") - width

    look("grid")
    grid.once("dialog", lambda dialog: dialog.accept())
    series = make_indicator("bread").series.get()
    wide_round = make_round(department.area, *range(2011, 2019), name="All years")
    for address in [
        "/entry/",
        f"/entry/{wide_round.pk}/",
        f"/entry/{round_.pk}/{series.code}/2019/",
    ]:
        grid.goto(own_site + address)
        look(address)

    assert found == []
    assert {place: over for place, over in wide.items() if over > 0} == {}
    assert heard.outside(own_site) == []
    # The browser itself tells of each figure that was refused.
    assert [said for said in heard.complaints if "422" not in said] == []
