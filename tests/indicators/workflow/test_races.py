"""Several people at once, in real threads on a real database: one wins, the others are told."""

from collections import Counter
from functools import partial
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from indicators.actions import workflow
from indicators.enums import State
from indicators.models import StaleRow
from targets_site.audit.models import Entry
from tests.factories import make_department, make_official, make_reviewer, make_signer
from tests.indicators.steps import (
    KINDS,
    STEPS,
    bring_to,
    in_parallel,
    make_hands,
    open_round,
    trail_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
both_kinds = pytest.mark.parametrize("kind", KINDS, ids=["figure", "judgement"])


def outcomes(results):
    return Counter(
        result.state if hasattr(result, "state") else type(result).__name__ for result in results
    )


def check_in_step(thing):
    """Versions run 1..n without a gap, the working one is the newest, each was saved once."""
    numbers = list(thing.versions.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert thing.cells.objects.get().working.number == len(numbers)
    saved = [n for action, _actor, n in trail_of(thing) if action in {"save", "recall"}]
    assert saved == numbers


@both_kinds
@pytest.mark.parametrize("stored_before", [0, 1])
def test_twenty_edits_of_one_version_store_one(kind, stored_before):
    department = make_department()
    open_round(department)
    thing = kind(department)
    officials = [make_official(f"official {n}", department) for n in range(20)]
    if stored_before:
        thing.save(by=officials[0])

    results = in_parallel(
        [
            partial(thing.save, str(10 + n), by=each, read=stored_before or None)
            for n, each in enumerate(officials)
        ]
    )

    assert outcomes(results) == {"draft": 1, "StaleVersion": 19}
    [stored] = [each for each in results if hasattr(each, "state")]
    assert {each.newer for each in results if each != stored} == {stored}
    assert thing.versions.objects.count() == stored_before + 1
    assert Entry.objects.count() == stored_before + 1
    check_in_step(thing)


@both_kinds
def test_the_same_save_twenty_times_is_one_version(kind):
    department = make_department()
    open_round(department)
    thing, official = kind(department), make_official(department=department)

    results = in_parallel([partial(thing.save, by=official)] * 20)

    assert set(results) == {thing.versions.objects.get()}
    assert trail_of(thing) == [("save", "official", 1)]


@both_kinds
def test_the_same_save_and_submit_ten_times_is_one_version(kind):
    department = make_department()
    open_round(department)
    thing, official = kind(department), make_official(department=department)

    def save_and_submit():
        with transaction.atomic():
            return thing.submit(thing.save(by=official), official)

    results = in_parallel([save_and_submit] * 10)

    assert set(results) == {thing.versions.objects.get()}
    assert {each.state for each in results} == {"submitted"}
    assert trail_of(thing) == [("save", "official", 1), ("submit", "official", 1)]


@both_kinds
def test_f21_two_reviewers_decide_while_the_sender_takes_it_back(kind):
    """One of the three wins; what is in force is what the reviewer saw, or nothing."""
    department = make_department()
    open_round(department)
    thing, hands = kind(department), make_hands(department)
    second = make_reviewer("second", department.area)
    sent = bring_to(State.SUBMITTED, thing, hands)

    results = in_parallel(
        [
            partial(STEPS["approve"], thing, sent, hands.reviewer),
            partial(STEPS["return"], thing, sent, second),
            partial(STEPS["recall"], thing, sent, hands.sender),
        ]
    )

    cell = thing.cells.objects.get()
    [won] = [each for each in results if hasattr(each, "state")]
    assert won.state in {"approved", "returned", "draft"}
    assert (cell.in_force == sent) == (won.state == "approved")
    assert StaleRow.objects.count() == (won.state == "approved")
    assert Entry.objects.count() == 4
    check_in_step(thing)


@both_kinds
def test_f21_an_approval_while_an_editor_saves_approves_what_the_reviewer_saw(kind):
    """The editor waits for the decision: what was sent is not edited under the reviewer's eyes."""
    department = make_department()
    open_round(department)
    thing, hands = kind(department), make_hands(department)
    sent = bring_to(State.SUBMITTED, thing, hands)

    results = in_parallel(
        [
            partial(STEPS["approve"], thing, sent, hands.reviewer),
            partial(thing.save, thing.second, by=hands.author, read=1, reason="原数有误"),
        ]
    )

    # Before the approval the editor is told to wait, after it he corrects.
    assert outcomes(results) in [{"approved": 1, "WrongState": 1}, {"approved": 1, "draft": 1}]
    in_force = thing.cells.objects.get().in_force
    assert (in_force, thing.said_in(in_force)) == (sent, thing.first)
    check_in_step(thing)


@both_kinds
def test_two_signers_at_once_sign_once(kind):
    department = make_department()
    open_round(department)
    thing, hands = kind(department), make_hands(department)
    second = make_signer("second", department)
    sent = bring_to(State.TO_SIGN, thing, hands)

    results = in_parallel(
        [partial(STEPS["sign"], thing, sent, by) for by in (hands.signer, second)]
    )

    assert outcomes(results) == {"submitted": 1, "WrongState": 1}
    assert [action for action, _actor, _number in trail_of(thing)] == ["save", "submit", "sign"]


@both_kinds
@pytest.mark.parametrize("step", ["submit", "save"])
def test_what_waited_for_the_lock_sees_what_was_stored_meanwhile(kind, step):
    """A colleague's newer draft is stored while this step waits: it goes no further."""
    department = make_department()
    open_round(department)
    thing = kind(department)
    official, colleague = (make_official(name, department) for name in ("official", "colleague"))
    draft = thing.save(by=official)
    stored, results = Event(), []

    def save_and_hold():
        try:
            with transaction.atomic():
                thing.save(thing.second, by=colleague, read=1)
                stored.set()
                waiter.join(1)
        finally:
            connection.close()

    def wait():
        stored.wait(30)
        results.extend(in_parallel([partial(STEPS[step], thing, draft, official)]))

    holder, waiter = Thread(target=save_and_hold), Thread(target=wait)
    waiter.start()
    holder.start()
    holder.join()
    waiter.join()

    assert outcomes(results) == {"StaleVersion": 1}
    assert results[0].newer.number == 2
    assert [each.state for each in thing.versions.objects.order_by("number")] == ["draft"] * 2


@both_kinds
def test_f22_a_right_that_was_taken_away_while_waiting_is_gone(kind):
    department = make_department()
    open_round(department)
    thing, hands = kind(department), make_hands(department)
    sent = bring_to(State.SUBMITTED, thing, hands)
    locked, results = Event(), []

    def hold_and_take_away():
        try:
            with transaction.atomic():
                thing.cells.objects.select_for_update().get()
                hands.reviewer.posts.all().delete()
                locked.set()
                waiter.join(1)
        finally:
            connection.close()

    def wait():
        locked.wait(30)
        results.extend(in_parallel([partial(workflow.approve, version=sent, by=hands.reviewer)]))

    holder, waiter = Thread(target=hold_and_take_away), Thread(target=wait)
    waiter.start()
    holder.start()
    holder.join()
    waiter.join()

    assert outcomes(results) == {"NotAllowed": 1}
    assert thing.cells.objects.get().in_force is None
