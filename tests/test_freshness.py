"""The data stamp changes with every write that readers see, and with nothing else."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from indicators.actions import entry, workflow
from indicators.actions.verdicts.stale import work_off_stale
from indicators.enums import Step
from indicators.reference.load import ACTION as LOADED
from reports.enums import ReportStepKind
from targets_site.accounts.models import LockKind, ResetAction
from targets_site.audit.actions import record
from targets_site.audit.models import Entry
from targets_site.audit.readers import UNSEEN_BY_READERS
from targets_site.freshness import _NEWEST_SEEN, NEWEST, data_stamp
from tests.factories import (
    make_department,
    make_official,
    make_reading,
    make_reviewer,
    make_round,
    make_signer,
    make_target,
    name_department,
)
from tests.indicators.steps import Figure

REPORT_STEPS = {f"{each.value}_report" for each in ReportStepKind}
SEEN_BY_READERS = {
    "approve",
    "change_round",
    "confirm_reading",
    "grant_exception",
    "import",
    "load_reference",
    # Who may read at all, for one.
    "note_settings",
    "open_round",
    "recompute",
    *REPORT_STEPS,
}
# What stands in the code in place of a text, with all that it can be.
GIVEN = {
    "ACTION": {LOADED},
    "action": {each.value for each in ResetAction},
    "f'{step}_{reset.action}'": {
        f"{step}_{each.value}" for step in ("ask", "confirm", "refuse") for each in ResetAction
    },
    "f'{kind}_report'": REPORT_STEPS,
    "f'lock_{kind}'": {f"lock_{each.value}" for each in LockKind},
    "step": set(),
    "request": set(),
    **{f"Step.{each.name}": {each.value} for each in Step},
}
# Steps towards an action, which is then put together of them.
PARTS_OF_ONE = {"ask"}


def actions_in_the_code():
    found = set()
    for call in recordings_in_the_code():
        first = call.args[0]
        is_text = isinstance(first, ast.Constant)
        found |= {first.value} if is_text else GIVEN[ast.unparse(first)]
    return found - PARTS_OF_ONE


def recordings_in_the_code():
    """Each call that writes an entry of the trail."""
    for package in ("targets_site", "plans", "indicators", "reports"):
        for path in Path(settings.BASE_DIR, package).rglob("*.py"):
            yield from filter(_is_recording, ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def _is_recording(call):
    if not isinstance(call, ast.Call) or not call.args:
        return False
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return name in {"record", "_record"}


def test_every_action_is_said_to_be_seen_by_readers_or_not():
    assert actions_in_the_code() == SEEN_BY_READERS | set(UNSEEN_BY_READERS)
    assert not SEEN_BY_READERS & set(UNSEEN_BY_READERS)


@pytest.mark.django_db
@pytest.mark.parametrize("action", sorted({*SEEN_BY_READERS, "something_new"}))
def test_what_readers_see_changes_the_stamp(action):
    before = data_stamp()
    with transaction.atomic():
        record(action, "x:1")

    assert data_stamp() != before


@pytest.mark.django_db
def test_what_readers_do_not_see_leaves_the_stamp_as_it_is():
    with transaction.atomic():
        record("approve", "x:1")
    before = data_stamp()
    with transaction.atomic():
        for action in UNSEEN_BY_READERS * 2:
            record(action, "x:1")

    assert data_stamp() == before


@pytest.mark.django_db
def test_an_entry_that_becomes_visible_after_later_ones_changes_the_stamp():
    for seq in range(100, 100 + NEWEST - 1):
        Entry.objects.create(seq=seq, action="approve", object="x:1")
    before = data_stamp()
    Entry.objects.create(seq=99, action="approve", object="x:1")

    assert data_stamp() != before


@pytest.mark.django_db
def test_the_same_numbers_at_another_time_are_another_stamp():
    """As after a restore, or in a test that was rolled back."""
    one = Entry.objects.create(seq=7, action="approve", object="x:1")
    before = data_stamp()
    Entry.objects.filter(pk=one.pk).update(at=timezone.now() + timedelta(seconds=1))

    assert data_stamp() != before


@pytest.mark.django_db
def test_the_stamp_is_one_query_by_its_own_index(django_assert_num_queries):
    with django_assert_num_queries(1):
        data_stamp()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute(f"DROP INDEX IF EXISTS entry_by_time; EXPLAIN {_NEWEST_SEEN}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {_NEWEST_SEEN}")
        plan = str(cursor.fetchall())

    assert "entry_that_readers_see" in plan


@pytest.mark.django_db
def test_a_figure_on_its_way_changes_the_stamp_when_it_is_approved_and_when_it_is_judged():
    """By the product's own steps, from the draft to the verdict."""
    department = make_department()
    official, signer = make_official(department=department), make_signer(department=department)
    reviewer = make_reviewer()
    figure, target = Figure(department), make_target()
    name_department(target, department)
    make_reading(target, figure.series)
    make_round(None, figure.year)
    stamps = [data_stamp()]

    draft = figure.save("99.00", by=official)
    sent = entry.submit(version=draft, by=official)
    signed = workflow.sign(version=sent, by=signer)
    stamps.append(data_stamp())
    workflow.approve(version=signed, by=reviewer)
    stamps.append(data_stamp())
    assert work_off_stale() == 1
    stamps.append(data_stamp())

    assert stamps[0] == stamps[1]
    assert len(set(stamps)) == 3
