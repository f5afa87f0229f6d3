"""Input that is wrong or has to be confirmed."""

from decimal import Decimal

import pytest

from indicators.models import Observation, ObservationVersion
from tests.factories import (
    make_figure,
    make_reading,
    make_target,
)
from tests.indicators.cell_pages.world import address_of, both, newest, send, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@both
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"value": "62%%"}, "takes a number only", id="no-number"),
        pytest.param({"value": ""}, "type it, or say why there is no figure", id="blank"),
        pytest.param({"value": "101"}, "lies between 0 and 100", id="out-of-range"),
        pytest.param({"source_url": "gopher://x"}, "begin with http:// or https://", id="address"),
        pytest.param({"published_on": "2021-13"}, "write 2020, 2020-06 or 2020-06-05", id="date"),
        pytest.param(
            {"numerator": "90", "denominator": "95"}, "90/95 = 94.74 %, entered 98.5 %", id="counts"
        ),
        pytest.param({"evidence": "999"}, "A file is not there or not yours", id="file"),
    ],
)
def test_wrong_input_is_refused_with_a_reason_and_stays(
    signed_in, series, one, fetched, fields, said
):
    response = send(signed_in, address_of(series, one=one), fetched, **fields)

    assert response.status_code == 422
    assert not ObservationVersion.objects.exists()
    page = response.content.decode()
    assert said in page
    if not fetched:
        assert response.context["form"]["value"].value() == typed(**fields)["value"]


@both
def test_a_rate_that_looks_like_a_fraction_is_confirmed_first(signed_in, series, one, fetched):
    address = address_of(series, one=one)

    asked = send(signed_in, address, fetched, value="0.98")
    page = asked.content.decode()

    assert asked.status_code == 422
    assert "you typed 0.98, that is 0.98 %" in page
    assert 'name="confirmed" value="0.98||"' in page
    other = send(signed_in, address, True, value="0.97", confirmed="0.98||")
    assert other.status_code == 422
    confirmed = send(signed_in, address, fetched, value="0.98", confirmed="0.98||")
    assert confirmed.status_code == (200 if fetched else 302)
    assert newest().value == Decimal("0.98")


@both
def test_an_unusual_change_is_confirmed_first_with_its_figures(signed_in, series, one, fetched):
    make_figure(series, 2018, "98.4")

    response = send(signed_in, address_of(series, one=one), fetched, value="80")

    assert response.status_code == 422
    assert not Observation.objects.filter(year=2020).exists()
    said = "98.4 % in 2018, now 80 % for 2020: a change of −18.4 percentage points, more than 10."
    assert said in response.content.decode()


def test_meeting_a_target_exactly_is_not_asked_about(signed_in, series, one):
    make_reading(make_target(value="98"), series)
    make_figure(series, 2019, "97.5")

    assert send(signed_in, address_of(series, one=one), True, value="98").status_code == 200
