"""The jobs that read and store imported files: whole or not at all, once, whoever is killed."""

import hashlib
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from indicators import tasks
from indicators.actions import entry, imports, jobs, workflow
from indicators.actions.imports import reading, storing
from indicators.actions.jobs import queue
from indicators.enums import ImportState, JobState
from indicators.import_columns import BY_KEY
from indicators.models import (
    Import,
    ImportLine,
    Job,
    JobPart,
    Observation,
    ObservationVersion,
    Round,
    SeriesDepartment,
)
from indicators.typed_figures import FIELDS, understand
from targets_site.accounts.models import Post
from targets_site.audit.models import Entry
from tests.factories import make_figure, make_reviewer
from tests.indicators.importing import (
    add_series,
    as_file,
    changed_line,
    csv_file,
    hand_in,
    make_world,
    outcomes_of,
    problems_of,
    read,
    store,
    what_is_stored,
)

BY_SERIES = ["series", "year", "value"]
GOOD = csv_file(changed_line())


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def world(db):
    return make_world()


def lines(series, *values, year=2020):
    """A file of so many series with one value each."""
    rows = [[each.code, str(year), value] for each, value in zip(series, values, strict=True)]
    return csv_file(*rows, headings=BY_SERIES)


def content_of(version):
    """A version without what differs between two saves of the same."""
    said = {name: getattr(version, name) for name in (*version.COPIED, "state", "number")}
    who = (version.entered_by.username, version.correction_reason)
    return said, who, sorted(version.evidence.values_list("pk", flat=True))


# Storing


def test_a_preview_is_stored_as_drafts_with_one_trail_entry(world):
    make_figure(world.series, 2025, "98.0")
    content = csv_file(changed_line(), changed_line(年份="2025", 数值="98.1"))
    imported = read(content, by=world.official, reason="修订")
    before = Entry.objects.latest("seq").seq

    stored = store(imported)

    assert (stored.state, stored.stored_at is not None) == (ImportState.STORED, True)
    entries = Entry.objects.filter(seq__gt=before)
    about = f"job:{stored.job_id}"
    assert [(each.action, each.object) for each in entries] == [
        ("start_job", about), ("import", f"import:{imported.pk}"), ("end_job", about),
    ]  # fmt: skip
    said = entries.get(action="import")
    assert (said.action, said.object, said.actor, said.role, said.reason) == (
        "import", f"import:{imported.pk}", "wang", "official", "修订",
    )  # fmt: skip
    assert said.after == {
        "file": "数据.csv",
        "sha256": hashlib.sha256(content).hexdigest(),
        "new": 1,
        "changed": 1,
        "unchanged": 0,
    }
    new = Observation.objects.get(year=2020)
    assert (new.in_force, new.working.value, new.working.state) == (None, Decimal("98.5"), "draft")
    corrected = Observation.objects.get(year=2025)
    assert (corrected.in_force.number, corrected.working.number) == (1, 2)
    assert corrected.working.correction_reason == "修订"


def test_the_stored_draft_goes_the_usual_way(world):
    headings = [*BY_SERIES, "source_title"]
    content = csv_file([world.series.code, "2020", "98.50", "公报"], headings=headings)
    store(read(content, by=world.official))
    draft = ObservationVersion.objects.get()

    sent = entry.submit(version=draft, by=world.official)
    approved = workflow.approve(version=sent, by=make_reviewer(area=world.series.area))

    assert approved.value_as_stated == "98.50"
    assert Observation.objects.get().in_force == approved


def test_nothing_is_stored_while_it_is_only_previewed(world):
    before = what_is_stored()

    imported = read(GOOD, by=world.official)

    assert imported.state == ImportState.PREVIEWED
    assert what_is_stored() == before


