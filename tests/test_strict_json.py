"""JSON bodies: numbers keep their text, and whatever is not plain JSON is refused with 400."""

import json
import time
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView, exception_handler

from indicators.parsing import Limits, Outcome, parse_figure
from targets_site.strict_json import NumberText, StrictJSONParser, TypedText

MEGABYTE = 1024 * 1024
RATE = Limits(unit="%", decimals=2, smallest=Decimal(0), largest=Decimal(100))


class FigureSerializer(serializers.Serializer):
    value = TypedText(label="Value")
    note = serializers.CharField(required=False)


class FigureView(APIView):
    """Answers with the value as it was understood."""

    parser_classes = [StrictJSONParser]
    authentication_classes = []
    permission_classes = []

    def get_exception_handler(self):
        return exception_handler

    def post(self, request):
        entered = FigureSerializer(data=request.data)
        entered.is_valid(raise_exception=True)
        return Response(entered.validated_data["value"])


def read(body, **options):
    body = body.encode() if isinstance(body, str) else body
    return StrictJSONParser().parse(BytesIO(body), "application/json", **options)


def why_refused(body, media_type="application/json"):
    """The code of the refusal, which is always the same one to the sender."""
    body = body.encode() if isinstance(body, str) else body
    with translation.override("en"), pytest.raises(ParseError) as refused:
        StrictJSONParser().parse(BytesIO(body), media_type)
    assert (refused.value.status_code, refused.value.detail) == (
        400,
        "The request is not well-formed.",
    )
    return refused.value.detail.code


def outcome_of(body):
    """What becomes of `value` in a % field, in the words of the corpus."""
    try:
        entered = FigureSerializer(data=read(body))
    except ParseError:
        return "reject", "bad_request"
    if not entered.is_valid():
        return "reject", entered.errors["value"][0].code
    try:
        parsed = parse_figure(entered.validated_data["value"], limits=RATE)
    except ValidationError as error:
        return "reject", error.code
    return parsed.outcome.value, parsed.value


# The rows json_body of the corpus of bad inputs.
@pytest.mark.parametrize(
    ("body", "outcome", "found"),
    [
        pytest.param('{"value": "98.55"}', "accept", Decimal("98.55"), id="J01"),
        pytest.param('{"value": 98.55}', "accept", Decimal("98.55"), id="J02"),
        pytest.param(
            '{"value": 0.1, "note": "sum with 0.2 must show 0.3"}',
            "confirm",
            Decimal("0.10"),
            id="J03",
        ),
        pytest.param('{"value": 1e400}', "reject", "bad_request", id="J05"),
        pytest.param('{"value": true}', "reject", "json_type", id="J06"),
        pytest.param('{"value": [98.5]}', "reject", "json_type", id="J07"),
        pytest.param('{"value": {"$gt": 0}}', "reject", "json_type", id="J08"),
        pytest.param("[" * 100_000 + "]" * 100_000, "reject", "bad_request", id="J10"),
        pytest.param('{"value": "98.5"', "reject", "bad_request", id="J12"),
    ],
)
def test_corpus_of_bodies(body, outcome, found):
    assert outcome_of(body) == (outcome, found)


@pytest.mark.parametrize(
    ("body", "outcome", "found"),
    [
        pytest.param('{"value": 1e2}', "reject", "scientific", id="scientific"),
        pytest.param('{"value": 98.555}', "reject", "decimals", id="decimals"),
        pytest.param('{"value": 0.30000000000000004}', "reject", "decimals", id="float-artefact"),
        pytest.param('{"value": -1}', "reject", "range", id="range"),
        pytest.param('{"value": null}', "blank", None, id="null"),
        pytest.param('{"value": ""}', "blank", None, id="empty"),
        pytest.param("{}", "reject", "required", id="left-out"),
        pytest.param('{"value": "NaN"}', "reject", "not_number", id="nan-as-text"),
        pytest.param('{"value": 98}', "accept", Decimal(98), id="whole"),
    ],
)
def test_a_figure_in_json_follows_the_rules_of_typed_figures(body, outcome, found):
    assert outcome_of(body) == (outcome, found)


@pytest.mark.parametrize(
    "digits",
    ["98.550", "98.55", "0.1", "-0", "0.30000000000000004", "1E5", "9" * 300, "1e308", "-1e-400"],
)
def test_numbers_keep_their_text(digits):
    found = read(f'{{"value": {digits}, "as_text": "{digits}"}}')

    assert found == {"value": digits, "as_text": digits}
    assert [type(each) for each in found.values()] == [NumberText, str]


