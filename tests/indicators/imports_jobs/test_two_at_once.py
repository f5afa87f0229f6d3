"""Two workers at once, on two files or on one."""

import pytest
from django.db import OperationalError

from indicators import tasks
from indicators.actions import imports, jobs
from indicators.enums import ImportState
from indicators.models import ObservationVersion
from targets_site.audit.models import Entry
from tests.indicators.importing import add_series, make_world, read
from tests.indicators.imports_jobs.world import GOOD, lines
from tests.indicators.threads import in_threads


@pytest.mark.django_db(transaction=True)
def test_f07_two_previews_of_the_same_figures_stored_at_once():
    """In reversed order, so that they could block each other: one wins, the other is read anew."""
    world = make_world()
    series = [add_series(world, f"a{number:03}") for number in range(30)]
    values = ["1.5"] * len(series)
    first = read(lines(series, *values), by=world.official)
    second = read(lines(series[::-1], *values[1:], "2.5"), by=world.official)
    asked = [
        imports.ask_to_store(imported=each, seen=each.read_at, confirmed=True)
        for each in (first, second)
    ]

    raised = in_threads(*([lambda: jobs.work_off_one()] * 2))
    tasks.work_off_jobs()

    assert [type(each) for each in raised if not isinstance(each, OperationalError)] == []
    for each in asked:
        each.refresh_from_db()
    assert sorted(each.state for each in asked) == ["previewed", "stored"]
    loser = next(each for each in asked if each.state == "previewed")
    assert loser.counts["stale"] == 30
    numbers = ObservationVersion.objects.values_list("number", flat=True)
    assert list(numbers) == [1] * 30
    assert Entry.objects.filter(action="import").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_import_is_stored_by_one_of_two_workers():
    world = make_world()
    imported = read(GOOD, by=world.official)
    imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=True)

    raised = in_threads(*([lambda: jobs.work_off_one()] * 2))
    tasks.work_off_jobs()

    imported.refresh_from_db()
    assert raised == []
    assert imported.state == ImportState.STORED
    assert ObservationVersion.objects.count() == 1
