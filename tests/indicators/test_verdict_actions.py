"""Verdicts from stale rows: computed once, stored when they change, nothing lost on the way."""

import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as project_settings
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from kombu import Connection

from indicators import tasks
from indicators.actions.readings import read_target
from indicators.actions.targets import StatedTarget, state_target
from indicators.actions.verdicts import KILLED, recompute, recomputing, work_off_stale
from indicators.method import RefusedInput
from indicators.models import StaleRow, Verdict
from indicators.reference.load import load_reference, reference_user
from plans.models import Document, Target
from targets_site.audit.models import Entry
from targets_site.pause import Pause
from tests.factories import (
    make_document,
    make_domain,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
    make_text_target,
)

pytestmark = pytest.mark.django_db
FIXTURES = Path(project_settings.BASE_DIR) / "fixtures"


@pytest.fixture
def measured():
    """At least 98 % by 2020, measured by a series without figures."""
    target = make_target()
    series = make_series()
    make_reading(target, series)
    return target, series


def let_leases_end():
    StaleRow.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def work_off_all():
    while work_off_stale():
        continue


def in_force(target, as_of):
    return Verdict.objects.at(as_of).get(target=target)


def test_a_verdict_for_every_year_of_the_period(measured):
    target, _ = measured

    changed = recompute(Target.objects.filter(pk=target.pk))

    assert changed == 10
    years = Verdict.objects.in_force().values_list("as_of", flat=True)
    assert sorted(years) == list(range(2011, 2021))


def test_a_second_run_writes_nothing(measured):
    target, series = measured
    make_figure(series, 2019, "97.9")
    recompute(Target.objects.filter(pk=target.pk))

    assert recompute(Target.objects.filter(pk=target.pk)) == 0


def test_the_figures_behind_a_verdict_stand_with_it(measured):
    target, series = measured
    make_figure(series, 2010, "96.0")
    make_figure(series, 2015, "96.4", source_grade="press")

    recompute(Target.objects.filter(pk=target.pk))

    verdict = in_force(target, 2015)
    # e = 96 + 2 × 5/10 = 97; R = 0.4 / 1 = 0.4
    assert (verdict.status, verdict.light) == ("far_behind", "red")
    assert (verdict.baseline_year, verdict.baseline_value) == (2010, Decimal("96"))
    assert verdict.expected_value == Decimal("97")
    assert verdict.ratio == Decimal("0.4")
    assert verdict.gap == Decimal("1.6")
    assert verdict.required_pace == Decimal("0.32")
    assert verdict.source_grade == "press"


def test_a_changed_verdict_supersedes_and_the_old_one_stays(measured):
    target, series = measured
    recompute(Target.objects.filter(pk=target.pk))
    make_figure(series, 2020, "97.95")

    recompute(Target.objects.filter(pk=target.pk))

    old, new = Verdict.objects.filter(target=target, as_of=2020).order_by("pk")
    assert (old.status, new.status) == ("not_collected", "missed")
    assert old.superseded_at == new.recorded_at


def test_stale_series_are_worked_off_and_deleted(measured):
    target, series = measured
    make_figure(series, 2020, "98.1")
    StaleRow.objects.append_series([series.pk, series.pk])

    assert work_off_stale() == 2

    assert in_force(target, 2020).status == "achieved"
    assert not StaleRow.objects.exists()
    assert work_off_stale() == 0


def test_rows_beyond_the_batch_wait_for_the_next(measured):
    _, series = measured
    StaleRow.objects.append_series([series.pk] * 5)

    assert [work_off_stale(batch=2) for _ in range(4)] == [2, 2, 1, 0]


def test_a_database_that_fails_half_way_keeps_the_rows(measured, monkeypatch):
    _, series = measured
    StaleRow.objects.append_series([series.pk])

    def fail(*args, **options):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("indicators.actions.verdicts.recomputing.record", fail)

    with pytest.raises(OperationalError):
        work_off_stale()

    assert StaleRow.objects.get().attempts == 0
    assert not Verdict.objects.exists()