def test_63_10_stays_63_10_through_the_field():
    for body in ('{"value": 63.10}', '{"value": "63.10"}'):
        entered = FigureSerializer(data=read(body))

        assert entered.is_valid()
        assert dict(entered.validated_data) == {"value": "63.10"}
        assert type(entered.validated_data["value"]) is str
        parsed = parse_figure(entered.validated_data["value"], limits=RATE)
        assert (parsed.outcome, parsed.stated_decimals) == (Outcome.ACCEPT, 2)


def test_everything_else_is_read_as_json_says():
    body = '{"a": [null, true, false, {"b": "说明\\n\\u4e2d\\ud83d\\ude00/\\""}], "": {}}'

    assert read(body) == {"a": [None, True, False, {"b": '说明\n中😀/"'}], "": {}}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param('{"value": 1, "value": 1}', "duplicate_key", id="key-twice"),
        pytest.param('{"a": [{"b": 1, "\\u0062": 2}]}', "duplicate_key", id="key-twice-escaped"),
        pytest.param('{"value": NaN}', "number", id="nan"),
        pytest.param('{"value": Infinity}', "number", id="infinity"),
        pytest.param('{"value": -Infinity}', "number", id="minus-infinity"),
        pytest.param('{"value": -1e309}', "number", id="beyond-a-double"),
        pytest.param('{"value": 1e99999999999999999999}', "number", id="beyond-a-decimal"),
        pytest.param('{"value": 1e-99999999999999999999}', "number", id="beyond-the-other-way"),
        pytest.param('{"value": %s}' % ("9" * 310), "number", id="whole-beyond-a-double"),
        pytest.param('{"value": "\\ud800"}', "text", id="half-a-character"),
        pytest.param('{"value": ["\\udc00\\ud800"]}', "text", id="halves-the-wrong-way-round"),
        pytest.param('{"value": {"a": "98\\u0000"}}', "text", id="nul"),
        pytest.param('{"val\\u0000ue": 1}', "text", id="nul-in-a-key"),
        pytest.param('{"a": "\n"}', "syntax", id="line-end-inside"),
        pytest.param('{"a": "\x00"}', "syntax", id="nul-unescaped"),
        pytest.param(
            '{"a": "\\\n' + "[" * 30 + '"}', "syntax", id="brackets-behind-an-escaped-line-end"
        ),
        pytest.param(b'{"a": "\xed\xa0\x80"}', "encoding", id="half-a-character-in-bytes"),
        pytest.param('{"a": "说明"}'.encode("gb18030"), "encoding", id="gb18030"),
        pytest.param('{"a": 1}'.encode("utf-16"), "encoding", id="utf-16"),
        pytest.param('{"a": 1}'.encode("utf-16-le"), "syntax", id="utf-16-without-mark"),
        pytest.param('{"a": 1}'.encode("utf-8-sig"), "syntax", id="byte-order-mark"),
        pytest.param('{"a": "说'.encode()[:-1], "encoding", id="cut-in-a-character"),
        pytest.param('{"a": "b', "syntax", id="cut-in-a-string"),
        pytest.param('{"a": "b\\', "syntax", id="cut-in-an-escape"),
        pytest.param('{"a": 1', "syntax", id="cut-in-an-object"),
        pytest.param('{"a": 1}}', "syntax", id="more-than-one"),
        pytest.param('{"a": 1,}', "syntax", id="comma-at-the-end"),
        pytest.param("{'a': 1}", "syntax", id="single-quotes"),
        pytest.param('{"a": 01}', "syntax", id="leading-zero"),
        pytest.param('{"a": +1}', "syntax", id="plus"),
        pytest.param('{"a": .5}', "syntax", id="no-digit-before-the-point"),
        pytest.param('{"a": 1_000}', "syntax", id="underscore"),
        pytest.param('{"a": ٣}', "syntax", id="other-digits"),
        pytest.param('{"a": 1} // note', "syntax", id="comment"),
        pytest.param("", "syntax", id="empty"),
        pytest.param(" \n", "syntax", id="blank"),
        pytest.param("[]", "not_object", id="list-at-the-top"),
        pytest.param('"a"', "not_object", id="text-at-the-top"),
        pytest.param("98.5", "not_object", id="number-at-the-top"),
        pytest.param("null", "not_object", id="null-at-the-top"),
    ],
)
def test_what_is_not_plain_json_is_refused(body, code):
    assert why_refused(body) == code


@pytest.mark.parametrize("charset", ["gbk", "utf-16", "bz2_codec", "iso-8859-1", ""])
def test_other_charsets_are_refused(charset):
    assert why_refused("{}", f"application/json; charset={charset}") == "charset"


@pytest.mark.parametrize(
    "media_type",
    [
        None,
        "application/json",
        "application/json; charset=UTF-8",
        'application/json; charset="utf8"',
    ],
)
def test_utf_8_need_not_be_named(media_type):
    assert StrictJSONParser().parse(BytesIO(b"{}"), media_type) == {}


