"""The signers' queue."""

from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.actions import workflow
from indicators.enums import State
from indicators.models import (
    SeriesDepartment,
)
from tests.factories import (
    make_department,
    make_series,
    make_signer,
    make_text_target,
    name_department,
)
from tests.indicators.review_pages.world import (
    APPROVE,
    QUEUE,
    SIGN,
    SIGN_QUEUE,
    SIGN_RETURN,
    keys,
    queries_of,
    rows_of,
    state_of,
    submit,
    submit_judgement,
    text_of,
)

pytestmark = pytest.mark.usefixtures("in_english")


def test_signing_sends_it_to_the_reviewers(client, reviewer, signer, at_signer):
    client.force_login(reviewer)
    before = rows_of(client.get(QUEUE)) if client.get(QUEUE).context["groups"] else []
    client.force_login(signer)
    queue = client.get(SIGN_QUEUE)
    response = client.post(SIGN, keys(at_signer), follow=True)
    client.force_login(reviewer)
    after = rows_of(client.get(QUEUE))

    assert before == []
    assert [row.version for row in rows_of(queue)] == [at_signer]
    assert "1 waits for your signature" in text_of(queue)
    assert response.redirect_chain == [(SIGN_QUEUE, 302)]
    assert "Signed and sent to the reviewers: Pass rate 2020." in text_of(response)
    assert [row.version for row in after] == [at_signer]
    at_signer.refresh_from_db()
    assert (at_signer.state, at_signer.signed_by) == (State.SUBMITTED, signer)


def test_a_signer_returns_with_a_reason(client, signer, at_signer):
    client.force_login(signer)

    without = client.post(SIGN_RETURN, {**keys(at_signer), "reason": ""})
    with_one = client.post(SIGN_RETURN, {**keys(at_signer), "reason": "请附说明"})

    at_signer.refresh_from_db()
    assert (without.status_code, with_one.status_code) == (422, 302)
    assert "“Reason” is missing" in text_of(without)
    assert (at_signer.state, at_signer.return_reason) == (State.RETURNED, "请附说明")


def test_a_signer_signs_figures_and_judgements_at_once(
    client, signer, at_signer, official, department
):
    target = make_text_target()
    name_department(target, department)
    judged = submit_judgement(target, by=official)
    unnamed = submit_judgement(make_text_target("plan-2011-901"), by=official)
    client.force_login(signer)

    queue = client.get(SIGN_QUEUE)
    client.post(SIGN, keys(at_signer, judged, unnamed))

    assert {row.version for row in rows_of(queue)} == {at_signer, judged, unnamed}
    assert [state_of(each) for each in (at_signer, judged, unnamed)] == [State.SUBMITTED] * 3


def test_a_signer_sees_nothing_of_other_departments(client, at_signer):
    other = make_signer("other", make_department(name_zh="省卫生厅"))
    client.force_login(other)

    queue = client.get(SIGN_QUEUE)
    response = client.post(SIGN, keys(at_signer))

    assert "Nothing waits for your signature." in text_of(queue)
    assert response.status_code == 404
    assert state_of(at_signer) == State.TO_SIGN


def test_a_signer_is_shown_what_his_own_department_sent(
    client, signer, at_signer, official, department, series
):
    """Another department that the document names, or that reports the series too, signs its own."""
    beside = make_department(name_zh="省卫生厅")
    SeriesDepartment.objects.create(series=series, department=beside)
    target = make_text_target()
    for each in (department, beside):
        name_department(target, each)
    judged = submit_judgement(target, by=official)
    unnamed = submit_judgement(make_text_target("plan-2011-901"), by=official)
    sent = {at_signer, judged, unnamed}
    client.force_login(make_signer("other", beside))
    queue = client.get(SIGN_QUEUE)
    response = client.post(SIGN, keys(*sent))
    assert (queue.context["total"], response.status_code) == (0, 403)
    assert {state_of(each) for each in sent} == {State.TO_SIGN}

    # Nobody else could sign what a department sent that reports it no longer.
    SeriesDepartment.objects.exclude(department=beside).delete()
    target.department_links.exclude(department=beside).delete()
    queue = client.get(SIGN_QUEUE)
    client.post(SIGN, keys(at_signer, judged))

    assert {row.version for row in rows_of(queue)} == {at_signer, judged}
    assert [state_of(each) for each in (at_signer, judged)] == [State.SUBMITTED] * 2


def test_what_its_own_signer_returned_after_the_deadline_came_late(
    client, reviewer, signer, at_signer, series, official, round_2020
):
    """It had not left the department before."""
    workflow.return_to_official(version=at_signer, by=signer, reason="笔误")
    type(at_signer).objects.update(submitted_at=timezone.now() - timedelta(days=5))
    round_2020.due_at = timezone.now() - timedelta(days=3)
    round_2020.save()
    mended = submit(series, 2020, "98.6", by=official, read_version=1)
    workflow.sign(version=mended, by=signer)
    client.force_login(reviewer)

    [row] = rows_of(client.get(QUEUE))

    assert (row.version, row.waiting.is_late) == (mended, True)


def test_only_signers_sign(client, at_signer, official, reviewer):
    client.force_login(official)
    by_official = client.post(SIGN, keys(at_signer))
    client.force_login(reviewer)
    by_reviewer = client.post(SIGN, keys(at_signer))

    assert (by_official.status_code, by_reviewer.status_code) == (403, 404)
    assert "You do not sign for this department." in text_of(by_official)
    assert state_of(at_signer) == State.TO_SIGN


def test_a_reviewer_cannot_approve_what_is_not_signed(client, at_signer, reviewer):
    client.force_login(reviewer)

    assert client.post(APPROVE, keys(at_signer)).status_code == 404
    assert state_of(at_signer) == State.TO_SIGN


def test_what_waits_for_a_signature_past_the_deadline_is_overdue(
    client, signer, at_signer, round_2020
):
    round_2020.due_at = timezone.now() - timedelta(days=1)
    round_2020.save()
    client.force_login(signer)

    response = client.get(SIGN_QUEUE)

    [row] = rows_of(response)
    assert row.waiting.is_late
    assert "Overdue since" in text_of(response)


def test_a_figure_signed_after_the_deadline_came_late(signed_in, signer, at_signer, round_2020):
    at_signer.__class__.objects.filter(pk=at_signer.pk).update(
        submitted_at=timezone.now() - timedelta(days=2)
    )
    round_2020.due_at = timezone.now() - timedelta(days=1)
    round_2020.save()
    workflow.sign(version=at_signer, by=signer)

    [row] = rows_of(signed_in.get(QUEUE))

    assert row.waiting.is_late


def test_sign_queue_costs_the_same_for_one_and_thirty(
    client, signer, official, department, round_2020
):
    client.force_login(signer)
    costs = []
    for each in range(30):
        target = make_text_target(f"plan-2011-{each:03}")
        name_department(target, department)
        submit(make_series(scope=f"s{each}", department=department), 2020, "98", by=official)
        submit_judgement(target, by=official)
        if each in {0, 29}:
            costs.append(queries_of(client, SIGN_QUEUE))

    assert costs[0] == costs[1]
    assert costs[1] <= 25
