"""The policy for texts: every row of the corpus, and what must hold for any text."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from targets_site.typed_text import Outcome, TextKind, clean_text

CORPUS = json.loads((Path(__file__).parent / "data" / "bad_texts.json").read_text("utf-8"))


def outcome_of(text, kind):
    """The outcome in the corpus's words, with the value or the code of what is wrong."""
    try:
        parsed = clean_text(text, kind=kind)
    except ValidationError as error:
        return "reject", error.code
    return parsed.outcome.value, parsed.value


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in CORPUS["entries"]])
def test_corpus_of_texts(row):
    kind = TextKind.NAME if row["field"] == "name" else TextKind.REMARK
    expected = row["expect"]

    outcome, found = outcome_of(row["input"], kind)

    assert (outcome, found) == (
        expected["outcome"],
        expected.get("value", expected.get("message_id", "")),
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("山\u200b东", "invisible", id="zero-width-inside"),
        pytest.param("山东\u202e", "bidi", id="direction-mark"),
        pytest.param("山\u2028东", "invisible", id="line-separator"),
        pytest.param("山\u2029东", "invisible", id="paragraph-separator"),
        pytest.param("山\u115f东", "invisible", id="hangul-filler"),
        pytest.param("\u3164", "invisible", id="nothing-but-a-filler"),
        pytest.param("山\n东", "control", id="line-end"),
        pytest.param("山\x00东", "control", id="nul"),
        pytest.param("山\ud800东", "control", id="lone-surrogate"),
        pytest.param("山" * 51, "too_long", id="too-long"),
    ],
)
def test_clean_text_refuses_in_names(text, code):
    with pytest.raises(ValidationError) as refused:
        clean_text(text, kind=TextKind.NAME)

    assert refused.value.code == code


def test_clean_text_drops_hidden_characters_from_remarks():
    parsed = clean_text("\ufeff说\u200b明\u202e。", kind=TextKind.REMARK)

    assert (parsed.outcome, parsed.value) == (Outcome.NORMALISED, "说明。")


@given(st.text(), st.sampled_from(list(TextKind)))
def test_clean_text_is_stable(text, kind):
    try:
        once = clean_text(text, kind=kind)
    except ValidationError:
        return

    assert clean_text(once.value, kind=kind).value == once.value
    assert "\x00" not in once.value