def test_a_row_that_cannot_be_computed_does_not_hold_up_the_others(measured, monkeypatch):
    target, series = measured
    broken = make_target("other-2011-001", make_document("other-2011"))
    record = recomputing.record

    def fail_for_one(action, about, **options):
        if "other-2011" in options["after"]["documents"]:
            raise RefusedInput("no", table="targets", row=0, column="kind")
        return record(action, about, **options)

    monkeypatch.setattr(recomputing, "record", fail_for_one)
    StaleRow.objects.append_targets([broken.pk])
    StaleRow.objects.append_series([series.pk])

    work_off_all()

    assert in_force(target, 2020).status == "not_collected"
    left = StaleRow.objects.get()
    assert (left.target, left.attempts) == (broken, StaleRow.MAX_ATTEMPTS)
    assert "no" in left.error


def test_a_row_whose_process_is_killed_each_time_takes_no_other_along(measured, monkeypatch):
    """Killed, a process runs nothing of ours any more: no handler, no further statement."""
    target, series = measured
    deadly = make_target("other-2011-001", make_document("other-2011"))
    record, together = recomputing.record, []

    def die_of_one(action, about, **options):
        if "other-2011" in options["after"]["documents"]:
            together.append(StaleRow.objects.filter(error=KILLED).count())
            raise SystemExit
        return record(action, about, **options)

    monkeypatch.setattr(recomputing, "record", die_of_one)
    StaleRow.objects.append_targets([deadly.pk])
    StaleRow.objects.append_series([series.pk] * 2)

    for _process in range(StaleRow.MAX_ATTEMPTS):
        with pytest.raises(SystemExit):
            work_off_all()
        let_leases_end()
    work_off_all()

    assert together == [3, 3, 1], "all in one batch; then alone; then after all others"
    assert in_force(target, 2020).status == "not_collected"
    left = StaleRow.objects.get()
    assert (left.target, left.attempts, left.error) == (
        deadly,
        StaleRow.MAX_ATTEMPTS,
        KILLED,
    )


def test_a_database_that_fails_in_a_later_attempt_leaves_what_was_said_of_the_one_before(
    measured, monkeypatch
):
    _, series = measured
    StaleRow.objects.append_series([series.pk])
    StaleRow.objects.update(attempts=1, error="why")

    def fail(*args, **options):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(recomputing, "record", fail)
    with pytest.raises(OperationalError):
        work_off_stale()

    left = StaleRow.objects.get()
    assert (left.attempts, left.error) == (1, "why")


def test_a_reading_that_moves_to_another_series_takes_its_milestone_away(measured):
    target, series = measured
    milestone = make_target("plan-2011-002", value="97.5", target_year=2015)
    make_reading(milestone, series)
    make_figure(series, 2010, "96")
    make_figure(series, 2015, "97.4")
    recompute(Target.objects.all())
    content = {"hold_from": None, "tolerance": None, "baseline_year": None,
               "baseline_value": None, "note_zh": "另一口径"}  # fmt: skip

    read_target(milestone, series=make_series(scope="other"), content=content, by=reference_user())
    while work_off_stale():
        continue

    # e(2015) = 97 by the straight line, so R = 1.4 / 1
    assert in_force(target, 2015).ratio == Decimal("1.4")


def test_verdicts_outside_the_period_are_superseded(measured):
    target, _ = measured
    recompute(Target.objects.all())
    Document.objects.update(start_year=2014)

    recompute(Target.objects.all())

    years = Verdict.objects.in_force().filter(target=target).values_list("as_of", flat=True)
    assert sorted(years) == list(range(2014, 2021))


def test_the_sum_of_flows_may_have_more_digits_than_a_figure():
    target = make_target(value="999999999", unit="项")
    series = make_series(indicator=make_indicator("projects", unit="项", nature="flow",
                                                  largest=None))  # fmt: skip
    make_reading(target, series)
    for year in range(2011, 2021):
        make_figure(series, year, "600000000")

    recompute(Target.objects.all())

    assert in_force(target, 2020).actual_value == Decimal("6000000000")


def test_a_job_is_one_trail_entry_with_count_and_digest(measured):
    recompute(Target.objects.all())

    entry = Entry.objects.get(action="recompute")
    assert (entry.actor, entry.object) == ("method", "document:plan-2011")
    assert entry.after["verdicts"] == 10
    assert len(entry.after["sha256"]) == 64


def test_a_target_in_words_is_not_measurable():
    target = make_text_target()

    recompute(Target.objects.filter(pk=target.pk))

    assert in_force(target, 2020).status == "not_measurable"


