"""The register of revisions."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from indicators.actions.readings import read_target
from indicators.actions.targets import StatedTarget, state_target
from plans.models import Target
from reports.queries.revisions.entries import FieldChange
from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_domain,
    make_indicator,
    make_reading,
    make_series,
    make_target,
    make_user,
    name_department,
)
from tests.reports.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_in_english")]


@pytest.fixture
def steward():
    return make_user("steward", full_name="王干事")


def at(day):
    return datetime(2020, 1, day, tzinfo=UTC)


def restate(number, **fields):
    """plan-2018 asks for 99 % where plan-2011 asked for 98 %."""
    original = make_target(f"plan-2011-{number:03d}", make_document("plan-2011"))
    later = make_target(
        f"plan-2018-{number:03d}",
        make_document("plan-2018", start_year=2018, title_en="Opinion"),
        **{"value": "99", "stated": "99%", **fields},
    )
    later.replaces.add(original)
    return later


def correct(target, *, by, departments=(), **fields):
    names = ("code", "document", "area", "domain", "statement_zh", "statement_en", "stated",
             "locator", "kind", "comparator", "value", "stated_decimals", "unit", "target_year",
             "firmness", "key")  # fmt: skip
    content = {**{name: getattr(target, name) for name in names}, **fields}
    return state_target(StatedTarget(content, departments), by=by)


def read_anew(target, series, *, by, note="又读了一遍"):
    content = {
        "hold_from": None, "tolerance": None, "baseline_year": None, "baseline_value": None,
        "note_zh": note, "note_en": "Read once more",
    }  # fmt: skip
    return read_target(target, series=series, content=content, by=by)


def revisions(client, query=""):
    return client.get(f"/documents/revisions/?{query}").context["revisions"]


def test_an_empty_register_says_so(client):
    shown = text_of(client.get("/documents/revisions/"))

    assert "Nothing has been restated, corrected or read anew." in shown


def test_a_restatement_says_from_what_to_what(client):
    restate(1)

    (revision,) = revisions(client)

    assert (revision.kind, revision.target.code, revision.original.code) == (
        "restated", "plan-2018-001", "plan-2011-001",
    )  # fmt: skip
    assert revision.changes == [
        FieldChange("Stated phrase", "达到98%以上", "99%"),
        FieldChange("Target level", "≥ 98 %", "≥ 99 %"),
    ]
    shown = text_of(client.get("/documents/revisions/"))
    assert "Opinion" in shown
    assert "Compare the documents" in shown


def test_a_corrected_target_says_who_and_what(client, steward):
    target = make_target(document=make_document())
    name_department(target, make_department(name_en="Farms"))
    correct(target, by=steward, value=Decimal("97"), key=True, target_year=None)

    (revision,) = revisions(client)

    assert (revision.kind, revision.by, revision.why) == ("corrected", ["王干事"], "")
    assert revision.changes == [
        FieldChange("Target level", "≥ 98 %", "≥ 97 %"),
        FieldChange("Target year", "2020", ""),
        FieldChange("Headline target", "no", "yes"),
        FieldChange("Lead", "Farms", ""),
    ]
    assert "no reason recorded" in text_of(client.get("/documents/revisions/"))


def test_each_correction_of_one_target_is_its_own_step(client, steward):
    target = make_target(document=make_document())
    second = correct(target, by=steward, value=Decimal("97"))
    correct(second, by=steward, value=Decimal("96"))

    changes = [revision.changes for revision in revisions(client)]

    assert changes == [
        [FieldChange("Target level", "≥ 97 %", "≥ 96 %")],
        [FieldChange("Target level", "≥ 98 %", "≥ 97 %")],
    ]


def test_a_reading_that_was_replaced(client, steward):
    target = make_target(document=make_document())
    make_reading(target, make_series(scope="all"))
    other = make_series(indicator=make_indicator(), scope="towns")
    read_anew(target, other, by=steward)

    (revision,) = revisions(client)

    assert (revision.kind, revision.by, revision.why) == (
        "read_anew", ["王干事"], "Read once more",
    )  # fmt: skip
    assert revision.changes == [
        FieldChange("Series", "990000.pass-rate.all", "990000.pass-rate.towns"),
        FieldChange("Note", "Same measure", "Read once more"),
    ]


def test_a_reading_that_goes_along_with_its_target_is_not_read_anew(client, steward):
    target = make_target(document=make_document())
    make_reading(target, make_series())
    correct(target, by=steward, value=Decimal("97"))

    assert [revision.kind for revision in revisions(client)] == ["corrected"]


def test_a_tie_stays_one_entry_when_the_original_is_corrected(client, steward):
    later = restate(1)
    original = later.replaces.get()
    correct(original, by=steward, value=Decimal("97"))

    kinds = sorted(revision.kind for revision in revisions(client))

    assert kinds == ["corrected", "restated"]


def test_newest_come_first(client, steward):
    for number, day in ((1, 2), (2, 3), (3, 1)):
        later = restate(number)
        Target.objects.filter(pk=later.pk).update(recorded_at=at(day))

    codes = [revision.target.code for revision in revisions(client)]

    assert codes == ["plan-2018-002", "plan-2018-001", "plan-2018-003"]


def test_narrowed_by_area_or_document(client, steward):
    restate(1)
    far = make_target("far-2011-001", make_document("far-2011", make_area("980000")))
    correct(far, by=steward, value=Decimal("97"))

    assert [each.kind for each in revisions(client, "area=980000")] == ["corrected"]
    assert [each.kind for each in revisions(client, "area=990000")] == ["restated"]
    assert [each.kind for each in revisions(client, "document=plan-2011")] == ["restated"]
    assert [each.kind for each in revisions(client, "document=far-2011")] == ["corrected"]
    assert [each.kind for each in revisions(client, "document=far-2011&area=990000")] == []


@pytest.mark.parametrize("query", ["area=1", "document=x", "page=0", "page=x", "document=%00"])
def test_a_wrong_value_is_said(client, query):
    response = client.get(f"/documents/revisions/?{query}")

    assert response.status_code == 200
    assert "is not a choice for" in text_of(response)


def test_long_registers_have_pages(client):
    for number in range(31):
        restate(number)

    assert len(revisions(client)) == 30
    assert len(revisions(client, "page=2")) == 1


@pytest.mark.parametrize("number", [1, 3])
def test_query_count_does_not_grow(client, django_assert_num_queries, steward, number):
    series = make_series(), make_series(indicator=make_indicator(), scope="towns")
    for each in range(number):
        later = restate(each)
        make_reading(later, series[0])
        read_anew(later, series[1], by=steward)
        domain = make_domain(f"domain-{each}", name_en=f"Domain {each}")
        correct(later.replaces.get(), by=steward, domain=domain)

    with django_assert_num_queries(6):
        client.get("/documents/revisions/")
    with django_assert_num_queries(7):
        client.get("/documents/revisions/?area=990000")
