"""What a figure would mean, before it is saved."""

import pytest

from tests.factories import (
    make_reading,
    make_target,
)
from tests.indicators.cell_pages.world import address_of, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.mark.parametrize(
    ("value", "word", "asks"), [("98.5", "Achieved", False), ("96", "Missed", True)]
)
def test_the_verdict_is_foreseen_and_where_it_falls_short_the_reason_is_asked_for(
    signed_in, series, one, value, word, asks
):
    make_reading(make_target(), series)

    saved = send(signed_in, address_of(series, one=one), True, value=value).content.decode()
    cell = signed_in.get(
        address_of(series, one=one), headers={"X-Requested-With": "fetch"}
    ).content.decode()

    assert "Preview, seen by your department only" not in saved
    assert "Preview, seen by your department only" in cell
    assert word in cell
    assert ("Falls short: say why, and what comes next" in cell) is asks
