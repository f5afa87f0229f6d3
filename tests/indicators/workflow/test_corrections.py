"""What is in force changes by a correction with its reason."""

import pytest
from django.core.exceptions import ValidationError

from indicators.actions import workflow
from indicators.enums import State
from targets_site.audit.models import Entry
from tests.factories import (
    make_figure,
    make_user,
)
from tests.indicators.steps import (
    YEAR,
    Figure,
    bring_to,
    in_force,
    picture,
    working,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("reason", ["", " \n", "\u200b\u202e"])
def test_a_correction_needs_a_reason(thing, hands, reason):
    bring_to(State.APPROVED, thing, hands)
    before = picture()

    with pytest.raises(ValidationError) as refused:
        thing.save(thing.second, by=hands.author, read=1, reason=reason)

    assert list(refused.value.error_dict) == ["correction_reason"]
    assert picture() == before


@pytest.mark.parametrize(
    ("reason", "code"),
    [("原\x07因", "control"), ("长" * 2001, "too_long")],
    ids=["control", "long"],
)
def test_a_reason_is_a_text_of_ours(thing, hands, reason, code):
    sent = bring_to(State.SUBMITTED, thing, hands)

    with pytest.raises(ValidationError) as returned:
        workflow.return_to_official(version=sent, by=hands.reviewer, reason=reason)
    workflow.approve(version=sent, by=hands.reviewer)
    with pytest.raises(ValidationError) as corrected:
        thing.save(thing.second, by=hands.author, read=1, reason=reason)

    for refused, name in [(returned, "reason"), (corrected, "correction_reason")]:
        [error] = refused.value.error_dict[name]
        assert error.code == code


def test_reasons_are_stored_without_what_cannot_be_seen(thing, hands):
    sent = bring_to(State.SUBMITTED, thing, hands)
    workflow.approve(version=sent, by=hands.reviewer)
    draft = thing.save(
        thing.second, by=hands.author, read=1, reason="\u200b 原数\u202e有误\r\n详见附件 "
    )
    sent = workflow.sign(version=thing.submit(draft, hands.sender), by=hands.signer)
    returned = workflow.return_to_official(
        version=sent, by=hands.reviewer, reason="\u2066口径不符\u2069"
    )

    assert draft.correction_reason == "原数有误\n详见附件"
    assert returned.return_reason == "口径不符"
    assert Entry.objects.get(action="return").reason == "口径不符"


def test_a_first_figure_has_no_correction_reason(thing, hands):
    version = thing.save(by=hands.author, reason="原数有误")

    assert (version.correction_reason, version.is_correction) == ("", False)


def test_the_approved_one_stays_in_force_until_the_correction_is_approved(thing, hands):
    approved = bring_to(State.APPROVED, thing, hands)
    steps = [
        lambda _before: thing.save(thing.second, by=hands.author, read=1, reason="原数有误"),
        lambda before: thing.submit(before, hands.sender),
        lambda before: workflow.sign(version=before, by=hands.signer),
    ]
    version, seen = None, []
    for step in steps:
        version = step(version)
        seen.append((version.state, in_force(thing), thing.stale().count()))

    corrected = workflow.approve(version=version, by=hands.reviewer)

    assert seen == [("draft", approved, 1), ("to_sign", approved, 1), ("submitted", approved, 1)]
    assert in_force(thing) == corrected
    assert thing.stale().count() == 2
    entry = Entry.objects.last()
    assert (entry.action, entry.reason) == ("approve", "原数有误")
    assert (entry.before["version"], entry.before["state"]) == (1, "approved")
    assert (entry.after["version"], entry.after["state"]) == (2, "approved")


def test_the_replaced_one_stays_readable_for_everybody(thing, hands):
    bring_to(State.APPROVED, thing, hands)
    draft = thing.save(thing.second, by=hands.author, read=1, reason="原数有误")
    sent = workflow.sign(version=thing.submit(draft, hands.sender), by=hands.signer)
    workflow.approve(version=sent, by=hands.reviewer)

    readable = thing.versions.objects.readable_by(make_user("somebody")).order_by("number")

    assert [(each.number, thing.said_in(each)) for each in readable] == [
        (1, thing.first),
        (2, thing.second),
    ]


def test_a_returned_correction_leaves_in_force_what_was(thing, hands):
    approved = bring_to(State.APPROVED, thing, hands)
    draft = thing.save(thing.second, by=hands.author, read=1, reason="原数有误")
    sent = workflow.sign(version=thing.submit(draft, hands.sender), by=hands.signer)

    returned = workflow.return_to_official(version=sent, by=hands.reviewer, reason="依据不足")

    assert (in_force(thing), working(thing)) == (approved, returned)
    with pytest.raises(ValidationError):
        thing.save(thing.second, by=hands.author, read=2)


def test_a_loaded_figure_is_corrected_like_one_that_was_approved(department, hands):
    figure = Figure(department)
    loaded = make_figure(figure.series, YEAR, "61.5")

    draft = figure.save("62.10", by=hands.author, read=1, reason="统计局修订")

    assert (draft.number, draft.state, draft.correction_reason) == (2, "draft", "统计局修订")
    assert in_force(figure) == loaded
    assert Entry.objects.get().before["value"] == "61.5"
