"""What somebody else did meanwhile."""

from decimal import Decimal

import pytest

from indicators.actions import entry, workflow
from indicators.actions.entry import EnteredFigure
from indicators.enums import State
from indicators.models import (
    Observation,
)
from targets_site.audit.models import Entry
from tests.factories import (
    make_reviewer,
    make_text_target,
)
from tests.indicators.review_pages.world import (
    APPROVE,
    RETURN,
    key,
    keys,
    state_of,
    submit,
    submit_judgement,
    text_of,
)

pytestmark = pytest.mark.usefixtures("in_english")


def test_the_second_of_two_reviewers_sees_what_the_first_did(signed_in, submitted):
    workflow.return_to_official(version=submitted, by=make_reviewer("first"), reason="口径不符")

    response = signed_in.post(APPROVE, keys(submitted))

    page = text_of(response)
    assert response.status_code == 409
    assert state_of(submitted) == State.RETURNED
    for shown in (
        "Changed since you read it: Pass rate 2020", "What you read", "What stands now", "98.50 %",
        "Returned for correction", "first", "口径不符", "official",
        '<a class="button" href="/review/">', "/review/figure/990000.pass-rate.all/2020/",
    ):  # fmt: skip
        assert shown in page
    [denied] = Entry.objects.filter(action="denied")
    assert (denied.actor, denied.object, denied.reason) == (
        "reviewer",
        "observation:990000.pass-rate.all:2020",
        "approve of version 1: changed meanwhile",
    )


def test_a_newer_version_is_shown_beside_the_one_that_was_read_and_can_be_decided_on(
    signed_in, submitted, series, official
):
    workflow.return_to_official(version=submitted, by=make_reviewer("first"), reason="口径不符")
    newer = submit(series, 2020, "98.6", by=official, read_version=1)

    response = signed_in.post(f"{APPROVE}?late=0", keys(submitted))
    page = text_of(response)
    decided = signed_in.post(APPROVE, keys(newer))

    assert response.status_code == 409
    [(refused, _form)] = response.context["changed"]
    assert (refused.version, refused.stands, refused.row.version) == (submitted, newer, newer)
    for shown in (
        "98.50 %",
        "98.6 %",
        "Returned by first: 口径不符",
        "Decide on what stands now",
        f'value="{key(newer)}"',
    ):
        assert shown in page
    assert f'action="{APPROVE}?late=0"' in page
    assert decided.status_code == 302
    assert Observation.objects.get().in_force == newer


def test_a_draft_that_took_its_place_stays_with_the_department(
    signed_in, submitted, series, official
):
    workflow.return_to_official(version=submitted, by=make_reviewer("first"), reason="口径不符")
    entry.save(
        series=series, year=2020, figure=EnteredFigure(Decimal("55.5"), 1), read_version=1,
        by=official,
    )  # fmt: skip

    response = signed_in.post(APPROVE, keys(submitted))

    assert response.status_code == 409
    assert "55.5" not in text_of(response)
    assert "口径不符" in text_of(response)


def test_what_was_recalled_meanwhile_is_not_there_any_more(signed_in, submitted, official):
    workflow.recall(version=submitted, by=official)

    response = signed_in.post(APPROVE, keys(submitted))

    assert response.status_code == 404
    assert "was taken back by its sender" in text_of(response)
    assert "98.50" not in text_of(response)
    assert Observation.objects.get().in_force is None


def test_each_of_many_is_decided_on_its_own(signed_in, mixed, reviewer):
    workflow.approve(version=mixed["plain"], by=make_reviewer("first"))
    own = mixed["health"]
    own.__class__.objects.filter(pk=own.pk).update(submitted_by=reviewer)
    recalled = mixed["late"]
    workflow.recall(version=recalled, by=recalled.submitted_by)

    response = signed_in.post(
        APPROVE, keys(mixed["plain"], mixed["judged"], own, recalled, mixed["far"])
    )

    assert response.status_code == 409
    assert response.context["done"] == [mixed["judged"], mixed["far"]]
    assert [each.version for each, _form in response.context["changed"]] == [mixed["plain"]]
    assert [each.version for each in response.context["forbidden"]] == [own]
    assert response.context["missing"] == 1
    assert "Some were decided, some were not" in text_of(response)
    assert [state_of(mixed[name]) for name in ("judged", "far", "health", "late")] == [
        State.APPROVED, State.APPROVED, State.SUBMITTED, State.RECALLED,
    ]  # fmt: skip
    assert Entry.objects.filter(action="denied").count() == 3


def test_a_mixture_of_forbidden_and_unknown_says_forbidden(client, submitted, official):
    client.force_login(official)

    response = client.post(APPROVE, {"version": [key(submitted), "figure:999"]})

    assert response.status_code == 403


def test_a_judgement_that_changed_is_shown_with_both(signed_in, round_2020, official):
    judged = submit_judgement(make_text_target(), by=official, narrative="建成三家")
    workflow.approve(version=judged, by=make_reviewer("first"))

    response = signed_in.post(RETURN, {**keys(judged), "reason": "口径不符"})

    assert response.status_code == 409
    assert "Pass rate of at least 98% 2020" in text_of(response)
    assert text_of(response).count("建成三家") == 2
