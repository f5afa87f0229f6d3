"""A file that is read: its progress, its lines in order, and how many may wait."""

import pytest

from indicators.actions import imports, jobs
from indicators.actions.imports import reading
from indicators.models import Import, Job
from tests.indicators.importing import (
    add_series,
    as_file,
    changed_line,
    csv_file,
    hand_in,
    outcomes_of,
    read,
)
from tests.indicators.imports_jobs.world import BY_SERIES, GOOD, save


def test_progress_is_seen_while_the_file_is_read(world, monkeypatch):
    series = [add_series(world, f"a{number:04}") for number in range(1250)]
    rows = [[each.code, str(year), "1.5"] for each in series for year in (2020, 2025)]
    handed_in = hand_in(csv_file(*rows, headings=BY_SERIES), by=world.official)
    seen = []
    keep = reading._Reading._keep

    def look(self, block):
        keep(self, block)
        seen.append(Job.objects.values_list("state", "done", "total").get())

    monkeypatch.setattr(reading._Reading, "_keep", look)
    done = imports.work_off(handed_in)

    assert seen == [("running", 1000, 2500), ("running", 2000, 2500), ("running", 2500, 2500)]
    assert (done.state, done.lines_total) == ("previewed", 2500)
    assert (done.job.state, done.job.done, done.job.total) == ("done", 2500, 2500)


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_the_number_of_lines_is_known_before_they_are_read(world, name, monkeypatch):
    rows = [[world.series.code, "2020", "98"], [world.series.code, "2025", "98"]]
    hand_in(as_file(name, *rows, headings=BY_SERIES), name, by=world.official)
    monkeypatch.setattr(reading._Reading, "_read", lambda self, file: 1 / 0)

    jobs.work_off_one()

    assert Job.objects.get().total == 2


def test_too_many_waiting_files_of_one_person(world):
    for _file in range(3):
        hand_in(GOOD, by=world.official)

    with pytest.raises(imports.steps.ValidationError) as refused:
        hand_in(GOOD, by=world.official)

    assert refused.value.code == "waiting"
    assert Import.objects.count() == 3


def test_outcomes_stand_in_the_order_of_the_file(world):
    save(world, world.series, "98.5")
    rows = [changed_line(年份="2025"), changed_line()]

    imported = read(csv_file(*rows), by=world.official)

    assert outcomes_of(imported) == [(2, "new"), (3, "unchanged")]
