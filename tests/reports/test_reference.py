"""The reference as pages for readers."""

import pytest

from indicators.actions.tallies import tally
from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_domain,
    make_indicator,
    make_post,
    make_reading,
    make_series,
    make_target,
    make_text_target,
    make_user,
    name_department,
)
from tests.reports.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_in_english")]


def test_index_counts_what_there_is(client):
    document = make_document()
    make_target(document=document)
    make_text_target(document=document, domain=make_domain("service", name_en="Services"))
    make_indicator()
    tally([document.pk])

    shown = text_of(client.get("/reference/"))

    assert "Documents 1 with their targets in the order of the text Areas 1" in shown
    assert "Indicators 1 with unit" in shown
    assert "Products 1 0 Services 0 1" in shown
    assert "Readings" not in shown


def test_stewards_find_the_readings(client):
    steward = make_user("steward")
    make_post(steward, "steward")
    client.force_login(steward)

    assert "how targets are read; for data stewards" in text_of(client.get("/reference/"))


@pytest.fixture
def tree():
    province = make_area("460000", name_zh="海南省", name_en="Hainan")
    city = make_area("460100", name_en="Haikou", parent=province, level="prefecture")
    make_area("460105", name_en="Xiuying", parent=city, level="county")
    make_department(city)
    make_target("city-2013-001", make_document("city-2013", city))
    return province


def test_areas_are_a_tree_by_level(client, tree):
    top = client.get("/reference/areas/")
    city = client.get("/reference/areas/?area=460000")
    county = client.get("/reference/areas/?area=460100")

    assert "Hainan 460000 Province 1 0 0 0" in text_of(top)
    assert "Haikou 460100 Prefecture 1 1 1 1" in text_of(city)
    assert "Reference Areas Hainan Areas of Haikou" in text_of(county)
    assert "Xiuying 460105 County 0 0 0 0" in text_of(county)


def test_an_area_without_parts_says_so(client, tree):
    shown = text_of(client.get("/reference/areas/?area=460105"))

    assert "No area below this one has been recorded." in shown


def test_departments_say_what_took_their_place_and_what_they_lead(client):
    area = make_area(name_en="Hainan")
    newer = make_department(area, "省市场监管局", name_en="Market")
    older = make_department(area, "省质监局", name_en="Quality", successor=newer, to_year=2018)
    target = make_target(document=make_document())
    name_department(target, older)
    name_department(target, newer, "responsible")
    make_series(area, department=newer)

    response = client.get("/reference/departments/")

    assert "Quality –2018 Hainan Market 1 0 0" in text_of(response)
    assert "Market Hainan — 0 1 1" in text_of(response)
    page = response.content.decode()
    assert f'href="/areas/990000/?department={older.code}"' in page
    assert f"?department={newer.code}" not in page


def test_a_department_that_is_responsible_alone_leads_to_its_targets(client):
    department = make_department()
    name_department(make_target(document=make_document()), department, "responsible")

    page = client.get("/reference/departments/").content.decode()

    address = f"/areas/990000/?department={department.code}"
    assert f'href="{address}"' in page
    assert "is not a choice" not in text_of(client.get(address))


def test_domains_to_choose_from_are_named_in_the_language(client):
    make_domain()

    assert ">Products</option>" in client.get("/reference/indicators/").content.decode()


def test_departments_of_one_area(client):
    make_department(make_area("980000"), name_en="Far")
    make_department(make_area("990000"), name_en="Near")

    shown = text_of(client.get("/reference/departments/?area=990000"))

    assert "Near" in shown
    assert "Far " not in shown


def test_indicators_by_domain_with_their_numbers(client):
    document = make_document()
    forest = make_indicator("forest", name_en="Forest", definition_en="Share of land", unit="%")
    make_indicator("other", name_en="Other", unit="index")
    series = make_series(indicator=forest)
    make_reading(make_target("plan-2011-001", document), series)
    make_reading(make_target("plan-2011-002", document), series)

    every = text_of(client.get("/reference/indicators/"))
    one = client.get("/reference/indicators/?domain=product")

    assert "Forest forest · Share of land % Level 1 2" in every
    assert "Other other index, no unit Level 0 0" in every
    assert [row.indicator.code for row in one.context["page"]] == ["forest"]


@pytest.mark.parametrize(
    "address",
    [
        "/reference/areas/?area=000000",
        "/reference/departments/?area=x",
        "/reference/departments/?page=0",
        "/reference/indicators/?domain=none",
        "/reference/indicators/?page=99999999999",
        "/documents/?area=%00",
    ],
)
def test_a_wrong_value_is_said(client, address):
    response = client.get(address)

    assert response.status_code == 200
    assert "is not a choice for" in text_of(response)


@pytest.mark.parametrize("number", [1, 3])
def test_query_counts_do_not_grow(client, django_assert_num_queries, number):
    for each in range(number):
        area = make_area(f"99000{each}")
        target = make_target(f"plan-{each}-001", make_document(f"plan-{each}", area))
        department = make_department(area, name_zh=f"厅{each}")
        name_department(target, department)
        series = make_series(area, make_indicator(f"rate-{each}"), department=department)
        make_reading(target, series)

    for address, queries in {
        "/reference/": 6,
        "/reference/areas/": 2,
        "/reference/areas/?area=990000": 2,
        "/reference/departments/": 2,
        "/reference/indicators/": 5,
        "/reference/indicators/?domain=product": 6,
    }.items():
        with django_assert_num_queries(queries):
            client.get(address)


def test_long_lists_have_pages(client):
    for number in range(51):
        make_area(f"46{number:04d}")

    first, second = client.get("/reference/areas/"), client.get("/reference/areas/?page=2")

    assert len(first.context["page"]) == 50
    assert [area.code for area in second.context["page"]] == ["460050"]
    assert "Page 1 of 2" in text_of(first)
