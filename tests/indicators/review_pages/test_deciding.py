"""Approving and returning, one and many."""

import pytest

from indicators.enums import State
from indicators.models import (
    Observation,
    StaleRow,
)
from tests.factories import (
    make_text_target,
)
from tests.indicators.review_pages.world import (
    APPROVE,
    QUEUE,
    RETURN,
    keys,
    state_of,
    submit_judgement,
    text_of,
)

pytestmark = pytest.mark.usefixtures("in_english")


def test_approve_puts_in_force_and_nudges(
    signed_in, submitted, monkeypatch, django_capture_on_commit_callbacks
):
    nudged = []
    monkeypatch.setattr("indicators.views.review.nudge", lambda: nudged.append(1))

    with django_capture_on_commit_callbacks(execute=True):
        response = signed_in.post(APPROVE, keys(submitted), follow=True)

    assert response.redirect_chain == [(QUEUE, 302)]
    assert Observation.objects.get().in_force == submitted
    assert StaleRow.objects.count() == 1
    assert nudged == [1]
    assert "Approved: Pass rate 2020." in text_of(response)


def test_approve_many_at_once_with_one_nudge(
    signed_in, mixed, monkeypatch, django_capture_on_commit_callbacks
):
    nudged = []
    monkeypatch.setattr("indicators.views.review.nudge", lambda: nudged.append(1))
    chosen = [mixed[name] for name in ("plain", "judged", "far")]

    with django_capture_on_commit_callbacks(execute=True):
        response = signed_in.post(f"{APPROVE}?late=0&page=1", keys(*chosen), follow=True)

    assert response.redirect_chain == [("/review/?late=0&page=1", 302)]
    assert [state_of(version) for version in chosen] == [State.APPROVED] * 3
    assert state_of(mixed["health"]) == State.SUBMITTED
    assert nudged == [1]
    assert "Approved: Pass rate 2020 and others, 3 in all." in text_of(response)


def test_a_return_asks_for_no_new_verdicts(
    signed_in, submitted, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("indicators.views.review.nudge", lambda: pytest.fail("nudged"))

    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post(RETURN, {**keys(submitted), "reason": "口径不符"})

    assert state_of(submitted) == State.RETURNED


def test_approve_a_judgement(signed_in, round_2020, department, official):
    judged = submit_judgement(make_text_target(), by=official)

    response = signed_in.post(APPROVE, keys(judged))

    judged.refresh_from_db()
    assert response.status_code == 302
    assert (judged.state, judged.judgement.in_force) == (State.APPROVED, judged)


def test_return_a_judgement(signed_in, round_2020, department, official):
    judged = submit_judgement(make_text_target(), by=official)

    signed_in.post(RETURN, {**keys(judged), "reason": "缺少佐证材料"})

    judged.refresh_from_db()
    assert (judged.state, judged.return_reason) == (State.RETURNED, "缺少佐证材料")


def test_return_stores_the_reason_with_each(signed_in, mixed):
    chosen = [mixed["plain"], mixed["judged"]]

    response = signed_in.post(RETURN, {**keys(*chosen), "reason": "口径不符"}, follow=True)

    assert [state_of(version) for version in chosen] == [State.RETURNED] * 2
    assert [version.return_reason for version in chosen] == ["口径不符"] * 2
    assert "Returned: Pass rate 2020 and others, 2 in all." in text_of(response)