def test_milestones_of_the_same_document_bend_the_path(measured):
    target, series = measured
    milestone = make_target("plan-2011-002", value="97.5", target_year=2015)
    make_reading(milestone, series)
    make_figure(series, 2010, "96")
    make_figure(series, 2015, "97.4")

    recompute(Target.objects.filter(pk=target.pk))

    # e(2015) = 97.5 by the milestone, so R = 1.4 / 1.5
    assert in_force(target, 2015).ratio == Decimal("0.9333")


def test_a_milestone_that_is_past_its_own_period_still_counts_seen_from_one_later_year():
    """What is held follows the milestone of 2015: the figure of 2014 lies before."""
    target = make_target(kind="hold", value="98")
    milestone = make_target("plan-2011-002", kind="hold", value="97", target_year=2015)
    series = make_series()
    make_reading(target, series)
    make_reading(milestone, series)
    make_figure(series, 2014, "93.0")

    recompute(Target.objects.all(), as_of=2018)

    assert in_force(target, 2018).status == "no_data"
    assert not Verdict.objects.filter(target=milestone).exists()


def test_one_year_alone_says_of_the_real_targets_what_all_years_together_say():
    load_reference(FIXTURES)
    while work_off_stale():
        continue
    years = sorted(set(Verdict.objects.in_force().values_list("as_of", flat=True)))

    changed = {year: recompute(Target.objects.all(), as_of=year) for year in years}

    assert len(years) > 10
    assert set(changed.values()) == {0}


def test_a_target_stated_anew_takes_its_verdicts_along(measured):
    target, series = measured
    make_figure(series, 2020, "97.95")
    recompute(Target.objects.filter(pk=target.pk))
    content = {
        name: getattr(target, name)
        for name in ("code", "document", "area", "statement_zh", "statement_en", "stated",
                     "locator", "kind", "comparator", "stated_decimals", "unit", "target_year")
    }  # fmt: skip

    new = state_target(
        StatedTarget({**content, "domain": make_domain(), "value": Decimal(97)}),
        by=reference_user(),
    )
    work_off_stale()

    assert Target.objects.in_force().get() == new
    assert in_force(new, 2020).status == "achieved"
    assert not Verdict.objects.in_force().filter(target=target).exists()


def test_the_number_of_reads_does_not_grow_with_targets():
    def many(slug, count):
        document = make_document(slug)
        targets = [make_target(f"{slug}-{n:03}", document) for n in range(count)]
        for number, target in enumerate(targets):
            series = make_series(scope=f"{slug}-{number}")
            make_reading(target, series)
            make_figure(series, 2020, "98")
        return [target.pk for target in targets]

    few, more = many("few-2011", 2), many("more-2011", 20)

    with CaptureQueriesContext(connection) as of_few:
        recompute(Target.objects.filter(pk__in=few))
    with CaptureQueriesContext(connection) as of_more:
        recompute(Target.objects.filter(pk__in=more))

    # SQLite takes the inserts in several statements.
    reads = [[q for q in ran if q["sql"].startswith("SELECT")] for ran in (of_few, of_more)]
    assert len(reads[0]) == len(reads[1]) <= 6


def test_the_task_works_everything_off(measured):
    _, series = measured
    StaleRow.objects.append_series([series.pk] * 3)

    assert tasks.refresh_stale_verdicts() == 3


@pytest.fixture
def messages(settings, monkeypatch):
    """Of the nudges that were tried; there is no broker."""
    settings.EMBEDDED = False
    nobody_there = Connection(
        "redis://127.0.0.1:1/0", transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS
    )
    send, tried = tasks.refresh_stale_verdicts.apply_async, []

    def try_to_send(**options):
        tried.append(options)
        return send(connection=nobody_there, **options)

    monkeypatch.setattr(tasks.refresh_stale_verdicts, "apply_async", try_to_send)
    monkeypatch.setattr(tasks, "_pause", Pause(seconds=10))
    return tried


def test_a_nudge_never_fails(messages, caplog):
    tasks.nudge()

    assert len(messages) == 1
    assert "The broker did not take a message" in caplog.text


def test_a_broker_that_has_just_failed_is_left_alone(messages, monkeypatch):
    monkeypatch.setattr(tasks, "_pause", Pause(seconds=0.2))

    tasks.nudge(), tasks.nudge()
    assert len(messages) == 1
    time.sleep(0.3)
    tasks.nudge()

    assert len(messages) == 2
