"""What somebody saved, lost or closed meanwhile stops all of the file."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators.actions import entry, imports, jobs
from indicators.enums import ImportState
from indicators.models import ObservationVersion, Round, SeriesDepartment
from targets_site.accounts.models import Post
from tests.indicators.importing import add_series, problems_of, read, store, what_is_stored
from tests.indicators.imports_jobs.world import GOOD, lines, save


@pytest.mark.parametrize("was_stored", [True, False])
def test_a_figure_that_somebody_saved_meanwhile_stops_all_of_it(world, was_stored):
    other = add_series(world, "0202")
    if was_stored:
        save(world, other, "90")
    imported = read(lines([world.series, other], "98.5", "91"), by=world.official)
    asked = imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=True)
    save(world, other, "95", read_version=1 if was_stored else None)
    before = what_is_stored()

    jobs.work_off_one()

    asked.refresh_from_db()
    assert (asked.state, asked.counts) == (ImportState.WAITING, {"stale": 1})
    assert what_is_stored() == before
    jobs.work_off_one()
    asked.refresh_from_db()
    assert (asked.state, asked.counts) == (
        ImportState.PREVIEWED,
        {"new": 1, "changed": 1, "stale": 1},
    )
    assert asked.lines.get(series=other).value_before == "95"
    store(asked)
    assert other.observations.get().working.value == Decimal(91)


def lose_the_post(world):
    Post.objects.update(to_date=timezone.localdate() - timedelta(days=1))


def lose_the_series(world):
    SeriesDepartment.objects.all().delete()


def close_the_round(world):
    past = timezone.now() - timedelta(days=1)
    Round.objects.update(due_at=past, closes_at=past)


def submit_it(world):
    version = ObservationVersion.objects.get()
    version.source_title = "公报"
    version.save()
    entry.submit(version=version, by=world.official)


@pytest.mark.parametrize(
    ("happens", "column", "why"),
    [
        (lose_the_post, "", "Your department does not report this in that year."),
        (lose_the_series, "", "Your department does not report this in that year."),
        (close_the_round, "年份", "No round asks your department for this year now."),
        (submit_it, "", "The figure is submitted and waits for a decision; recall it first."),
    ],
)
def test_a_right_or_a_round_that_ended_meanwhile_stops_all_of_it(world, happens, column, why):
    save(world, world.series, "90")
    imported = read(GOOD, by=world.official)
    asked = imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=True)
    happens(world)
    before = what_is_stored()[:2]

    imports.work_off(asked)

    assert (asked.state, problems_of(asked)) == (ImportState.REFUSED, [(2, column, why)])
    assert what_is_stored()[:2] == before
