"""Sources and evidence."""

import pytest
from playwright.sync_api import expect

from indicators.models import Attachment, ObservationVersion
from tests.browser.entry_grid.grid import cell, expect_saved, field

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
