import pytest

from tests.factories import make_department, make_document, make_target, name_department
from tests.reports.pages import judged, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(settings, client):
    settings.OPEN_READING = True
    client.cookies["django_language"] = "en"


def test_unknown_document_is_not_found(client):
    assert client.get("/documents/nowhere-2013/").status_code == 404


def test_document_without_number_and_date_says_so(client):
    make_document()

    shown = text_of(client.get("/documents/plan-2011/"))

    assert "Document number not in the text Issued on not in the text" in shown
    assert "No target of this document has been recorded." in shown


def test_targets_stand_in_the_order_of_the_document(client):
    judged(2, "missed")
    judged(1)

    lines = client.get("/documents/plan-990000/").context["shown"].lines

    assert [line.target.code for line in lines] == ["plan-990000-001", "plan-990000-002"]


def test_target_shows_phrase_place_and_level(client):
    make_target(document=make_document(), stated="达到98%以上", locator="一、目标")

    shown = text_of(client.get("/documents/plan-2011/"))

    assert "达到98%以上 一、目标 ≥ 98 % 2020" in shown


def test_restated_targets_name_each_other(client):
    earlier = make_target("plan-2011-001", make_document("plan-2011"))
    later = make_target("plan-2018-001", make_document("plan-2018"), value="99")
    later.replaces.add(earlier)

    assert "Restated by plan-2018-001 (≥ 99 %)" in text_of(client.get("/documents/plan-2011/"))
    assert "Restates plan-2011-001 (≥ 98 %)" in text_of(client.get("/documents/plan-2018/"))


@pytest.mark.parametrize("targets", [1, 3])
def test_query_count_does_not_grow(client, django_assert_num_queries, targets):
    later = make_document("plan-2018")
    for number in range(targets):
        target = judged(number + 1).target
        name_department(target, make_department(name_zh=f"厅{number}"))
        make_target(f"plan-2018-{number:03d}", later).replaces.add(target)

    with django_assert_num_queries(7):
        client.get("/documents/plan-990000/")