def test_one_refused_line_refuses_all(world):
    before = what_is_stored()

    imported = read(
        csv_file(changed_line(), changed_line(年份="2025", 数值="x")), by=world.official
    )

    assert imported.state == ImportState.REFUSED
    assert imported.counts == {"new": 1, "refused": 1, "problems_found": 1}
    assert not ImportLine.objects.exists()
    assert what_is_stored() == before
    with pytest.raises(imports.NotAtThisStep):
        store(imported)


def test_what_is_asked_about_is_stored_only_once_confirmed(world):
    imported = read(csv_file(changed_line(数值="0.95")), by=world.official)
    before = what_is_stored()
    assert imported.counts == {"new": 1, "questions": 1}

    with pytest.raises(imports.steps.ValidationError) as refused:
        imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=False)

    assert refused.value.code == "unconfirmed"
    assert what_is_stored() == before
    store(imported, confirmed=True)
    assert ObservationVersion.objects.get().value == Decimal("0.95")


def test_nothing_to_store_is_not_stored(world):
    store(read(GOOD, by=world.official))
    again = read(GOOD, by=world.official)

    with pytest.raises(imports.steps.ValidationError) as refused:
        store(again)

    assert refused.value.code == "nothing"
    assert ObservationVersion.objects.count() == 1


def test_only_the_preview_that_was_seen_is_stored(world):
    imported = read(GOOD, by=world.official)

    with pytest.raises(imports.NotAtThisStep):
        imports.ask_to_store(
            imported=imported, seen=imported.read_at - timedelta(seconds=1), confirmed=True
        )


def test_a_discarded_preview_is_gone(world):
    imported = read(GOOD, by=world.official)

    discarded = imports.discard(imported=imported)

    assert discarded.state == ImportState.DISCARDED
    assert not ImportLine.objects.exists()
    assert Entry.objects.filter(action="discard", object=f"import:{imported.pk}").count() == 1
    with pytest.raises(imports.NotAtThisStep):
        store(imported)


# Somebody else was faster


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


def save(world, series, value, *, read_version=None):
    figure = entry.EnteredFigure(value=Decimal(value), source_title="公报")
    return entry.save(
        series=series, year=2020, figure=figure, read_version=read_version, by=world.official
    )


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


def test_it_is_stored_once_however_often_the_job_runs(world):
    imported = read(GOOD, by=world.official)
    store(imported)
    before = what_is_stored()

    late = jobs.Claimed(JobPart(pk=1, job=imported.job, leased_until=timezone.now()))
    for step in (storing.store, reading.read):
        with pytest.raises(jobs.TakenOver):
            step(imported, late)

    assert tasks.work_off_jobs() == 0
    assert what_is_stored() == before


def test_storing_fails_in_the_middle_and_leaves_nothing(world, monkeypatch):
    """Also the cells that it made are gone; after three attempts it is given up."""
    imported = read(GOOD, by=world.official)
    asked = imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=True)
    before = what_is_stored()

    def fail(*_args, **_options):
        assert ObservationVersion.objects.exists()
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr(storing, "record", fail)
    for _attempt in range(JobPart.MAX_ATTEMPTS - 1):
        assert jobs.work_off_one() == 1
        asked.refresh_from_db()
        assert (asked.state, what_is_stored()) == (ImportState.TO_STORE, before)

    assert jobs.work_off_one() == 1
    asked.refresh_from_db()
    assert (asked.state, asked.job.state) == (ImportState.REFUSED, JobState.FAILED)
    assert asked.job.error == "RuntimeError('the trail cannot be written')"
    assert problems_of(asked) == [
        (None, "", "Reading or storing it failed several times; nothing was stored.")
    ]
    assert jobs.work_off_one() == 0
    assert what_is_stored() == before


def test_a_database_that_fails_is_no_attempt(world, monkeypatch):
    imported = read(GOOD, by=world.official)
    asked = imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=True)

    def fail(*_args, **_options):
        raise OperationalError("the server is away")

    with monkeypatch.context() as patched:
        patched.setattr(storing, "record", fail)
        for _time in range(JobPart.MAX_ATTEMPTS + 1):
            with pytest.raises(OperationalError):
                jobs.work_off_one()

    assert imports.work_off(asked).state == ImportState.STORED