def nested(levels):
    return '{"a": ' + "[" * (levels - 1) + "]" * (levels - 1) + "}"


def test_20_levels_are_read_and_21_refused():
    found = read(nested(20))["a"]

    for _level in range(18):
        (found,) = found
    assert found == []
    assert why_refused(nested(21)) == "too_deep"


def test_brackets_in_strings_and_beside_each_other_are_no_levels():
    text = "[" * 50 + '\\" {' * 50
    body = json.dumps({"a": text, "b": [[]] * 500})

    assert read(body) == {"a": text, "b": [[]] * 500}


def test_one_megabyte_is_read_and_a_byte_more_refused():
    body = b'{"a": "%s"}' % (b"x" * (MEGABYTE - 9))

    assert len(body) == MEGABYTE
    assert len(read(body)["a"]) == MEGABYTE - 9
    assert why_refused(body + b" ") == "too_large"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param("[" * MEGABYTE, "too_deep", id="lists"),
        pytest.param('{"a":' * 100_000, "too_deep", id="objects"),
        pytest.param('"' + '\\"' * (MEGABYTE // 2 - 1), "syntax", id="escaped-quotes-without-end"),
        pytest.param('{"a": [' + "[]," * 300_000, "syntax", id="many-lists"),
        pytest.param('{"a": %s}' % ("9" * 1_000_000), "number", id="a-million-digits"),
    ],
)
def test_hostile_bodies_are_refused_in_no_time(body, code):
    started = time.process_time()

    found = why_refused(body)

    # Each takes 0.3 s at most; what grows with the square of the size takes minutes.
    assert time.process_time() - started < 5
    assert found == code


class GoneAway(BytesIO):
    def read(self, *_size):
        raise OSError("the sender went away")


def test_a_sender_who_goes_away_is_refused():
    with pytest.raises(ParseError) as refused:
        StrictJSONParser().parse(GoneAway(), "application/json")

    assert refused.value.detail.code == "unreadable"


def test_no_more_is_read_than_may_be_sent():
    stream = BytesIO(b" " * (3 * MEGABYTE))

    with pytest.raises(ParseError):
        StrictJSONParser().parse(stream)

    assert stream.tell() == MEGABYTE + 1


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        pytest.param('{"value": 63.10}', 200, "63.10", id="number"),
        pytest.param('{"value": "63.10"}', 200, "63.10", id="text"),
        pytest.param('{"value": null}', 200, "", id="null"),
        pytest.param(
            '{"value": true}',
            400,
            {"value": ['“Value” takes a number as text, such as "98.5".']},
            id="boolean",
        ),
        pytest.param(
            '{"value": 1e400}', 400, {"detail": "The request is not well-formed."}, id="infinite"
        ),
        pytest.param("[" * 100_000, 400, {"detail": "The request is not well-formed."}, id="deep"),
    ],
)
def test_a_view_answers(body, status, answer):
    request = APIRequestFactory().post("/", body, content_type="application/json")

    with translation.override("en"):
        response = FigureView.as_view()(request).render()

    assert (response.status_code, response.data) == (status, answer)


@pytest.mark.parametrize("value", [True, False, [], ["98.5"], {}, {"a": 1}, 98.5, 98])
def test_typed_text_refuses_what_nobody_types(value):
    entered = FigureSerializer(data={"value": value})

    assert not entered.is_valid()
    assert [each.code for each in entered.errors["value"]] == ["json_type"]


def test_typed_text_shows_what_it_took():
    assert FigureSerializer({"value": "63.10"}).data["value"] == "63.10"


def test_typed_text_may_be_left_out_where_it_is_not_required():
    class Optional(serializers.Serializer):
        value = TypedText(required=False)

    entered = Optional(data={})

    assert entered.is_valid()
    assert dict(entered.validated_data) == {}


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
VALUES = st.recursive(
    st.none() | st.booleans() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=5), st.booleans())
def test_what_json_writes_is_read(value, ascii_only):
    assert read(json.dumps(value, ensure_ascii=ascii_only)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_any_decimal_keeps_its_text(number):
    digits = format(number, "f")

    assert read(f'{{"value": {digits}}}') == {"value": digits}


PIECES = st.sampled_from(
    ["{", "}", "[", "]", '"', "\\", ":", ",", '"a"', '"b":', "1", "1e999", "NaN", "true", "\\u0000"]
)


@given(st.one_of(st.binary(), st.lists(PIECES).map(lambda pieces: "".join(pieces).encode())))
def test_any_bytes_are_read_or_refused(body):
    try:
        found = read(body)
    except ParseError:
        return

    assert found == json.loads(body, parse_int=str, parse_float=str)
