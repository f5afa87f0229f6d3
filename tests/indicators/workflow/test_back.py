"""Recalled by who sent it, returned by who decides."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from indicators.actions import workflow
from indicators.enums import State
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_post,
)
from tests.indicators.steps import (
    bring_to,
    in_force,
    picture,
    trail_of,
    working,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [State.TO_SIGN, State.SUBMITTED])
def test_recall_leaves_a_draft_that_says_the_same(thing, hands, state):
    sent = bring_to(state, thing, hands)

    draft = workflow.recall(version=sent, by=hands.sender)

    sent.refresh_from_db()
    assert (sent.number, sent.state, sent.submitted_by) == (1, "recalled", hands.sender)
    assert sent.recalled_at is not None
    assert draft == thing.versions.objects.get(number=2) == working(thing)
    assert draft.state == State.DRAFT
    assert {name: getattr(draft, name) for name in draft.COPIED} == {
        name: getattr(sent, name) for name in sent.COPIED
    }
    assert (draft.submitted_by, draft.submitted_at, draft.signed_by) == (None, None, None)
    assert trail_of(thing)[-1] == ("recall", hands.sender.username, 2)


def test_recall_leaves_the_authors_name_on_what_he_entered(thing, hands):
    make_post(hands.author, Role.REVIEWER)
    sent = bring_to(State.SUBMITTED, thing, hands)
    draft = workflow.recall(version=sent, by=hands.sender)
    sent_again = workflow.sign(version=thing.submit(draft, hands.sender), by=hands.signer)

    with pytest.raises(NotAllowed):
        workflow.approve(version=sent_again, by=hands.author)

    assert (draft.entered_by, draft.entered_at) == (sent.entered_by, sent.entered_at)


def test_recall_keeps_the_reason_of_a_correction(thing, hands):
    bring_to(State.APPROVED, thing, hands)
    draft = thing.save(thing.second, by=hands.author, read=1, reason="原数有误")
    sent = thing.submit(draft, hands.sender)

    draft = workflow.recall(version=sent, by=hands.sender)

    assert draft.correction_reason == "原数有误"
    assert thing.submit(draft, hands.sender).state == State.TO_SIGN


def test_recall_is_not_for_a_sender_who_left_the_department(thing, hands):
    sent = bring_to(State.SUBMITTED, thing, hands)
    hands.sender.posts.update(to_date=timezone.localdate() - timedelta(1))
    before = picture()

    with pytest.raises(NotAllowed):
        workflow.recall(version=sent, by=hands.sender)

    assert picture() == before


# Return


@pytest.mark.parametrize("reason", ["", "  \n", "\u200b\u202e"])
@pytest.mark.parametrize("state", [State.TO_SIGN, State.SUBMITTED])
def test_return_needs_a_reason(thing, hands, state, reason):
    version = bring_to(state, thing, hands)
    by = hands.signer if state == State.TO_SIGN else hands.reviewer
    before = picture()

    with pytest.raises(ValidationError) as refused:
        workflow.return_to_official(version=version, by=by, reason=reason)

    assert list(refused.value.error_dict) == ["reason"]
    assert picture() == before


@pytest.mark.parametrize(
    ("state", "role"), [(State.TO_SIGN, "signer"), (State.SUBMITTED, "reviewer")]
)
def test_return_says_who_and_why(thing, hands, state, role):
    version = bring_to(state, thing, hands)
    by = getattr(hands, role)

    returned = workflow.return_to_official(version=version, by=by, reason="口径不符")

    returned.refresh_from_db()
    assert (returned.state, returned.reviewed_by) == ("returned", by)
    assert (returned.return_reason, thing.said_in(returned)) == ("口径不符", thing.first)
    entry = Entry.objects.last()
    assert (entry.action, entry.actor, entry.role) == ("return", by.username, role)
    assert (entry.before["state"], entry.after["state"]) == (state, "returned")
    assert entry.reason == "口径不符"


def test_a_returned_version_is_mended_by_the_next_one(thing, hands):
    bring_to(State.RETURNED, thing, hands)

    mended = thing.save(thing.second, by=hands.author, read=1)
    sent = workflow.sign(version=thing.submit(mended, hands.sender), by=hands.signer)
    approved = workflow.approve(version=sent, by=hands.reviewer)

    assert in_force(thing) == approved
    versions = thing.versions.objects.order_by("number")
    assert [(each.number, each.state, thing.said_in(each)) for each in versions] == [
        (1, "returned", thing.first),
        (2, "approved", thing.second),
    ]
    assert [number for _action, _actor, number in trail_of(thing)] == [1, 1, 1, 1, 2, 2, 2, 2]