# Reading


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


def let_the_lease_end():
    JobPart.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def killed(imported, monkeypatch, *, after_blocks=1):
    """Read some blocks and then vanish without a word, as a process does that is killed."""
    keep, count = reading._Reading._keep, iter(range(after_blocks))

    class Killed(BaseException):
        pass

    def die(self, block):
        if next(count, None) is None:
            raise Killed
        keep(self, block)

    with monkeypatch.context() as patched:
        patched.setattr(reading._Reading, "_keep", die)
        with pytest.raises(Killed):
            jobs.work_off_one()
    imported.refresh_from_db()


def two_blocks(world):
    series = [add_series(world, f"a{number:04}") for number in range(1100)]
    return csv_file(*([each.code, "2020", "1.5"] for each in series), headings=BY_SERIES)


def test_a_killed_reader_starts_again_from_nothing(world, monkeypatch):
    handed_in = hand_in(two_blocks(world), by=world.official)
    killed(handed_in, monkeypatch)
    assert (handed_in.state, handed_in.job.done) == (ImportState.WAITING, 1000)
    assert ImportLine.objects.count() == 1000
    assert jobs.work_off_one() == 0, "it might still be at work"
    let_the_lease_end()

    assert jobs.work_off_one() == 1

    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.counts) == (ImportState.PREVIEWED, {"new": 1100})
    assert list(handed_in.lines.values_list("number", flat=True)) == list(range(2, 1102))


def test_who_is_always_killed_is_given_up(world, monkeypatch):
    handed_in = hand_in(GOOD, by=world.official)
    for _attempt in range(JobPart.MAX_ATTEMPTS):
        killed(handed_in, monkeypatch, after_blocks=0)
        let_the_lease_end()

    assert jobs.work_off_one() == 1

    handed_in.refresh_from_db()
    assert handed_in.state == ImportState.REFUSED
    assert (handed_in.job.state, handed_in.job.error) == (JobState.FAILED, "worker lost")
    assert jobs.work_off_one() == 0


def test_a_slow_reader_gives_up_where_somebody_took_over(world, monkeypatch):
    """Its lines are not written among those of the one who did."""
    handed_in = hand_in(two_blocks(world), by=world.official)
    keep = reading._Reading._keep

    def sleep_too_long(self, block):
        keep(self, block)
        monkeypatch.setattr(reading._Reading, "_keep", keep)
        let_the_lease_end()
        jobs.work_off_one()

    monkeypatch.setattr(reading._Reading, "_keep", sleep_too_long)
    jobs.work_off_one()

    handed_in.refresh_from_db()
    assert handed_in.state == ImportState.PREVIEWED
    assert handed_in.lines.count() == 1100


def test_a_reader_whose_time_was_up_writes_nothing_more(world):
    """Two readers of one file, block by block: the first stops at its next word."""
    handed_in = hand_in(two_blocks(world), by=world.official)
    first = queue.claim()
    first.say(done=1)
    let_the_lease_end()
    second = queue.claim()
    second.say(done=2)

    with pytest.raises(jobs.TakenOver):
        reading.read(handed_in, first)
    with pytest.raises(jobs.TakenOver):
        first.say(done=3)

    first.give_back()
    first.fail("too late")
    job, part = Job.objects.get(), JobPart.objects.get()
    assert (job.state, job.done) == ("running", 2)
    assert (part.attempts, part.leased_until, part.error) == (2, second.until, "")


def test_a_file_that_breaks_the_reader_does_not_hold_up_the_next(world, monkeypatch):
    broken = hand_in(GOOD, by=world.official)
    fine = hand_in(csv_file(changed_line(年份="2025")), by=world.official)
    run = reading._Reading.run

    def fail(self):
        if self.imported.pk == broken.pk:
            raise ZeroDivisionError
        run(self)

    monkeypatch.setattr(reading._Reading, "run", fail)
    worked = tasks.work_off_jobs()

    broken.refresh_from_db()
    fine.refresh_from_db()
    assert worked == JobPart.MAX_ATTEMPTS + 1
    assert (broken.state, fine.state) == (ImportState.REFUSED, ImportState.PREVIEWED)


