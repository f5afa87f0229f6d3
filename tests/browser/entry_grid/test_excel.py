"""Blocks copied from Excel: what is filled in, what is left out and said."""

import pytest
from playwright.sync_api import expect

from indicators.enums import State
from indicators.models import ObservationVersion
from tests.browser.entry_grid.grid import cell, expect_saved, field, stored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COPY = """block => {
    const carried = new DataTransfer();
    carried.setData("text/plain", block);
    const event = new ClipboardEvent("paste", {
        clipboardData: carried, bubbles: true, cancelable: true,
    });
    document.activeElement.dispatchEvent(event);
}"""


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
