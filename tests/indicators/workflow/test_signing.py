"""Who signs for whom, and what a signer's return means; the same for figures and judgements."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.actions import workflow
from indicators.actions.workflow import Locked, TooLateToRecall
from indicators.enums import State
from indicators.models import Attachment, RoundException, SeriesDepartment
from plans.models import TargetDepartment
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_department,
    make_official,
    make_post,
    make_reviewer,
    make_signer,
    make_user,
)
from tests.indicators.steps import (
    UNSIGNED,
    bring_to,
    picture,
    trail_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def beside():
    """Another department that reports the same."""
    return make_department(name_zh="省林业厅")


def close(department):
    now = timezone.now()
    department.area.rounds.update(
        closes_at=now - timedelta(seconds=1), due_at=now - timedelta(days=1)
    )


def grant(department):
    return RoundException.objects.create(
        round=department.area.rounds.get(),
        department=department,
        until=timezone.now() + timedelta(1),
        reason="机构改革",
        granted_by=make_user("steward"),
    )


def refused(error, step, **fields):
    """The step is refused and leaves nothing."""
    before = picture()
    with pytest.raises(error):
        step(**fields)
    return picture() == before


# The department that sent it


def test_the_signer_of_another_department_that_reports_it_neither_signs_nor_returns(
    thing, department, beside, hands
):
    thing.reported_too_by(beside)
    other = make_signer("other", beside)
    sent = bring_to(State.TO_SIGN, thing, hands)

    assert refused(NotAllowed, workflow.sign, version=sent, by=other)
    assert refused(NotAllowed, workflow.return_to_official, version=sent, by=other, reason="口径")
    assert sent.submitted_for == department
    assert workflow.sign(version=sent, by=hands.signer).state == State.SUBMITTED


def test_who_enters_for_two_departments_sends_to_the_one_that_has_a_signer(
    thing, department, beside
):
    thing.reported_too_by(beside)
    official, signer = make_official("official", department), make_signer("signer", beside)
    make_post(official, Role.OFFICIAL, department=beside)

    sent = thing.submit(thing.save(by=official), official)

    assert (sent.state, sent.submitted_for) == (State.TO_SIGN, beside)
    assert workflow.sign(version=sent, by=signer).signed_by == signer


def test_where_the_department_no_longer_reports_it_the_one_that_does_signs(
    thing, department, beside, hands
):
    sent = bring_to(State.TO_SIGN, thing, hands)
    other = make_signer("other", beside)
    assert refused(NotAllowed, workflow.sign, version=sent, by=other)

    SeriesDepartment.objects.update(department=beside)
    TargetDepartment.objects.update(department=beside)

    assert refused(NotAllowed, workflow.sign, version=sent, by=hands.signer)
    assert workflow.sign(version=sent, by=other).state == State.SUBMITTED


# The only signer


@pytest.mark.parametrize("his_step", ["entered", "sent"])
def test_what_the_only_signer_entered_or_sent_goes_straight_to_the_reviewers(
    thing, department, his_step
):
    """Nobody signs what he entered: it would wait for ever."""
    signer, official = make_signer("signer", department), make_official("official", department)
    make_post(signer, Role.OFFICIAL, department=department)
    author, sender = (signer, official) if his_step == "entered" else (official, signer)

    sent = thing.submit(thing.save(by=author), sender)

    assert (sent.state, sent.signed_by, sent.submitted_for) == ("submitted", None, department)
    entry = Entry.objects.filter(object=thing.about).last()
    assert (entry.action, entry.after["state"]) == ("submit", "submitted")
    assert entry.after["unsigned"] == "entered or sent by the only signer"
    assert workflow.approve(version=sent, by=make_reviewer()).state == State.APPROVED


def test_a_second_signer_signs_what_the_first_one_sent(thing, department):
    signer, second = make_signer("signer", department), make_signer("second", department)
    make_post(signer, Role.OFFICIAL, department=department)

    sent = thing.submit(thing.save(by=signer), signer)

    assert sent.state == State.TO_SIGN
    assert "unsigned" not in Entry.objects.filter(object=thing.about).last().after
    assert workflow.sign(version=sent, by=second).state == State.SUBMITTED


@pytest.mark.parametrize("fields", [{"to_date": timezone.localdate() - timedelta(2)}, {}])
def test_a_signer_who_is_gone_is_no_second_signer(thing, department, fields):
    signer = make_signer("signer", department)
    make_post(signer, Role.OFFICIAL, department=department)
    gone = make_user("gone", is_active=bool(fields))
    make_post(gone, Role.SIGNER, department=department, **fields)

    assert thing.submit(thing.save(by=signer), signer).state == State.SUBMITTED


def test_where_nobody_signs_the_trail_names_no_signer(thing, department):
    official = make_official("official", department)

    sent = thing.submit(thing.save(by=official), official)

    assert (sent.state, sent.submitted_for) == ("submitted", department)
    assert "unsigned" not in Entry.objects.filter(object=thing.about).last().after


# What a signer returned


@pytest.mark.parametrize(
    ("state", "by_signer"), [(UNSIGNED, True), (State.RETURNED, False), (State.APPROVED, False)]
)
def test_a_version_says_whether_its_signer_returned_it(thing, hands, state, by_signer):
    version = bring_to(state, thing, hands)

    assert thing.versions.objects.get(pk=version.pk).returned_by_signer is by_signer


def test_reviewers_do_not_read_what_the_signer_returned(thing, hands):
    version = bring_to(UNSIGNED, thing, hands)
    read = thing.versions.objects.readable_by
    another = make_reviewer("another")

    assert list(read(hands.author)) == list(read(hands.signer)) == [version]
    assert [list(read(each)) for each in (hands.reviewer, another)] == [[], []]
    mended = thing.save(thing.second, by=hands.author, read=1)
    sent = workflow.sign(version=thing.submit(mended, hands.sender), by=hands.signer)
    assert list(read(another)) == [sent]


def test_what_the_signer_returned_is_closed_with_the_round(thing, department, hands):
    """Also where the official had sent it in time, until the department gets more time."""
    sent = bring_to(State.TO_SIGN, thing, hands)
    close(department)
    workflow.return_to_official(version=sent, by=hands.signer, reason="笔误")

    assert refused(Locked, thing.save, said=thing.second, by=hands.author, read=1)
    grant(department)
    assert thing.save(thing.second, by=hands.author, read=1).number == 2


def test_what_a_reviewer_returned_stays_open_when_its_signer_returns_what_mends_it(
    thing, department, hands
):
    bring_to(State.RETURNED, thing, hands)
    close(department)
    sent = thing.submit(thing.save(thing.second, by=hands.author, read=1), hands.sender)
    workflow.return_to_official(version=sent, by=hands.signer, reason="笔误")

    assert thing.save(thing.first, by=hands.author, read=2).number == 3


# Recall after the round has closed


@pytest.mark.parametrize("state", [State.TO_SIGN, State.SUBMITTED])
def test_nothing_is_recalled_that_could_not_be_sent_again(thing, department, hands, state):
    sent = bring_to(state, thing, hands)
    close(department)

    assert refused(TooLateToRecall, workflow.recall, version=sent, by=hands.sender)
    grant(department)
    draft = workflow.recall(version=sent, by=hands.sender)
    assert thing.submit(draft, hands.sender).state == State.TO_SIGN


def test_what_a_reviewer_asked_for_is_recalled_and_sent_again_afterwards(thing, department, hands):
    bring_to(State.RETURNED, thing, hands)
    close(department)
    sent = thing.submit(thing.save(thing.second, by=hands.author, read=1), hands.sender)

    draft = workflow.recall(version=sent, by=hands.sender)

    assert thing.submit(draft, hands.sender).state == State.TO_SIGN


def test_a_correction_is_recalled_and_sent_again_without_a_round(thing, department, hands):
    bring_to(State.APPROVED, thing, hands)
    close(department)
    draft = thing.save(thing.second, by=hands.author, read=1, reason="原数有误")
    sent = thing.submit(draft, hands.sender)

    draft = workflow.recall(version=sent, by=hands.sender)

    assert thing.submit(draft, hands.sender).state == State.TO_SIGN


# Evidence in the trail


def attach(department, by, name):
    return Attachment.objects.create(
        file=ContentFile(b"%PDF", name="x"), name=name, media_type="application/pdf", size=4,
        sha256=f"{len(name):064}", department=department, added_by=by,
    )  # fmt: skip


def test_the_trail_names_the_evidence_of_what_is_saved_and_recalled(
    thing, department, hands, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    files = [attach(department, hands.author, name) for name in ("来函.pdf", "检验报告.pdf")]
    named = [{"name": each.name, "sha256": each.sha256} for each in files]

    version = thing.save(by=hands.author, evidence=[each.pk for each in reversed(files)])
    workflow.recall(version=thing.submit(version, hands.sender), by=hands.sender)

    entries = Entry.objects.filter(object=thing.about).order_by("seq")
    assert [(each.action, each.after.get("evidence")) for each in entries] == [
        ("save", named),
        ("submit", None),
        ("recall", named),
    ]


def test_where_there_is_no_evidence_none_is_asked_for(thing, hands):
    with CaptureQueriesContext(connection) as asked:
        thing.save(by=hands.author)

    assert [each["sql"] for each in asked if "attachment" in each["sql"]] == []
    assert "evidence" not in Entry.objects.get(object=thing.about).after
    assert trail_of(thing) == [("save", hands.author.username, 1)]
