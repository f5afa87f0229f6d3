"""What was saved or sent on a version that is no longer the newest, or twice."""

import pytest

from indicators.actions.workflow import StaleVersion
from indicators.enums import State
from tests.indicators.steps import (
    bring_to,
    picture,
)

pytestmark = pytest.mark.django_db


def test_a_stale_save_is_told_the_newer_version(thing, hands):
    first = thing.save(by=hands.author)
    newer = thing.save(thing.second, by=hands.sender, read=1)
    before = picture()

    with pytest.raises(StaleVersion) as refused:
        thing.save(thing.second, by=hands.author, read=1)

    assert refused.value.newer == newer
    assert picture() == before
    assert first.number == 1


def test_a_replaced_draft_is_not_sent(thing, hands):
    first = thing.save(by=hands.author)
    newer = thing.save(thing.second, by=hands.sender, read=1)
    before = picture()

    with pytest.raises(StaleVersion) as refused:
        thing.submit(first, hands.author)

    assert refused.value.newer == newer
    assert picture() == before


def test_a_doubled_save_is_one_version(thing, hands):
    first = thing.save(by=hands.author)
    before = picture()

    assert thing.save(by=hands.author) == first
    assert picture() == before


@pytest.mark.parametrize("state", [State.TO_SIGN, State.SUBMITTED])
def test_a_doubled_save_and_submit_is_one_version(thing, hands, state):
    """The second click arrives when the first one has sent it on already."""
    sent = bring_to(state, thing, make_hands_of_one(hands))
    before = picture()

    again = thing.submit(thing.save(by=hands.author), hands.author)

    assert (again, again.state) == (sent, state)
    assert picture() == before


def make_hands_of_one(hands):
    """The author sends it himself."""
    return type(hands)(hands.author, hands.author, hands.signer, hands.reviewer)


@pytest.mark.parametrize("state", [State.RETURNED, State.APPROVED])
def test_what_was_decided_meanwhile_is_no_doubled_save(thing, hands, state):
    decided = bring_to(state, thing, hands)

    with pytest.raises(StaleVersion) as refused:
        thing.save(by=hands.author)

    assert refused.value.newer == decided


def test_the_same_said_by_somebody_else_is_no_doubled_save(thing, hands):
    thing.save(by=hands.author)

    with pytest.raises(StaleVersion):
        thing.save(by=hands.sender)


def test_the_same_said_for_another_reason_is_no_doubled_save(thing, hands):
    bring_to(State.APPROVED, thing, hands)
    thing.save(thing.second, by=hands.author, read=1, reason="原数有误")

    with pytest.raises(StaleVersion):
        thing.save(thing.second, by=hands.author, read=1, reason="统计局修订")
