"""The queue narrowed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.actions import workflow
from tests.indicators.review_pages.world import (
    QUEUE,
    rows_of,
    submit,
    text_of,
)

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"plain", "late", "correction", "judged", "health", "far"}),
        ({"area": "340000"}, {"far"}),
        ({"department": "990000-health"}, {"health"}),
        ({"late": "1"}, {"late"}),
        ({"late": "0"}, {"plain", "correction", "judged", "health", "far"}),
        ({"corrections": "1"}, {"correction"}),
        ({"corrections": "0", "area": "340000"}, {"far"}),
        ({"kind": "judgement"}, {"judged"}),
        ({"kind": "figure", "late": "1"}, {"late"}),
        ({"kind": "judgement", "late": "1"}, set()),
    ],
)
def test_queue_is_narrowed(signed_in, mixed, query, names):
    response = signed_in.get(QUEUE, query)

    assert response.status_code == 200
    assert {row.version for row in rows_of(response)} == {mixed[name] for name in names}


def test_queue_is_narrowed_to_a_round(signed_in, mixed):
    response = signed_in.get(QUEUE, {"round": str(mixed["overdue_round"].pk)})

    assert {row.version for row in rows_of(response)} == {mixed["late"], mixed["correction"]}
    assert text_of(response).count("Came late, due") == 1


def test_an_empty_choice_offers_all(signed_in, mixed):
    page = text_of(signed_in.get(QUEUE, {"kind": "judgement", "late": "1"}))

    assert "Nothing that waits is of this kind." in page
    assert '<a href="/review/">Show all that waits</a>' in page


@pytest.mark.parametrize(
    "name", ["area", "department", "round", "late", "corrections", "kind", "page"]
)
def test_a_wrong_choice_gives_a_message(signed_in, submitted, name):
    for value in ("x", "\x00", "' or 1=1", "<b>"):
        response = signed_in.get(QUEUE, {name: value})

        assert response.status_code == 200
        assert [row.version for row in rows_of(response)] == [submitted]
        assert "it was ignored" in text_of(response)
        assert "<b>" not in text_of(response)


def test_what_was_returned_and_mended_after_the_deadline_is_not_late(
    signed_in, submitted, series, official, reviewer, round_2020
):
    workflow.return_to_official(version=submitted, by=reviewer, reason="口径不符")
    submitted.__class__.objects.filter(pk=submitted.pk).update(
        submitted_at=timezone.now() - timedelta(days=5)
    )
    round_2020.due_at = timezone.now() - timedelta(days=3)
    round_2020.save()
    submit(series, 2020, "98.6", by=official, read_version=1)

    [row] = rows_of(signed_in.get(QUEUE))

    assert (row.waiting.is_late, row.waiting.round) == (False, round_2020)
