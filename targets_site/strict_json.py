"""JSON bodies of the API, read so that nothing is guessed, rounded or dropped on the way.

Python's own reader takes the last of two equal keys, knows NaN, turns 98.550 into a float and
follows brackets until the stack ends. Here a number keeps its text, so that one parser of figures
serves 98.550 and "98.550" alike, and whatever is not plain JSON is refused.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import IO, Any, Never

from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

LARGEST_BODY_BYTES = 1024 * 1024
DEEPEST = 20
# Of a double: beyond it most programs read infinity, so a sender cannot have meant it.
LARGEST_EXPONENT = 308

# A string up to its end, or to the end of the text where it has none: each character is looked at
# once, whatever the text holds.
STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
NOT_IN_TEXT = re.compile("[\x00\ud800-\udfff]")


class NumberText(str):
    """A number as its digits stood in the body."""

    __slots__ = ()


class StrictJSONParser(BaseParser):
    """application/json in UTF-8, at most 1 MB and 20 levels, with one object at the top.

    Numbers arrive as `NumberText`. Everything else is refused with one ParseError (400): it says
    that the request is not well-formed, its code says why: charset, unreadable, too_large,
    encoding, too_deep, syntax, duplicate_key, number, text or not_object.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        _refuse_other_charset(media_type or "")
        text = _text_of(stream)
        _refuse_too_deep(text)
        found = _parsed(text)
        if not isinstance(found, dict):
            raise _refused("not_object")
        _refuse_hidden_text(found)
        return found


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}], "nullable": True})
class TypedText(serializers.Field[str, Any, str, Any]):
    """What a person could have typed into a form: a text or a number, as text; null is ''.

    The figure in it is read by the parser of typed figures. Booleans, lists and objects are
    refused with the code json_type.
    """

    default_error_messages = {
        "json_type": gettext_lazy('“%(field)s” takes a number as text, such as "98.5".'),
    }

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        found: tuple[bool, Any] = super().validate_empty_values("" if data is None else data)
        return found

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, str):
            return str(data)
        message = self.error_messages["json_type"] % {"field": self.label or self.field_name}
        raise serializers.ValidationError(message, code="json_type")

    def to_representation(self, value: Any) -> str:
        return str(value)


def _refused(code: str) -> ParseError:
    return ParseError(_("The request is not well-formed."), code=code)


def _refuse_other_charset(media_type: str) -> None:
    try:
        charset = parse_header_parameters(media_type)[1].get("charset", "utf-8")
    except ValueError as error:
        raise _refused("charset") from error
    if charset.lower() not in {"utf-8", "utf8"}:
        raise _refused("charset")


def _text_of(stream: IO[Any]) -> str:
    try:
        body = stream.read(LARGEST_BODY_BYTES + 1)
    except OSError as error:  # the sender went away
        raise _refused("unreadable") from error
    if len(body) > LARGEST_BODY_BYTES:
        raise _refused("too_large")
    try:
        return str(body, "utf-8")
    except UnicodeDecodeError as error:
        raise _refused("encoding") from error


def _refuse_too_deep(text: str) -> None:
    """Count brackets outside strings, before anything follows them."""
    depth = 0
    for token in STRING_OR_BRACKET.findall(text):
        if token in "[{":
            depth += 1
        elif token in "]}":
            depth -= 1
        if depth > DEEPEST:
            raise _refused("too_deep")


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object_of,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_no_number,
        )
    except json.JSONDecodeError as error:
        raise _refused("syntax") from error


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _refused("duplicate_key")
    return found


def _number(text: str) -> NumberText:
    try:
        exponent = Decimal(text).adjusted()
    except InvalidOperation:
        _no_number(text)
    if exponent > LARGEST_EXPONENT:
        _no_number(text)
    return NumberText(text)


def _no_number(_text: str) -> Never:
    raise _refused("number")


def _refuse_hidden_text(value: Any) -> None:
    """NUL and halves of characters, which escapes can write and no database keeps."""
    if isinstance(value, str):
        if NOT_IN_TEXT.search(value):
            raise _refused("text")
    elif isinstance(value, dict):
        for key, each in value.items():
            _refuse_hidden_text(key)
            _refuse_hidden_text(each)
    elif isinstance(value, list):
        for each in value:
            _refuse_hidden_text(each)
