"""From the first save to the approval: what is stored and told, and whose desk it reaches."""

from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.actions import workflow
from indicators.enums import State
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_official,
    make_post,
    make_signer,
    make_text_target,
    make_user,
    name_department,
)
from tests.indicators.steps import (
    Figure,
    InWords,
    anywhere,
    bring_to,
    in_force,
    open_round,
    working,
)

pytestmark = pytest.mark.django_db


def test_the_way_to_the_approved_figure(thing, hands):
    version = bring_to(State.APPROVED, thing, hands)

    stored = thing.versions.objects.get()
    assert stored == version == in_force(thing) == working(thing)
    assert (stored.number, stored.state, thing.said_in(stored)) == (1, "approved", thing.first)
    assert (stored.entered_by, stored.submitted_by) == (hands.author, hands.sender)
    assert (stored.signed_by, stored.reviewed_by) == (hands.signer, hands.reviewer)
    assert stored.entered_at < stored.submitted_at < stored.signed_at < stored.reviewed_at
    assert (stored.correction_reason, stored.return_reason, stored.recalled_at) == ("", "", None)
    assert thing.stale().count() == 1


def test_the_trail_of_the_way(thing, hands):
    bring_to(State.APPROVED, thing, hands)

    entries = Entry.objects.filter(object=thing.about).order_by("seq")
    states = [
        (each.action, each.actor, each.role, each.before and each.before["state"])
        for each in entries
    ]
    assert states == [
        ("save", hands.author.username, "official", None),
        ("submit", hands.sender.username, "official", "draft"),
        ("sign", hands.signer.username, "signer", "to_sign"),
        ("approve", hands.reviewer.username, "reviewer", None),
    ]
    assert [(each.after["version"], each.after["state"]) for each in entries] == [
        (1, "draft"),
        (1, "to_sign"),
        (1, "submitted"),
        (1, "approved"),
    ]
    said = {"value": "62.10"} if isinstance(thing, Figure) else {"narrative": "制度已建立"}
    for each in entries:
        assert said.items() <= each.after.items()
    assert Entry.objects.count() == 4


def test_only_an_approval_puts_in_force_and_marks_stale(thing, hands):
    bring_to(State.RETURNED, thing, hands)

    assert in_force(thing) is None
    assert thing.stale().count() == 0


@pytest.mark.parametrize(
    "held",
    [
        pytest.param(lambda department: None, id="nobody"),
        pytest.param(lambda department: {"department": anywhere("省林业厅")}, id="elsewhere"),
        pytest.param(
            lambda department: {
                "department": department,
                "to_date": timezone.localdate() - timedelta(1),
            },
            id="until-yesterday",
        ),
        pytest.param(
            lambda department: {
                "department": department,
                "from_date": timezone.localdate() + timedelta(1),
            },
            id="from-tomorrow",
        ),
        pytest.param(lambda department: {"department": department, "granted_at": None}, id="asked"),
    ],
)
def test_submit_goes_to_the_reviewers_where_nobody_signs(thing, department, held):
    if fields := held(department):
        make_post(make_user("late signer"), Role.SIGNER, **fields)
    official = make_official(department=department)

    version = thing.submit(thing.save(by=official), official)

    assert version.state == State.SUBMITTED
    assert (version.submitted_by, version.signed_by) == (official, None)


def test_submit_goes_to_the_signer_of_what_took_the_departments_place(thing, department):
    successor = anywhere("省农业农村厅")
    department.successor = successor
    department.save(update_fields=["successor"])
    official = make_official(department=successor)
    signer = make_signer(department=successor)

    version = thing.submit(thing.save(by=official), official)

    assert version.state == State.TO_SIGN
    assert workflow.sign(version=version, by=signer).state == State.SUBMITTED


@pytest.mark.parametrize("named", [0, 2])
def test_what_several_may_judge_is_signed_where_its_sender_has_a_signer(department, named):
    """A document that names several departments, or none so that all of the area may judge."""
    other = anywhere("省林业厅")
    make_signer(department=other)
    target = make_text_target()
    for each in [department, other][:named]:
        name_department(target, each)
    open_round(department)
    thing = InWords(department)
    thing.target = target
    official, forester = make_official(department=department), make_official("forester", other)

    first = thing.submit(thing.save(by=official), official)
    draft = workflow.recall(version=first, by=official)
    mended = thing.save(thing.second, by=forester, read=draft.number)
    second = thing.submit(mended, forester)

    assert (first.state, second.state) == (State.SUBMITTED, State.TO_SIGN)
