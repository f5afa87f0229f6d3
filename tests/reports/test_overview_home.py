"""Whose area the overview opens on."""

import datetime

import pytest

from targets_site.accounts.models import Role
from tests.factories import make_area, make_department, make_post, make_user
from tests.reports.pages import judged, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def areas():
    """Two provinces, each with a red target, and a county of the first one with another."""
    hainan, anhui = make_area("460000", name_en="Hainan"), make_area("340000", name_en="Anhui")
    county = make_area("469001", level="county", parent=hainan, name_en="Wuzhishan")
    for number, area in enumerate([hainan, anhui, county], start=1):
        judged(number, "missed", area=area)
    return hainan, anhui, county


@pytest.fixture
def person(client):
    user = make_user("somebody")
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def shown(response):
    scope = response.context["scope"]
    return scope.area.code if scope.area else None


@pytest.mark.parametrize("role", Role.values)
def test_a_person_of_one_area_opens_it(client, areas, person, role):
    department = make_department(areas[0]) if role in {Role.OFFICIAL, Role.SIGNER} else None
    make_post(person, role, area=areas[0], department=department)

    response = client.get("/")

    assert response.status_code == 200
    assert shown(response) == "460000"
    assert "Hainan with all below it · Final assessment" in text_of(response)
    assert response.context["assessment"].red == 2


def test_several_posts_in_one_area_are_one_area(client, areas, person):
    for name in ("县农业局", "县林业局"):
        make_post(person, Role.OFFICIAL, department=make_department(areas[2], name))

    assert shown(client.get("/")) == "469001"


def test_a_person_of_several_areas_opens_the_nation(client, areas, person):
    make_post(person, Role.LEADER, area=areas[0])
    make_post(person, Role.LEADER, area=areas[1])

    assert shown(client.get("/")) is None


def test_a_person_without_posts_opens_the_nation(client, areas, person):
    assert shown(client.get("/")) is None


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"granted_at": None}, id="requested"),
        pytest.param({"to_date": datetime.date(2012, 1, 1)}, id="over"),
    ],
)
def test_a_post_that_is_not_held_today_is_none(client, areas, person, fields):
    make_post(person, Role.LEADER, area=areas[0], **fields)

    assert shown(client.get("/")) is None


def test_somebody_who_is_not_signed_in_opens_the_nation(client, areas, settings):
    settings.OPEN_READING = True

    assert shown(client.get("/")) is None


def test_the_nation_is_one_click_away_and_stays(client, areas, person):
    make_post(person, Role.LEADER, area=areas[0])
    home = client.get("/")

    assert '<a href="/?goal=2020&amp;area=">All areas</a>' in home.content.decode()
    nation = client.get("/?goal=2020&area=")
    assert shown(nation) is None
    assert nation.context["assessment"].red == 3
    page = nation.content.decode()
    assert 'href="?goal=2020&amp;area=&amp;coverage=decided#targets"' in page
    assert shown(client.get("/?goal=2020&area=&coverage=decided")) is None


def test_what_home_opens_stays_at_home(client, areas, person):
    make_post(person, Role.LEADER, area=areas[0])
    home = client.get("/")

    assert 'href="?goal=2020&amp;area=460000&amp;coverage=decided#targets"' in (
        home.content.decode()
    )
    assert home.context["filters"]["area"].value() == "460000"
    assert shown(client.get("/?goal=2020&page=2&areas=1")) == "460000"


def test_another_area_is_opened_by_its_name(client, areas, person):
    make_post(person, Role.LEADER, area=areas[0])

    assert shown(client.get("/?area=340000")) == "340000"


def test_the_language_changes_at_home(client, areas, person):
    make_post(person, Role.LEADER, area=areas[0])

    client.post("/language/setlang/", {"language": "zh-hans", "next": "/"})
    response = client.get("/")

    assert shown(response) == "460000"
    assert "期末评估" in text_of(response)
    assert '<a href="/" aria-current="page">总览</a>' in response.content.decode()
