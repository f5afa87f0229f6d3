"""Two documents side by side: the rule, the matching, the page, and Hainan's two documents line by
line."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from indicators.relations import Hindrance, Part
from plans.enums import Comparator
from reports.queries.compare.matching import Matched, pairs
from reports.queries.compare.rule import Stated, compared, only_in_first, only_in_second
from tests.factories import (
    make_area,
    make_document,
    make_indicator,
    make_reading,
    make_series,
    make_target,
    make_text_target,
)
from tests.reports.pages import judge, text_of

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def stated(text, **fields):
    """kind, comparator, value (2-3 for a range) and target year, of one measure, in %."""
    kind, comparator, value, year = text.split()
    lower, _, upper = value.partition("-") if comparator == "between" else (value, "", "")
    return Stated(
        **{
            "kind": kind,
            "comparator": comparator,
            "value": None if lower == "-" else Decimal(lower),
            "value_upper": Decimal(upper) if upper else None,
            "unit": "%",
            "target_year": None if year == "-" else int(year),
            "firmness": "stated",
            "measure": "pass-rate.all",
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("first", "second", "change", "parts"),
    [
        pytest.param("reach ge 97 2020", "reach ge 98 2020", "stronger", {"level": 1}, id="more"),
        pytest.param("reach le 3 2020", "reach le 2 2020", "stronger", {"level": 1}, id="less-of"),
        pytest.param("reach ge 98 2020", "reach gt 98 2020", "stronger", {"level": 1}, id="above"),
        pytest.param("reach ge 98 2015", "reach ge 98 2020", "weaker", {"year": -1}, id="later"),
        pytest.param("reach ge 98 2020", "reach ge 98 2015", "stronger", {"year": 1}, id="sooner"),
        pytest.param("reach ge 98 2020", "hold ge 98 2020", "stronger", {"kind": 1}, id="held"),
        pytest.param("hold ge 98 2015", "hold ge 98 2020", "stronger", {"year": 1}, id="longer"),
        pytest.param(
            "reach ge 97 2015", "reach ge 98 2020", "mixed", {"level": 1, "year": -1}, id="both"
        ),
        pytest.param("reach ge 98 2020", "reach ge 98 2020", "same", {}, id="same"),
        pytest.param("monotone le - 2015", "monotone le - 2015", "same", {}, id="trend"),
    ],
)
def test_parts_decide_what_became_of_a_target(first, second, change, parts):
    result = compared(stated(first), stated(second))

    assert (result.change, result.parts, result.hindrance) == (change, parts, None)


def test_striving_is_weaker():
    plain = stated("reach ge 98 2020")

    result = compared(plain, replace(plain, firmness="strive"))

    assert (result.change, result.parts) == ("weaker", {Part.FIRMNESS: -1})


@pytest.mark.parametrize(
    ("fields", "hindrance"),
    [
        pytest.param({"measure": "pass-rate.towns"}, Hindrance.MEASURE, id="scope"),
        pytest.param({"measure": ""}, Hindrance.MEASURE, id="unread"),
        pytest.param({"unit": "个"}, Hindrance.UNIT, id="unit"),
        pytest.param({"kind": "relative"}, Hindrance.KIND, id="kind"),
        pytest.param({"comparator": "le"}, Hindrance.DIRECTION, id="direction"),
        pytest.param(
            {"comparator": "between", "value_upper": Decimal(99)}, Hindrance.RANGE, id="range"
        ),
        pytest.param({"counts_from": 2018}, Hindrance.PERIOD, id="sum-of-another-period"),
        pytest.param({"kind": "text"}, Hindrance.IN_WORDS, id="in-words"),
    ],
)
def test_what_cannot_be_compared_is_redefined(fields, hindrance):
    plain = stated("reach ge 98 2020")

    result = compared(plain, replace(plain, **fields))

    assert (result.change, result.hindrance, result.parts) == ("redefined", hindrance, {})


def test_two_unread_targets_are_not_of_one_measure():
    unread = stated("reach ge 98 2020", measure="")

    assert compared(unread, unread).change == "redefined"


@pytest.mark.parametrize(
    ("text", "later_start", "expected"),
    [
        ("reach ge 98 2015", 2018, "ended"),
        ("reach ge 98 2018", 2018, "dropped"),
        ("reach ge 98 2020", 2018, "dropped"),
        ("reach ge 98 -", 2018, "dropped"),
        ("reach ge 98 2015", None, "dropped"),
        ("text ge - 2015", 2018, "in_words"),
    ],
)
def test_only_in_the_first(text, later_start, expected):
    assert only_in_first(stated(text), later_start=later_start) == expected


def test_only_in_the_second():
    assert only_in_second(stated("reach ge 98 2020")) == "new"
    assert only_in_second(stated("text ge - 2020")) == "in_words"


@st.composite
def commitments(draw):
    kind = draw(st.sampled_from(["reach", "hold", "relative", "monotone", "text"]))
    is_plain = kind in {"relative", "monotone"}
    comparator = draw(st.sampled_from(["ge", "le"] if is_plain else list(Comparator.values)))
    value = draw(st.integers(0, 3))
    upper = value + draw(st.integers(0, 3)) if comparator == "between" else None
    return Stated(
        kind=kind,
        comparator=comparator,
        value=None if kind in {"monotone", "text"} else Decimal(value),
        value_upper=None if upper is None else Decimal(upper),
        unit=draw(st.sampled_from(["%", "个"])),
        target_year=draw(st.sampled_from([None, 2015, 2020])),
        firmness=draw(st.sampled_from(["stated", "strive"])),
        measure=draw(st.sampled_from(["", "one", "one", "other"])),
        counts_from=draw(st.sampled_from([None, None, 2013])),
    )


TURNED = {"stronger": "weaker", "weaker": "stronger"}


@given(commitments(), commitments())
def test_swapping_turns_stronger_into_weaker(first, second):
    there, back = compared(first, second), compared(second, first)

    assert back.change == TURNED.get(there.change, there.change)
    assert back.parts == {part: -order for part, order in there.parts.items()}


@given(commitments())
def test_nothing_is_stronger_or_weaker_than_itself(one):
    expected = "same" if one.kind != "text" and one.measure else "redefined"

    assert compared(one, one).change == expected


def matched(code, indicator="rate", scope="all", year=2020):
    return Matched(code, indicator, scope, year)


def test_what_restates_comes_before_what_is_alike():
    first = [matched("a-1"), matched("a-2", "other")]
    second = [matched("b-1"), matched("b-2", "third")]

    assert pairs(first, second, ties={("b-2", "a-1")}) == [(0, 1), (1, None), (None, 0)]


def test_ties_hold_whichever_document_comes_first():
    assert pairs([matched("a-1")], [matched("b-1", "x")], ties={("a-1", "b-1")}) == [(0, 0)]


def test_a_target_that_two_restate_stands_in_two_pairs():
    second = [matched("b-1", "x"), matched("b-2", "y")]

    result = pairs([matched("a-1")], second, ties={("b-1", "a-1"), ("b-2", "a-1")})

    assert result == [(0, 0), (0, 1)]


def test_one_scope_goes_before_another_and_years_must_agree():
    first = [matched("a-1"), matched("a-2", scope="towns"), matched("a-3", year=2015)]
    second = [matched("b-1", scope="towns"), matched("b-2", scope="rural")]

    assert pairs(first, second, ties=set()) == [(0, 1), (1, 0), (2, None)]


def test_unread_targets_are_not_alike():
    assert pairs([matched("a", "")], [matched("b", "")], ties=set()) == [(0, None), (None, 0)]


# Hainan 2013 → 2018, read line by line in fixtures/targets and fixtures/readings: which target of
# 2018 restates which of 2013, and what became of it. 2013 asks for 98 % of farm and of aquatic
# produce and so does 2018. All others changed what is measured: catering food became food of the
# national and provincial sampling, grade I air became good air, compliance became good water, works
# were split, green building standards became green buildings, hand-over became completion.
HAINAN = {
    ("013-009", "018-001"): "same",
    ("013-010", "018-002"): "same",
    ("013-012", "018-005"): "redefined",
    ("013-013", "018-007"): "redefined",
    ("013-020", "018-008"): "redefined",
    ("013-021", "018-009"): "redefined",
    ("013-022", "018-010"): "redefined",
    ("013-020", "018-011"): "redefined",
    ("013-021", "018-012"): "redefined",
    ("013-023", "018-013"): "redefined",
    ("013-042", "018-017"): "redefined",
    ("013-041", "018-018"): "redefined",
    ("013-044", "018-019"): "redefined",
}
# For 2020, and not restated: standardised farming, licensed food producers, service pilots, sewage,
# household waste, noise, drinking water sources, rural drinking water.
HAINAN_DROPPED = {"008", "011", "026", "037", "038", "039", "040", "043"}


def entries(kind, slug):
    return yaml.safe_load((FIXTURES / kind / f"{slug}.yaml").read_text())


def from_fixtures(slug):
    """The rule's view of a document's targets, straight from the files."""
    series = {each["target"]: each["series"] for each in entries("readings", slug)}
    return {
        each["code"]: Stated(
            kind=each["kind"],
            comparator=each.get("comparator", ""),
            value=Decimal(each["value"]) if "value" in each else None,
            value_upper=Decimal(each["value_upper"]) if "value_upper" in each else None,
            unit=each.get("unit", ""),
            target_year=each.get("target_year"),
            firmness=each["firmness"],
            measure=series.get(each["code"], "").partition(".")[2],
        )
        for each in entries("targets", slug)
    }


def test_hainan_line_by_line():
    old, new = from_fixtures("hainan-2013"), from_fixtures("hainan-2018")
    ties = {
        (before, each["code"])
        for each in entries("targets", "hainan-2018")
        for before in each.get("replaces", [])
    }

    result = {
        (before[-7:], after[-7:]): compared(old[before], new[after]).change
        for before, after in ties
    }

    assert result == HAINAN
    alone = {code: one for code, one in old.items() if code not in {before for before, _ in ties}}
    became = {code: only_in_first(one, later_start=2018) for code, one in alone.items()}
    assert {code[-3:] for code, change in became.items() if change == "dropped"} == HAINAN_DROPPED
    assert sum(change == "ended" for change in became.values()) == 23
    assert sum(change == "in_words" for change in became.values()) == 72
    added = [one for code, one in new.items() if code not in {after for _, after in ties}]
    assert sum(only_in_second(one) == "new" for one in added) == 21


@pytest.fixture
def reader(settings, client):
    settings.OPEN_READING = True
    client.cookies["django_language"] = "en"
    return client


def read_target(code, document, indicator="pass-rate", *, status="not_collected", **fields):
    target = make_target(code, document, **fields)
    series = document.area.series.filter(indicator__code=indicator).first() or make_series(
        document.area, make_indicator(indicator)
    )
    judge(target, status, reading=make_reading(target, series))
    return target


@pytest.fixture
def two_documents(db):
    first = make_document("plan-2011", start_year=2011)
    second = make_document("plan-2018", start_year=2018)
    read_target("plan-2011-001", first, value="97", stated="达到97%以上")
    read_target("plan-2011-002", first, "other", target_year=2015)
    read_target("plan-2011-003", first, "third")
    make_text_target("plan-2011-004", document=first)
    later = read_target("plan-2018-001", second, status="achieved", value="98.5", stated="98.5%")
    later.replaces.add(first.targets.get(code="plan-2011-001"))
    read_target("plan-2018-002", second, "fourth")
    return first, second


def shown(client, query):
    return client.get(f"/documents/compare/?{query}").context["shown"]


def counts(page):
    return {group.change: len(group.rows) for group in page.groups if group.rows}


def test_page_says_what_became_of_each_target_and_why(reader, two_documents):
    response = reader.get("/documents/compare/?a=plan-2011&b=plan-2018")

    assert counts(response.context["shown"]) == {
        "stronger": 1, "dropped": 1, "ended": 1, "new": 1, "in_words": 1,
    }  # fmt: skip
    text = text_of(response)
    assert "Level: ≥ 97 % → ≥ 98.5 %, 1.5 percentage points higher" in text
    assert "达到97%以上" in text
    assert "98.5%" in text
    assert "Achieved" in text


def test_swapped_documents_turn_round(reader, two_documents):
    response = reader.get("/documents/compare/?a=plan-2018&b=plan-2011")

    assert counts(response.context["shown"]) == {
        "weaker": 1, "dropped": 1, "new": 2, "in_words": 1,
    }  # fmt: skip
    assert "The first document is the later one" in text_of(response)


def test_each_count_opens_its_part(reader, two_documents):
    every = shown(reader, "a=plan-2011&b=plan-2018")
    group = next(each for each in every.groups if each.change == "in_words")

    opened = shown(reader, group.address.removeprefix("?").partition("#")[0])

    assert [each.change for each in every.groups if each.is_shown] == [
        "dropped", "ended", "stronger", "new",
    ]  # fmt: skip
    assert [each.change for each in opened.groups if each.is_shown] == ["in_words"]


def test_documents_of_two_areas_meet_by_indicator_and_year(reader, two_documents):
    elsewhere = make_document("far-2011", make_area("980000"))
    read_target("far-2011-001", elsewhere, value="96")
    read_target("far-2011-002", elsewhere, "third", target_year=2015)

    response = reader.get("/documents/compare/?a=plan-2011&b=far-2011")

    assert counts(response.context["shown"]) == {
        "weaker": 1, "dropped": 2, "new": 1, "in_words": 1,
    }  # fmt: skip
    text = text_of(response)
    assert "neither restates anything of the other" in text
    assert "Set side by side by indicator and target year" in text


def test_verdicts_are_those_of_the_year_looked_from(reader, two_documents):
    target = two_documents[1].targets.get(code="plan-2018-001")
    judge(target, "on_track", as_of=2019, reading=target.readings.get())

    page = shown(reader, "a=plan-2011&b=plan-2018&as_of=2019")

    row = next(group for group in page.groups if group.change == "stronger").rows[0]
    assert row.second.line.verdict.status == "on_track"
    assert "&as_of=2019" in page.address


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("a=plan-2011&b=nowhere", "“nowhere” is not a choice", id="unknown"),
        pytest.param("a=plan-2011&b=plan-2011", "Choose two different documents.", id="same"),
        pytest.param("a=plan-2011&b=plan-2018&change=x", "“x” is not a choice", id="class"),
        pytest.param("a=plan-2011&b=plan-2018&as_of=1900", "“1900” is not a choice", id="year"),
        pytest.param("a=%00", "is not a choice", id="nul"),
    ],
)
def test_a_wrong_choice_is_said(reader, two_documents, query, said):
    response = reader.get(f"/documents/compare/?{query}")

    assert response.status_code == 200
    assert said in text_of(response)


def test_without_documents_the_page_asks_for_them(reader, db):
    response = reader.get("/documents/compare/")

    assert response.context["shown"] is None
    assert "How targets are compared" in text_of(response)


@pytest.mark.parametrize("targets", [1, 3])
def test_query_count_does_not_grow(reader, db, django_assert_num_queries, targets):
    first, second = make_document("plan-2011"), make_document("plan-2018", start_year=2018)
    for number in range(targets):
        before = read_target(f"plan-2011-{number:03d}", first, f"rate-{number}")
        read_target(f"plan-2018-{number:03d}", second, f"rate-{number}").replaces.add(before)

    with django_assert_num_queries(6):
        reader.get("/documents/compare/?a=plan-2011&b=plan-2018")
