"""Same text, same outcome: every row of the input policy typed into the grid in Chromium.

The other doors have the same rows in `tests/indicators/test_policy.py`.
"""

import pytest

from tests.browser.conftest import sign_in
from tests.indicators.policy import FORM, Outcome, code_of
from tests.indicators.policy_rows import rows_at
from tests.indicators.policy_world import (
    LONGEST_SECONDS,
    YEAR,
    counts,
    differences,
    make_world,
    stored_at,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
A_PAGE = 40
LONGEST_BY_KEYS = 12
# What a cell says once the server has answered.
ANSWER = """async id => {
    const form = document.getElementById(id);
    const now = form.querySelector(".cell__now");
    while (!now.hidden && now.dataset.kind !== "wrong") {
        await new Promise((go) => setTimeout(go, 2));
    }
    const problems = [...form.querySelectorAll("[data-field]")];
    const questions = [...form.querySelectorAll(".cell__question p")];
    return {
        refused: problems.map((each) => [each.dataset.field, each.textContent]),
        asked: questions.map((each) => each.textContent),
        says: now.textContent,
    };
}"""


class Grid:
    """The page of the round: one column, entered from top to bottom with the keyboard alone."""

    def __init__(self, page, site, world):
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": site}])
        sign_in(page, site, world.official.username)
        self.page, self.keys, self.site, self.world = page, page.keyboard, site, world
        self.requests = []
        page.on("requestfinished", lambda request: self.requests.append(request))

    def open(self, round_id):
        self.page.goto(f"{self.site}/entry/{round_id}/")

    def as_they_stand(self, rows):
        """The rows from top to bottom."""
        forms = "[...document.querySelectorAll('form.cell')].map((each) => each.id)"
        order = {form: place for place, form in enumerate(self.page.evaluate(forms))}
        return sorted(rows, key=lambda row: order[self.form_of(row)])

    def form_of(self, row):
        return f"cell-{self.world.series[row.id].pk}-{YEAR}"

    def field_of(self, row):
        return self.page.locator(f'[id="{self.form_of(row)}"] input[name="value"]')

    def enter(self, row):
        """Type the texts of a row into the cell in focus and save them: what is wrong, by field,
        and what is asked. The next cell is then in focus."""
        self.type(row.typed.get("value", ""))
        further = {name: text for name, text in row.typed.items() if name != "value"}
        if further:
            self.keys.press("F2")
            for name, text in further.items():
                self.page.locator(f'.entry-further [name="{name}"]').focus()
                self.type(text)
            self.keys.press("Escape")
        self.keys.press("Enter")
        return self.answer(row)

    def type(self, text):
        """By its keys; a text for which there are none comes from an input method or is pasted."""
        if text.isascii() and text.isprintable() and len(text) <= LONGEST_BY_KEYS:
            self.keys.type(text)
        else:
            self.keys.insert_text(text)

    def confirm(self, row):
        self.field_of(row).focus()
        self.keys.press("Tab")
        self.keys.press("Enter")
        said = self.answer(row)
        self.field_of(row).focus()
        self.keys.press("Enter")
        return said

    def answer(self, row):
        said = self.page.evaluate(ANSWER, self.form_of(row))
        assert bool(said["says"]) == bool(said["refused"] or said["asked"]), (row, said)
        return {name: code_of(text) for name, text in said["refused"]}, said["asked"]

    def saves(self):
        """Status and seconds of each."""
        return [
            (request.response().status, request.timing["responseEnd"] / 1000)
            for request in self.requests
            if request.method == "POST"
        ]


def test_by_the_form(page, live_server, settings, transactional_db):
    settings.ALLOWED_HOSTS = ["*"]
    all_rows = rows_at(FORM)
    world = make_world(all_rows, a_round=A_PAGE)
    grid = Grid(page, live_server.url, world)
    found = {}

    for number, round_id in enumerate(world.round_ids):
        grid.open(round_id)
        rows = grid.as_they_stand(all_rows[number * A_PAGE :][:A_PAGE])
        grid.field_of(rows[0]).focus()
        for row in rows:
            before = counts()
            refused, asked = grid.enter(row)
            assert (counts() == before) == bool(refused or asked)
            if asked:
                assert grid.confirm(row) == ({}, [])
            found[row.id] = (refused, tuple(map(code_of, asked)))

    stored = stored_at(world)
    outcomes = {row: Outcome(*each, stored.get(row, {})) for row, each in found.items()}
    assert differences(outcomes, {row.id: row.outcome_at(FORM) for row in all_rows}) == {}
    saves = grid.saves()
    assert {status for status, _seconds in saves} == {200, 422}
    assert max(seconds for _status, seconds in saves) < LONGEST_SECONDS
