"""The frame around every page: what is marked in the navigation, and what only paper shows."""

import re

import pytest

from targets_site.accounts.models import DEPARTMENT_ROLES, Role
from tests.factories import make_area, make_auditor, make_department, make_post, make_user

pytestmark = pytest.mark.django_db
ENTRY = re.compile(r'<li><a href="([^"]+)" aria-current="(\w+)">')


@pytest.fixture(autouse=True)
def reading(client, settings):
    settings.OPEN_READING = True
    client.cookies["django_language"] = "en"


@pytest.mark.parametrize(
    ("address", "marked"),
    [
        pytest.param("/", [("/", "page")], id="overview"),
        pytest.param("/areas/990000/", [("/", "true")], id="area-under-overview"),
        pytest.param("/method/", [("/method/", "page")], id="method"),
        pytest.param("/method/manual/", [("/method/", "true")], id="manual-under-method"),
        pytest.param("/exports/", [("/exports/", "page")], id="exports"),
        pytest.param("/accounts/login/", [], id="nowhere"),
    ],
)
def test_entry_that_the_page_belongs_to_is_marked(client, address, marked):
    make_area()

    assert ENTRY.findall(client.get(address).content.decode()) == marked


OWN_ROOMS = {
    Role.OFFICIAL: ["/entry/", "/review/questions/", "/review/completeness/"],
    Role.SIGNER: ["/entry/", "/review/sign/", "/review/questions/", "/review/completeness/"],
    Role.REVIEWER: ["/review/", "/review/rounds/", "/review/questions/", "/review/completeness/"],
    Role.LEADER: ["/review/questions/", "/review/completeness/"],
    Role.AUDITOR: ["/review/questions/", "/review/completeness/", "/trail/"],
    Role.STEWARD: ["/reference/readings/"],
    Role.SYSTEM_ADMIN: ["/accounts/people/", "/accounts/sessions/", "/jobs/"],
    Role.SECURITY_ADMIN: ["/accounts/posts/"],
    Role.AUDIT_ADMIN: ["/trail/", "/accounts/resets/"],
}
OF_ALL = ["/", "/documents/", "/reference/indicators/", "/method/", "/exports/"]


@pytest.mark.parametrize("role", Role)
def test_each_sees_the_rooms_that_concern_him(client, role):
    user = make_user("somebody")
    make_post(user, role, department=make_department() if role in DEPARTMENT_ROLES else None)
    client.force_login(user)

    header = client.get("/method/").text.split("</header>")[0]

    shown = re.findall(r'<li><a href="([^"]+)"', header)
    for_everybody_signed_in = ["/report/", "/registers/"]
    assert sorted(shown) == sorted([*OF_ALL, *OWN_ROOMS[role], *for_everybody_signed_in])
    assert all(client.get(address).status_code == 200 for address in shown)


@pytest.mark.parametrize(
    ("address", "marked"),
    [
        ("/trail/", "/trail/"),
        ("/registers/unjudged/", "/registers/"),
        ("/registers/late/", "/registers/"),
    ],
)
def test_rooms_of_auditors_are_marked(client, address, marked):
    client.force_login(make_auditor())

    [(entry, _how)] = ENTRY.findall(client.get(address).text)

    assert entry == marked


def test_paper_says_where_the_page_stands_and_of_which_day_it_is(client):
    content = client.get("/method/?a=1").content.decode()

    assert re.search(
        r'<p class="print-only">http://testserver/method/\?a=1, as it was on \d{4}-\d\d-\d\d</p>',
        content,
    )
