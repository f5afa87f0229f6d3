"""Ids in addresses: what no database numbers is no page, on any of them."""

import pytest
from django.urls import reverse
from django.urls.resolvers import URLPattern

from indicators import urls
from tests.factories import make_department, make_official, make_round, make_series

pytestmark = pytest.mark.django_db

VALUES = {
    "code": "990000.pass-rate.all", "year": 2020,
    "round_id": 1, "import_id": 1, "attachment_id": 1, "department_id": 1, "proposal_id": 1,
    "job_id": 1,
}  # fmt: skip
LARGE = [2**31, 2**63, 10**30, 10**5000]


def addresses_with_ids():
    """Every address of the room with its ids put to the same number, as a pattern."""
    found = []
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        names = list(pattern.pattern.converters)
        if ids := [name for name in names if name.endswith("_id")]:
            marked = {name: 77777 if name in ids else VALUES[name] for name in names}
            found.append(reverse(f"indicators:{pattern.name}", kwargs=marked))
    return found


def test_there_are_addresses_with_ids():
    assert len(addresses_with_ids()) > 15


@pytest.mark.parametrize("number", LARGE, ids=["32-bits", "64-bits", "30-digits", "5000-digits"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_id_that_is_none_is_no_page(client, number, method):
    department = make_department()
    make_series(department=department)
    make_round(department.area, 2020)
    client.force_login(make_official(department=department))
    large = str(number) if number < 10**1000 else "1" + "0" * 5000

    answers = {
        each: getattr(client, method)(each.replace("77777", large)).status_code
        for each in addresses_with_ids()
    }

    assert {each: status for each, status in answers.items() if status not in {403, 404, 405}} == {}
