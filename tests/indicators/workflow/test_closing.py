"""When a round closes, and for whom it stays open."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from indicators.actions import workflow
from indicators.actions.workflow import Locked
from indicators.enums import State
from indicators.models import RoundException
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_department,
    make_official,
    make_post,
    make_user,
)
from tests.indicators.steps import (
    AFTERWARDS,
    STEPS,
    YEAR,
    anywhere,
    bring_to,
    close,
    in_force,
    open_round,
    picture,
)

pytestmark = pytest.mark.django_db


SAVE_AND_SUBMIT = pytest.mark.parametrize("step", ["save", "submit"])


def closing(department, at):
    """A round that closes at that moment, open since a month before."""
    return open_round(
        department,
        opens_at=at - timedelta(30),
        due_at=at - timedelta(1),
        closes_at=at,
    )


def at(monkeypatch, moment):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


# Midnight in Beijing after New Year's Eve, when the clock of the database says 16:00.
MIDNIGHT = datetime(2025, 12, 31, 16, 0, 0, tzinfo=UTC)
ONE_SECOND = timedelta(seconds=1)


@SAVE_AND_SUBMIT
@pytest.mark.parametrize(
    ("moment", "outcome"),
    [
        pytest.param(MIDNIGHT - ONE_SECOND, None, id="15:59:59Z"),
        pytest.param(MIDNIGHT, Locked, id="16:00:00Z"),
    ],
)
def test_a_round_closes_at_the_second(kind, department, hands, monkeypatch, step, moment, outcome):
    closing(department, MIDNIGHT)
    thing = kind(department)
    at(monkeypatch, MIDNIGHT - timedelta(2))
    draft = thing.save(by=hands.author)
    at(monkeypatch, moment)
    before = picture()

    if outcome is None:
        version = STEPS[step](thing, draft, hands.author)
        assert version.state == AFTERWARDS[step]
    else:
        with pytest.raises(outcome):
            STEPS[step](thing, draft, hands.author)
        assert picture() == before


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        pytest.param(MIDNIGHT - ONE_SECOND, False, id="15:59:59Z"),
        pytest.param(MIDNIGHT, True, id="16:00:00Z"),
    ],
)
def test_a_round_opens_at_the_second(kind, department, hands, monkeypatch, moment, is_open):
    open_round(
        department,
        opens_at=MIDNIGHT,
        due_at=MIDNIGHT + timedelta(30),
        closes_at=MIDNIGHT + timedelta(40),
    )
    thing = kind(department)
    at(monkeypatch, moment)

    if is_open:
        assert thing.save(by=hands.author).number == 1
    else:
        with pytest.raises(Locked):
            thing.save(by=hands.author)
        assert thing.cells.objects.count() == 0


@pytest.mark.parametrize(
    "round_of",
    [
        pytest.param(lambda department: None, id="no-round"),
        pytest.param(lambda department: open_round(department, YEAR - 1), id="of-another-year"),
        pytest.param(
            lambda department: open_round(make_department(make_area("980000"))), id="elsewhere"
        ),
    ],
)
def test_what_no_round_asks_for_is_not_entered(kind, department, hands, round_of):
    round_of(department)
    thing = kind(department)

    with pytest.raises(Locked):
        thing.save(by=hands.author)

    assert thing.versions.objects.count() == 0
    assert Entry.objects.count() == 0


def test_a_correction_needs_no_round(thing, department, hands, monkeypatch):
    bring_to(State.APPROVED, thing, hands)
    close(department)

    draft = thing.save(thing.second, by=hands.author, read=1, reason="原数有误")
    sent = workflow.sign(version=thing.submit(draft, hands.sender), by=hands.signer)

    assert workflow.approve(version=sent, by=hands.reviewer) == in_force(thing)


def test_what_was_sent_in_time_is_signed_and_decided_on_afterwards(thing, department, hands):
    sent = bring_to(State.TO_SIGN, thing, hands)
    close(department)

    signed = workflow.sign(version=sent, by=hands.signer)

    assert workflow.approve(version=signed, by=hands.reviewer).state == State.APPROVED


def test_what_was_returned_stays_open_until_it_is_decided_on(thing, department, hands):
    bring_to(State.RETURNED, thing, hands)
    close(department)

    mended = thing.save(thing.second, by=hands.author, read=1)
    sent = workflow.sign(version=thing.submit(mended, hands.sender), by=hands.signer)
    workflow.approve(version=sent, by=hands.reviewer)

    with pytest.raises(ValidationError):
        thing.save(thing.first, by=hands.author, read=2)


def grant(department, until, year=YEAR):
    one = department.area.rounds.get(year_rows__year=year)
    return RoundException.objects.create(
        round=one,
        department=department,
        until=until,
        reason="机构改革",
        granted_by=make_user("steward"),
    )


@SAVE_AND_SUBMIT
def test_an_exception_opens_for_its_department_until_its_end(
    kind, department, hands, monkeypatch, step
):
    closing(department, MIDNIGHT - timedelta(10))
    thing = kind(department)
    at(monkeypatch, MIDNIGHT - timedelta(11))
    draft = thing.save(by=hands.author)
    grant(department, until=MIDNIGHT)

    at(monkeypatch, MIDNIGHT - ONE_SECOND)
    assert STEPS[step](thing, draft, hands.author).state == AFTERWARDS[step]
    at(monkeypatch, MIDNIGHT)
    with pytest.raises(Locked):
        kind(department).save(by=hands.author)


def test_an_exception_does_not_open_for_another_department(kind, department, hands):
    """Not even for somebody who enters for both."""
    other = anywhere("省林业厅")
    make_post(hands.author, Role.OFFICIAL, department=other)
    open_round(department)
    close(department)
    grant(other, until=timezone.now() + timedelta(1))

    with pytest.raises(Locked):
        kind(department).save(by=hands.author)

    assert kind(other).save(by=hands.author).number == 1


def test_an_exception_for_a_successor_opens_what_its_predecessor_reported(kind, department):
    successor = anywhere("省农业农村厅")
    department.successor = successor
    department.save(update_fields=["successor"])
    official = make_official(department=successor)
    open_round(department)
    close(department)
    grant(successor, until=timezone.now() + timedelta(1))

    assert kind(department).save(by=official).number == 1
