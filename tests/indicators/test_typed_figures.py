"""Texts to a figure, by the one door: what was meant, what is refused, what is asked."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from indicators.actions.entry import EnteredFigure
from indicators.enums import Bound
from indicators.models import Indicator
from indicators.queries.figures import Before
from indicators.typed_figures import FIELDS, KINDS_OF_FIGURE, understand
from plans.validators import FIGURE_LIMIT
from targets_site.typed_text import Outcome
from tests.indicators.policy import NUMBERS, typed

ONE_HUNDRED = Decimal(100)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def indicator(unit="%", decimals=2, smallest="0", largest="100"):
    return Indicator(
        unit=unit,
        decimals=decimals,
        smallest=None if smallest is None else Decimal(smallest),
        largest=None if largest is None else Decimal(largest),
    )


COUNT = indicator("家", 0, "0", None)
GROWTH = indicator("%", 2, "-100", "1000")


def read(of=None, *, year=2020, before=None, **typed):
    return understand(typed, indicator=of or indicator(), year=year, before=before)


def codes(understood):
    """What is wrong, by field; nothing is stored where something is."""
    assert (understood.figure is None) == bool(understood.errors)
    return {name: error.code for name, error in understood.errors.items()}


# The corpus


def numeric_rows():
    rows = [row for row in NUMBERS["entries"] if row["target"] == "numeric"]
    assert len(rows) == 51
    return [pytest.param(row, id=row["id"]) for row in rows]


@pytest.mark.parametrize("row", numeric_rows())
def test_corpus_of_numbers(row):
    field, expected = NUMBERS["fields"][row["field"]], row["expect"]
    of = indicator(field["unit"], field["decimals"], field["min"], field["max"])

    found = read(of, value=typed(row))

    if expected["outcome"] == "reject":
        assert codes(found) == {"value": expected["message_id"]}
    elif expected["outcome"] == "blank":
        assert codes(found) == {"value": "required"}
    else:
        assert found.outcome.value == expected["outcome"]
        assert found.figure.value == Decimal(expected["value"])
        assert len(found.questions) == (expected["outcome"] == "confirm")
        assert len(found.notes) == (expected["outcome"] == "normalise")


def rows_refused_as_counts():
    """What no number is; the decimals and limits of an indicator do not concern counts."""
    expected = [(row, row.values[0]["expect"]) for row in numeric_rows()]
    refused = [(row, each["message_id"]) for row, each in expected if each["outcome"] == "reject"]
    return [row for row, code in refused if code not in {"decimals", "range"}]


@pytest.mark.parametrize("row", rows_refused_as_counts())
@pytest.mark.parametrize(
    ("field", "other"), [("numerator", "denominator"), ("denominator", "numerator")]
)
def test_corpus_of_numbers_as_counts(row, field, other):
    found = read(**{"value": "50", field: typed(row), other: "100"})

    assert codes(found) == {field: row["expect"]["message_id"]}


@pytest.mark.parametrize(
    ("of", "said", "message"),
    [
        pytest.param(
            indicator("分"),
            {"value": "98%"},
            "The unit of “Value” is 分; leave the % sign out.",
            id="unit",
        ),
        pytest.param(
            indicator("index"),
            {"value": "98%"},
            "“Value” is no percentage; leave the % sign out.",
            id="index",
        ),
        pytest.param(
            indicator(),
            {"numerator": "90%", "denominator": "95"},
            "“Numerator” is no percentage; leave the % sign out.",
            id="count",
        ),
        pytest.param(
            indicator(),
            {"numerator": "90万", "denominator": "95"},
            "“Numerator”: digits only, without a unit.",
            id="count-with-unit",
        ),
    ],
)
def test_a_message_names_a_unit_only_where_one_is_shown(of, said, message):
    [error] = read(of, **said).errors.values()

    assert error.messages == [message]


# A plain figure, and one that is missing


def test_a_plain_figure():
    found = read(value="98.50", source_title="2020年统计公报")

    assert found.figure == EnteredFigure(
        value=Decimal("98.50"), stated_decimals=2, source_title="2020年统计公报"
    )
    assert (found.outcome, found.notes, found.questions) == (Outcome.ACCEPT, [], [])


def test_every_field_is_read():
    said = {
        "value": "50.0",
        "numerator": "500",
        "denominator": "1000",
        "missing_reason": "",
        "bound": "at_least",
        "obs_status": "BP",
        "source_title": "公报",
        "source_url": "https://example.cn/a",
        "published_as": "抽检合格率",
        "published_on": "2021-03",
        "remark": "注",
        "shortfall_reason": "因",
        "next_steps": "措施",
    }
    assert set(said) == set(FIELDS)

    figure = read(**said).figure

    assert figure == EnteredFigure(
        value=Decimal("50.0"),
        stated_decimals=1,
        numerator=Decimal(500),
        denominator=Decimal(1000),
        bound=Bound.AT_LEAST,
        obs_status="BP",
        source_title="公报",
        source_url="https://example.cn/a",
        published_as="抽检合格率",
        published_on="2021-03",
        remark="注",
        shortfall_reason="因",
        next_steps="措施",
    )


def test_evidence_goes_with_the_figure():
    found = understand({"value": "1.5"}, indicator=COUNT_OF_TWO, year=2020, evidence=frozenset({7}))

    assert found.figure.evidence == {7}


COUNT_OF_TWO = indicator("万家", 2, "0", None)


def test_a_missing_figure_has_its_reason():
    found = read(missing_reason="当年未调查")

    assert found.figure == EnteredFigure(value=None, missing_reason="当年未调查")
    assert found.figure.content()["obs_status"] == "M"


def test_zero_is_a_figure():
    assert read(value="0").figure.value == 0


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        pytest.param({}, {"value": "required"}, id="nothing"),
        pytest.param({"value": " "}, {"value": "required"}, id="blank"),
        pytest.param({"remark": "注"}, {"value": "required"}, id="remark-only"),
        pytest.param(
            {"value": "98", "missing_reason": "未调查"}, {"missing_reason": "both"}, id="both"
        ),
        pytest.param({"value": "0", "missing_reason": "x"}, {"missing_reason": "both"}, id="zero"),
        pytest.param(
            {"numerator": "1", "denominator": "2", "missing_reason": "未调查"},
            {"missing_reason": "both"},
            id="counts-and-reason",
        ),
        pytest.param({"value": "x", "missing_reason": "未调查"}, {"value": "not_number"}, id="bad"),
        pytest.param(
            {"missing_reason": "因" * 201}, {"missing_reason": "too_long"}, id="long-reason"
        ),
        pytest.param({"value": "98", "obs_status": "M"}, {"obs_status": "both"}, id="missing"),
    ],
)
def test_a_value_or_a_reason(said, wrong):
    assert codes(read(**said)) == wrong


# Numerator and denominator


def test_a_rate_is_computed_from_its_counts():
    found = read(numerator="90", denominator="95")

    assert (found.figure.value, found.figure.stated_decimals) == (Decimal("94.74"), 2)
    assert (found.figure.numerator, found.figure.denominator) == (90, 95)
    assert found.notes == ["Computed and rounded: 90 ÷ 95 = 94.74 %."]
    assert found.outcome is Outcome.NORMALISED


def test_an_exact_rate_is_not_called_rounded():
    found = read(numerator="1,200", denominator="1,600")

    assert found.figure.value_as_stated == "75.00"
    assert found.notes[-1] == "Computed: 1200 ÷ 1600 = 75.00 %."


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        pytest.param({"value": "94.74", "numerator": "90"}, "pair", id="no-denominator"),
        pytest.param({"value": "94.74", "denominator": "95"}, "pair", id="no-numerator"),
        pytest.param({"numerator": "90"}, "pair", id="numerator-only"),
        pytest.param({"denominator": "95"}, "pair", id="denominator-only"),
        pytest.param({"numerator": "0", "denominator": "0"}, "denominator", id="of-nothing"),
        pytest.param({"numerator": "96", "denominator": "95"}, "share", id="more-than-all"),
        pytest.param(
            {"value": "100", "numerator": "1001", "denominator": "1000"}, "share", id="rounded-off"
        ),
        pytest.param(
            {"value": "94.73", "numerator": "90", "denominator": "95"}, "rate", id="disagree"
        ),
        pytest.param({"value": "95", "numerator": "90", "denominator": "95"}, None, id="rounded"),
        pytest.param({"value": "94.74", "numerator": "90", "denominator": "95"}, None, id="agree"),
        pytest.param({"value": "94.7", "numerator": "90", "denominator": "95"}, None, id="short"),
    ],
)
def test_counts_and_rate_agree(said, wrong):
    assert codes(read(**said)) == ({"numerator": wrong} if wrong else {})


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        pytest.param({"numerator": "-1", "denominator": "9"}, {"numerator": "range"}, id="below-0"),
        pytest.param(
            {"numerator": "ninety", "denominator": "95"}, {"numerator": "not_number"}, id="word"
        ),
        pytest.param(
            {"value": "94.74", "numerator": "90", "denominator": "95家"},
            {"denominator": "unit_suffix"},
            id="unit",
        ),
        pytest.param(
            {"value": "x", "numerator": "90"}, {"value": "not_number"}, id="value-not-read"
        ),
    ],
)
def test_a_wrong_count_is_named_alone(said, wrong):
    assert codes(read(**said)) == wrong


def test_counts_belong_to_rates():
    found = read(COUNT, value="12", numerator="1", denominator="2")

    assert codes(found) == {"numerator": "no_rate"}


@pytest.mark.parametrize(
    ("numerator", "value"),
    [pytest.param("1000", "1000.00", id="largest"), pytest.param("1000.01", None, id="beyond")],
)
def test_a_computed_rate_keeps_to_the_limits_of_the_indicator(numerator, value):
    found = read(GROWTH, numerator=numerator, denominator="100")

    if value:
        assert found.figure.value_as_stated == value
    else:
        assert codes(found) == {"numerator": "range"}


def test_a_computed_rate_that_no_figure_can_hold_is_refused():
    found = read(indicator("%", 2, None, None), numerator="999999999", denominator="0.000001")

    assert codes(found) == {"numerator": "range"}


def test_a_computed_small_rate_needs_no_confirmation():
    """0.50 % of 1 in 200 cannot be meant as 50 %: the counts say so."""
    found = read(numerator="1", denominator="200")

    assert (found.figure.value_as_stated, found.questions) == ("0.50", [])


# Choices, texts, dates


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("filled_in", ["en", "zh-hans"])
@pytest.mark.parametrize("bound", Bound.values)
def test_a_choice_by_its_label_in_either_language(language, filled_in, bound):
    """A sheet filled in by one person is sent by another."""
    with translation.override(filled_in):
        label = str(Bound(bound).label)

    with translation.override(language):
        assert read(value="98", bound=label).figure.bound == bound
        assert read(value="98", bound=f" {bound} ").figure.bound == bound


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("letters", [letters for letters, _label in KINDS_OF_FIGURE])
def test_a_kind_of_figure_is_taken_by_its_word_in_any_language(language, letters):
    with translation.override(language):
        word = str(dict(KINDS_OF_FIGURE)[letters])
    other = {"zh-hans": "en", "en": "zh-hans"}[language]

    with translation.override(other):
        found = read(value="98", obs_status=f" {word} ")

    assert found.figure.obs_status == letters


def test_labels_differ_between_languages():
    with translation.override("zh-hans"):
        chinese = {str(each.label) for each in Bound}
    with translation.override("en"):
        assert chinese.isdisjoint({str(each.label) for each in Bound})


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        pytest.param({"bound": "roughly"}, {"bound": "choice"}, id="no-choice"),
        pytest.param({"obs_status": "Z"}, {"obs_status": None}, id="no-letter"),
        pytest.param({"obs_status": "EE"}, {"obs_status": None}, id="letter-twice"),
        pytest.param({"source_url": "javascript:alert(1)"}, {"source_url": "address"}, id="script"),
        pytest.param({"source_url": "example"}, {"source_url": "address"}, id="no-address"),
        pytest.param({"published_on": "2020-13"}, {"published_on": None}, id="no-date"),
        pytest.param({"published_on": "last year"}, {"published_on": None}, id="words"),
        pytest.param({"source_title": "a\u202eb"}, {"source_title": "bidi"}, id="turned-round"),
        pytest.param({"source_title": "公" * 301}, {"source_title": "too_long"}, id="long-source"),
        pytest.param({"remark": "a\x00b"}, {"remark": "control"}, id="nul"),
        pytest.param({"next_steps": "步" * 2001}, {"next_steps": "too_long"}, id="long-steps"),
    ],
)
def test_other_fields_are_refused_by_name(said, wrong):
    assert codes(read(value="98", **said)) == wrong


def test_all_that_is_wrong_is_said_at_once():
    found = read(value="x", bound="y", source_url="z", remark="a\x00b")

    assert codes(found) == {
        "value": "not_number",
        "bound": "choice",
        "source_url": "address",
        "remark": "control",
    }


def test_a_date_typed_with_a_chinese_keyboard():
    assert read(value="98", published_on="２０２１－０３").figure.published_on == "2021-03"


# What is asked


def before(value, decimals=0, year=2019):
    return Before(year, Decimal(value), decimals)


@pytest.mark.parametrize(
    ("value", "previous", "asks"),
    [
        pytest.param("88.20", "98.20", False, id="exactly-10-points"),
        pytest.param("88.19", "98.20", True, id="more-than-10-points"),
        pytest.param("98.20", "98.20", False, id="no-change"),
    ],
)
def test_an_unusual_change_is_asked_about(value, previous, asks):
    found = read(value=value, before=before(previous, 2))

    assert len(found.questions) == asks
    assert found.outcome is (Outcome.CONFIRM if asks else Outcome.ACCEPT)
    assert found.figure.value == Decimal(value)


def test_the_question_shows_both_figures_as_they_were_stated():
    [question] = read(value="86.0", before=before("98.20", 2)).questions

    assert question == (
        "98.20 % in 2019, now 86.0 % for 2020: a change of −12.20 percentage points, more than 10. "
        "Check it."
    )


def test_a_computed_figure_is_asked_about_too():
    found = read(numerator="1", denominator="2", before=before("98.20", 2))

    assert len(found.questions) == 1


def test_nothing_is_asked_where_the_figure_is_missing():
    assert read(missing_reason="未调查", before=before("98.20", 2)).questions == []


def test_a_fraction_and_a_change_are_two_questions():
    found = read(value="0.98", before=before("98"))

    assert len(found.questions) == 2


@pytest.mark.parametrize("value", ["98", "98.00", "98.0%", "９８％"])
def test_meeting_a_target_exactly_asks_nothing(value):
    """Nothing tempts anybody to type less or more than what was reached."""
    found = read(value=value, before=before("97.5", 1))

    assert (found.figure.value, found.questions) == (98, [])


# Whatever is typed


any_text = st.text(st.one_of(st.characters(), st.sampled_from("0123456789０８.,。-%家 \u200b\x00")))


@given(st.dictionaries(st.sampled_from(FIELDS), any_text))
def test_understand_answers_whatever_is_typed(said):
    for of in (indicator(), COUNT, GROWTH):
        found = read(of, **said)

        assert (found.figure is None) == bool(found.errors)
        assert set(found.errors) <= set(FIELDS)
        if found.figure is None:
            continue
        figure = found.figure
        assert (figure.value is None) != (not figure.missing_reason)
        if figure.value is not None:
            assert abs(figure.value) <= FIGURE_LIMIT
            assert figure.stated_decimals <= of.decimals
        assert "\x00" not in "".join(
            getattr(figure, name) for name in ("source_title", "remark", "next_steps")
        )


@given(numerator=st.integers(0, 10**9 - 1), denominator=st.integers(1, 10**9 - 1))
def test_computed_rates_are_as_near_as_their_decimals_allow(numerator, denominator):
    found = read(numerator=str(numerator), denominator=str(denominator))

    if numerator > denominator:
        assert codes(found) == {"numerator": "share"}
    else:
        off = abs(found.figure.value * denominator - 100 * numerator)
        assert off * 200 <= denominator
        assert read(
            value=found.figure.value_as_stated + "%",
            numerator=str(numerator),
            denominator=str(denominator),
        ).figure
