"""Corrections of a figure."""

import pytest

from tests.factories import (
    make_figure,
    make_round,
    make_user,
)
from tests.indicators.cell_pages.world import address_of, both, newest, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@both
def test_what_is_in_force_is_corrected_with_a_reason_only(signed_in, series, fetched):
    make_figure(series, 2018, "98.4")
    address = address_of(series, 2018)

    bare = send(signed_in, address, fetched, value="98.3", read_version="1")

    assert bare.status_code == 422
    assert "What is in force is corrected only with a reason." in bare.content.decode()
    with_reason = {"value": "98.3", "read_version": "1", "correction_reason": "统计口径更正"}
    assert send(signed_in, address, fetched, **with_reason).status_code in {200, 302}
    version = newest()
    assert (version.value_as_stated, version.correction_reason) == ("98.3", "统计口径更正")
    assert version.observation.in_force.value_as_stated == "98.4"


def test_a_correction_starts_from_the_figure_and_says_its_source_anew(signed_in, series):
    make_figure(series, 2018, "98.40", remark="全省", entered_by=make_user("colleague"))

    response = signed_in.get(address_of(series, 2018))

    initial = response.context["form"].initial
    assert initial == {"value": "98.40", "remark": "全省", "read_version": 1, "evidence": []}


def test_a_correction_of_reference_data_starts_without_their_remark(signed_in, series):
    make_figure(series, 2018, "98.40", remark="覆盖较全，作主序列")

    initial = signed_in.get(address_of(series, 2018)).context["form"].initial

    assert "remark" not in initial


def test_a_correction_that_was_saved_keeps_its_reason_and_shows_what_is_in_force(
    signed_in, series, department
):
    one = make_round(department.area, 2018)
    make_figure(series, 2018, "98.40")
    reason = {"correction_reason": "口径更正", "read_version": "1"}

    cell = send(signed_in, address_of(series, 2018, one), True, **reason).content.decode()

    assert 'name="correction_reason" value="口径更正"' in cell
    assert "In force:" in cell
    assert "98.40 %" in cell
