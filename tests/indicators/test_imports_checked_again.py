"""What was checked before an import's transaction is checked again within it, by few statements."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.actions import imports, jobs
from indicators.actions.entry import EnteredFigure, save
from indicators.actions.imports import storing
from indicators.enums import ImportState
from indicators.models import Attachment, Observation, ObservationVersion, Round, SeriesDepartment
from targets_site.accounts.models import Post, User
from tests.factories import make_department
from tests.indicators.importing import add_series, csv_file, make_world, read, store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world():
    return make_world()


def preview(world, *, lines, reason=""):
    """So many new figures of as many series."""
    series = [add_series(world, f"a{number:04}") for number in range(lines)]
    rows = [[each.code, "2020", "98.50"] for each in series]
    content = csv_file(*rows, headings=["series", "year", "value"])
    return read(content, by=world.official, reason=reason)


def change_after_checking(monkeypatch, change):
    """Let something change between the check of the lines and the lock; returns the turns."""
    prepare, turns = storing.prepare, []

    def prepare_and_change(*args):
        known = prepare(*args)
        turns.append(len(turns) + 1)
        change()
        return known

    monkeypatch.setattr(storing, "prepare", prepare_and_change)
    return turns


def lose_the_post():
    Post.objects.update(to_date=timezone.localdate() - timedelta(days=1))


def lose_the_account():
    User.objects.filter(username="wang").update(is_active=False)


def lose_a_series():
    SeriesDepartment.objects.filter(series__code__contains="a0001").delete()


def lose_a_series_from_a_year_on():
    SeriesDepartment.objects.filter(series__code__contains="a0001").update(to_year=2019)


def close_the_round():
    past = timezone.now() - timedelta(days=1)
    Round.objects.update(due_at=past, closes_at=past)


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        (lose_the_post, 3),
        (lose_the_account, 3),
        (lose_a_series, 1),
        (lose_a_series_from_a_year_on, 1),
        (close_the_round, 3),
    ],
)
def test_a_right_that_ends_after_the_check_stops_all(world, monkeypatch, change, stale):
    imported = preview(world, lines=3)
    asked = imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=False)
    turns = change_after_checking(monkeypatch, change)

    jobs.work_off_one()

    asked.refresh_from_db()
    assert (asked.state, asked.counts) == (ImportState.WAITING, {"stale": stale})
    assert turns == [1], "the second check found it"
    assert not Observation.objects.exists()
    assert not ObservationVersion.objects.exists()


def test_what_changes_and_matters_for_no_line_is_checked_once_more(world, monkeypatch):
    imported = preview(world, lines=3)
    others = [make_department(world.series.area, "另一部门")]

    def report_it_together():
        if others:
            series = imported.lines.earliest("number").series
            SeriesDepartment.objects.create(series=series, department=others.pop())

    turns = change_after_checking(monkeypatch, report_it_together)

    assert store(imported).state == ImportState.STORED
    assert turns == [1, 2]
    assert ObservationVersion.objects.count() == 3


def test_what_never_stands_still_is_read_anew(world, monkeypatch):
    imported = preview(world, lines=3)
    asked = imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=False)
    link = SeriesDepartment.objects.filter(series=imported.lines.earliest("number").series)

    def report_it_since_another_year():
        first = link.get().from_year or 2000
        link.update(from_year=first + 1)

    turns = change_after_checking(monkeypatch, report_it_since_another_year)

    jobs.work_off_one()

    asked.refresh_from_db()
    assert (turns, asked.state, asked.counts) == ([1, 2, 3], ImportState.WAITING, {"stale": 3})
    assert not ObservationVersion.objects.exists()


def test_a_draft_approved_after_the_check_is_corrected_with_the_reason(world, monkeypatch):
    """Its number is the same; that it is in force is seen."""
    imported = preview(world, lines=1)
    store(imported)
    series = imported.lines.get().series
    again = csv_file([series.code, "2020", "99.10"], headings=["series", "year", "value"])
    corrected = read(again, by=world.official, reason="修订")

    def approve():
        version = ObservationVersion.objects.get()
        fields = {"state": "approved", "source_title": "公报"}
        ObservationVersion.objects.filter(pk=version.pk).update(**fields)
        Observation.objects.update(in_force=version)

    turns = change_after_checking(monkeypatch, approve)

    assert store(corrected).state == ImportState.STORED
    assert turns == [1, 2]
    cell = Observation.objects.get()
    assert (cell.in_force.number, cell.working.number) == (1, 2)
    assert cell.working.correction_reason == "修订"


def test_an_import_cancelled_while_it_is_checked_stores_nothing(world, monkeypatch):
    imported = preview(world, lines=3)
    asked = imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=False)
    change_after_checking(monkeypatch, lambda: jobs.cancel_job(job=asked.job, by=world.official))

    jobs.work_off_one()

    asked.refresh_from_db()
    assert (asked.state, asked.job.state) == (ImportState.PREVIEWED, "cancelled")
    assert not Observation.objects.exists()


def test_the_lock_is_held_for_as_few_statements_however_many_lines_there_are(world, monkeypatch):
    few = preview(world, lines=3)
    series = [add_series(world, f"b{number:04}") for number in range(600)]
    rows = [[each.code, str(year), "98.50"] for each in series for year in (2020, 2025)]
    many = read(csv_file(*rows, headings=["series", "year", "value"]), by=world.official)

    assert statements_under_the_lock(many, monkeypatch) == statements_under_the_lock(
        few, monkeypatch
    )


def statements_under_the_lock(imported, monkeypatch):
    """How many are run to check again and to store."""
    counted = []

    def counting(run):
        def run_and_count(*args):
            with CaptureQueriesContext(connection) as queries:
                run(*args)
            counted.append(len(queries))

        return run_and_count

    with monkeypatch.context() as patched:
        for name in ("_check_again", "_store_whole"):
            patched.setattr(storing, name, counting(getattr(storing, name)))
        assert store(imported).state == ImportState.STORED
    return counted


def test_how_far_the_check_is_can_be_seen(world, monkeypatch):
    imported = preview(world, lines=3)
    monkeypatch.setattr(imports.preparing, "AT_A_TIME", 2)
    seen = []

    def look():
        imported.job.refresh_from_db()
        seen.append((imported.job.done, imported.job.total))

    asked = imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=False)
    imported.job = asked.job
    add = imports.staging.Staging.add
    monkeypatch.setattr(
        imports.staging.Staging, "add", lambda self, drafts: (look(), add(self, drafts))
    )
    imports.work_off(asked)
    look()

    assert seen == [(0, 3), (2, 3), (3, 3)]


def test_evidence_that_stays_goes_to_the_new_version_of_its_own_cell(world):
    series = [add_series(world, f"c{number}") for number in range(3)]
    letters = [
        Attachment.objects.create(
            file="x", name=f"{number}.pdf", media_type="application/pdf", size=1, sha256="0" * 64,
            department=world.department, added_by=world.official,
        )
        for number in range(3)
    ]  # fmt: skip
    kept = [letters[:1], [], letters[1:]]
    for each, evidence in zip(series, kept, strict=True):
        save(
            series=each,
            year=2020,
            figure=EnteredFigure(
                value=Decimal("50"), evidence=frozenset(letter.pk for letter in evidence)
            ),
            read_version=None,
            by=world.official,
        )
    rows = [[each.code, "2020", "50", "核实"] for each in reversed(series)]
    content = csv_file(*rows, headings=["series", "year", "value", "note"])

    store(read(content, by=world.official))

    newest = [each.observations.get().working for each in series]
    assert [each.number for each in newest] == [2, 2, 2]
    assert [list(each.evidence.order_by("pk")) for each in newest] == kept
