"""Whose a version is: what somebody saves once more, or changes in part, stays with whoever
entered it, and he neither signs nor decides on it."""

from dataclasses import replace

import pytest

from indicators.actions import workflow
from indicators.enums import State
from indicators.models import Attachment
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import make_post, make_user
from tests.indicators.steps import (
    STEPS,
    Figure,
    InWords,
    bring_to,
    open_round,
    picture,
)

pytestmark = pytest.mark.django_db


def both_posts(department, name="both"):
    """Somebody who enters for the department and reviews its area."""
    user = make_user(name)
    make_post(user, Role.OFFICIAL, department=department)
    make_post(user, Role.REVIEWER, area=department.area)
    return user


def test_a_draft_that_is_saved_as_it_was_read_stays_whose_it_is(thing, department, hands):
    first = thing.save(by=hands.author)
    before = picture()

    again = thing.save(by=hands.sender, read=1)

    assert (again, again.entered_by) == (first, hands.author)
    assert picture() == before


def test_nobody_approves_what_he_entered_and_a_colleague_sent(thing, department, hands):
    author = both_posts(department)
    thing.save(by=author)

    sent = thing.submit(thing.save(by=hands.sender, read=1), hands.sender)
    sent = workflow.sign(version=sent, by=hands.signer)

    assert (sent.entered_by, sent.submitted_by) == (author, hands.sender)
    with pytest.raises(NotAllowed):
        workflow.approve(version=sent, by=author)


def test_what_was_returned_and_is_saved_as_it_was_stays_with_its_author(thing, department, hands):
    author = both_posts(department)
    bring_to(State.RETURNED, thing, replace(hands, author=author))

    again = thing.save(by=hands.sender, read=1)

    first = thing.versions.objects.get(number=1)
    assert (again.number, again.state, again.entered_by) == (2, "draft", author)
    assert again.entered_at == first.entered_at
    entered = Entry.objects.filter(object=thing.about, action="save").order_by("seq")
    assert [each.actor for each in entered] == [author.username, hands.sender.username]
    sent = workflow.sign(version=thing.submit(again, hands.sender), by=hands.signer)
    with pytest.raises(NotAllowed):
        workflow.approve(version=sent, by=author)


def test_further_evidence_is_a_new_version(thing, department, hands):
    thing.save(by=hands.author)

    again = thing.save(by=hands.sender, read=1, evidence=[make_evidence(department).pk])

    assert (again.number, again.entered_by) == (2, hands.sender)


def make_evidence(department):
    return Attachment.objects.create(
        file="x", name="来函.pdf", media_type="application/pdf", size=4, sha256="0" * 64,
        department=department, added_by=make_user("somebody"),
    )  # fmt: skip


CHANGED_IN_PART = [
    # What the second official leaves as it was, and what he changes.
    pytest.param(Figure, {"value": "62.1"}, {"remark": "初步数"}, id="the-value-stands"),
    pytest.param(Figure, {"source_title": "公报"}, {"value": "63.50"}, id="the-source-stands"),
    pytest.param(InWords, {"outcome": "partly"}, {"narrative": "另写"}, id="the-outcome-stands"),
]


@pytest.mark.parametrize(("kind", "stands", "changed"), CHANGED_IN_PART)
def test_nobody_decides_on_what_still_says_what_he_entered(
    kind, stands, changed, department, hands
):
    open_round(department)
    thing, author = kind(department), both_posts(department)
    make_post(author, Role.SIGNER, department=department)
    thing.save_with(stands, by=author)
    thing.save_with({**stands, **changed}, by=hands.author, read=1)

    sent = thing.submit(thing.versions.objects.get(number=2), hands.sender)

    assert sent.entered_by == hands.author
    with pytest.raises(NotAllowed):
        workflow.sign(version=sent, by=author)
    sent = workflow.sign(version=sent, by=hands.signer)
    for decide in (STEPS["approve"], STEPS["return"]):
        with pytest.raises(NotAllowed):
            decide(thing, sent, author)
    assert workflow.approve(version=sent, by=hands.reviewer).state == State.APPROVED


def test_nobody_decides_on_evidence_that_he_handed_in(department, hands):
    open_round(department)
    thing, author = Figure(department), both_posts(department)
    evidence = [make_evidence(department).pk]
    thing.save_with({"value": "1", "source_title": "甲"}, by=author, evidence=evidence)
    thing.save_with(
        {"value": "2", "source_title": "乙"}, by=hands.author, read=1, evidence=evidence
    )

    sent = bring_on(thing, 2, hands)

    with pytest.raises(NotAllowed):
        workflow.approve(version=sent, by=author)


def bring_on(thing, number, hands):
    version = thing.versions.objects.get(number=number)
    return workflow.sign(version=thing.submit(version, hands.sender), by=hands.signer)


def test_whose_entry_was_replaced_altogether_may_decide(department, hands):
    """The decimals that two values happen to have in common are nobody's."""
    open_round(department)
    thing, author = Figure(department), both_posts(department)
    thing.save_with({"value": "62.1", "source_title": "甲"}, by=author)
    thing.save_with({"value": "63.5", "source_title": "乙"}, by=hands.author, read=1)

    approved = workflow.approve(version=bring_on(thing, 2, hands), by=author)

    assert (approved.entered_by, approved.reviewed_by) == (hands.author, author)


def test_what_was_in_force_already_is_no_entry_of_the_author_any_more(thing, department, hands):
    author = both_posts(department)
    bring_to(State.APPROVED, thing, replace(hands, author=author))
    thing.save(thing.second, by=hands.author, read=1, reason="原数有误")

    approved = workflow.approve(version=bring_on(thing, 2, hands), by=author)

    assert approved.reviewed_by == author


def test_what_a_correction_took_from_an_earlier_draft_is_its_authors(thing, department, hands):
    author = both_posts(department)
    bring_to(State.APPROVED, thing, hands)
    thing.save(thing.second, by=author, read=1, reason="原数有误")
    thing.save(thing.second, by=hands.author, read=2, reason="统计局修订")

    sent = bring_on(thing, 3, hands)

    with pytest.raises(NotAllowed):
        workflow.approve(version=sent, by=author)


def test_the_only_signer_who_entered_what_stands_is_passed_over(thing, department, hands):
    make_post(hands.signer, Role.OFFICIAL, department=department)
    thing.save(by=hands.signer)

    sent = thing.submit(thing.save(by=hands.author, read=1), hands.author)

    assert sent.state == State.SUBMITTED
    assert "unsigned" in Entry.objects.filter(action="submit").get().after
