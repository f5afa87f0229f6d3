"""Corrections in the queue."""

import pytest

from indicators.enums import State
from indicators.models import (
    Observation,
)
from tests.indicators.review_pages.world import APPROVE, QUEUE, RETURN, keys, rows_of, text_of

pytestmark = pytest.mark.usefixtures("in_english")


def test_a_correction_shows_old_and_new_with_the_reason(signed_in, correction):
    response = signed_in.get(QUEUE)

    [row] = rows_of(response)
    assert row.others == ()
    assert (row.waiting.is_correction, row.in_force.value_as_stated) == (True, "98.50")
    assert [(each.label, each.before, each.after) for each in row.differences] == [
        ("Value", "98.50 %", "97.10 %"),
        ("Source", "旧公报", "统计公报"),
        ("Rests on", "Original", "Reported by the department"),
    ]
    for shown in ("98.50 %", "97.10 %", "原数有误", "Correction"):
        assert shown in text_of(response)


def test_an_approved_correction_takes_the_place_of_the_old_one(signed_in, correction):
    signed_in.post(APPROVE, keys(correction))

    cell = Observation.objects.get()
    assert cell.in_force == correction
    assert [(each.number, each.state) for each in cell.versions.all()] == [
        (1, State.APPROVED),
        (2, State.APPROVED),
    ]


def test_a_returned_correction_leaves_the_old_one_in_force(signed_in, correction):
    signed_in.post(RETURN, {**keys(correction), "reason": "缺少依据"})

    assert Observation.objects.get().in_force.value_as_stated == "98.50"