def test_too_many_waiting_files_of_one_person(world):
    for _file in range(3):
        hand_in(GOOD, by=world.official)

    with pytest.raises(imports.steps.ValidationError) as refused:
        hand_in(GOOD, by=world.official)

    assert refused.value.code == "waiting"
    assert Import.objects.count() == 3


# Two at once


def in_threads(*calls):
    """Run them at the same time, each on its own connection; returns what they raised."""
    barrier, raised = threading.Barrier(len(calls)), []

    def run(call):
        try:
            barrier.wait(10)
            call()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    return raised


@pytest.mark.django_db(transaction=True)
def test_two_previews_of_the_same_figures_stored_at_once():
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


# The same as by the form

# Our exports guard formulas by an apostrophe, which reading a file takes away again.
TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=12).map(
    lambda text: text.lstrip("'")
)
FIGURE = st.fixed_dictionaries(
    {
        "value": st.decimals(0, 100, places=2, allow_nan=False).map(str),
        "bound": st.sampled_from(["", "exact", "at_least", "不低于"]),
        "obs_status": st.sampled_from(["", "A", "P", "BE"]),
        "source_title": TEXT,
        "source_url": st.sampled_from(["", "https://stats.gov.cn/a?b=1"]),
        "published_as": TEXT,
        "published_on": st.sampled_from(["", "2020", "2021-03-05"]),
    }
)
RATE = st.integers(0, 400).map(
    lambda number: {"value": "", "numerator": str(number), "denominator": "400"}
)
MISSING = st.sampled_from(["未统计", "=1"]).map(lambda why: {"value": "", "missing_reason": why})
PROSE = st.fixed_dictionaries(dict.fromkeys(("remark", "shortfall_reason", "next_steps"), TEXT))
TYPED = st.tuples(FIGURE | RATE | MISSING, PROSE).map(
    lambda parts: dict.fromkeys(FIELDS, "") | parts[0] | parts[1]
)


@pytest.mark.django_db
@hypothesis_settings(max_examples=40)
@given(texts=st.lists(TYPED, min_size=1, max_size=4), is_approved=st.booleans())
def test_what_is_stored_is_what_the_form_would_store(texts, is_approved):
    """The same texts, once through a file and once through `entry.save`."""
    with transaction.atomic():
        world = make_world()
        by_file = [add_series(world, f"a{number}") for number in range(len(texts))]
        by_form = [add_series(world, f"b{number}") for number in range(len(texts))]
        if is_approved:
            for each in (*by_file, *by_form):
                make_figure(each, 2020, "50")
        rows = [
            [series.code, "2020", *each.values()]
            for series, each in zip(by_file, texts, strict=True)
        ]
        headings = ["series", "year", *(BY_KEY[name].heading_en for name in FIELDS)]
        store(
            read(csv_file(*rows, headings=headings), by=world.official, reason="修订"),
            confirmed=True,
        )

        found = [content_of(series.observations.get().working) for series in by_file]
        expected = [
            content_of(
                entry.save(
                    series=series,
                    year=2020,
                    figure=understand(each, indicator=series.indicator, year=2020).figure,
                    read_version=1 if is_approved else None,
                    by=world.official,
                    correction_reason="修订",
                )
            )
            for series, each in zip(by_form, texts, strict=True)
        ]
        assert found == expected
        transaction.set_rollback(True)


def test_outcomes_stand_in_the_order_of_the_file(world):
    save(world, world.series, "98.5")
    rows = [changed_line(年份="2025"), changed_line()]

    imported = read(csv_file(*rows), by=world.official)

    assert outcomes_of(imported) == [(2, "new"), (3, "unchanged")]
