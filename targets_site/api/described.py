"""How the API describes itself (OpenAPI): parameters from the filters, answers, refusals."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from targets_site.api.asked import Asked, Known

READING = (400, 401, 403, 404, 405, 406, 429)
WRITING = (*READING, 409, 413, 415, 422)
REFUSED = {
    400: _("The request or a parameter is wrong."),
    401: _("Nobody is signed in, or the token is not in force."),
    403: _("The person may not do this."),
    404: _("There is nothing, or nothing that the person may read."),
    405: _("The address does not take this method."),
    406: _("The API answers in JSON."),
    409: _("A newer version stands there, it is at another step, or the round is closed."),
    413: _("The body is too large."),
    415: _("The API takes JSON."),
    422: _("What was sent was understood, and is wrong or asked about."),
    429: _("Too many requests, or too many unknown tokens from the address. Try again later."),
}
ABOUT = _(
    "Figures travel as text with the decimals they were stated with, times with their offset. "
    "Parameters that are not known are refused. Lists come a page at a time: next is the address "
    "of the next one. A program reads with an access token (Authorization: Token …); what "
    "changes something needs a session."
)
# What is sent, by the names of the schemas; see `indicators.serializers.figures.OnlyKnownKeys`.
ONLY_KNOWN_KEYS = ("TypedFigure", "Step")
# `errors` by field, each a list of sentences or, for a list, by place; "" where no field is meant.
ERRORS = {"errors": {"type": "object", "additionalProperties": {}}}
VERSION_OR_NONE = {"nullable": True, "allOf": [{"$ref": "#/components/schemas/Version"}]}
# What a refusal says, by the status that has more to say than `errors`.
MORE: dict[int, tuple[str, dict[str, Any]]] = {
    409: ("Conflict", {"stored": VERSION_OR_NONE}),
    422: (
        "Question",
        {
            "questions": {"type": "array", "items": {"type": "string"}},
            "confirm": {"type": "string"},
        },
    ),
}


def parameters_of(form: type[Asked]) -> list[OpenApiParameter]:
    """One for each field of the form, so that what is described is what is checked."""
    return [_parameter(name, field) for name, field in form.base_fields.items()]


def page_serializer(name: str, rows: type[serializers.Serializer[Any]]) -> Any:
    return inline_serializer(
        f"{rows.__name__.removesuffix('Serializer')}Page",
        {
            "next": serializers.URLField(allow_null=True),
            "results": rows(many=True),
        },
    )


def _parameter(name: str, field: forms.Field) -> OpenApiParameter:
    return OpenApiParameter(
        name, _schema_of(field), description=field.help_text, required=field.required
    )


def _schema_of(field: forms.Field) -> dict[str, Any]:
    if isinstance(field, forms.IntegerField):
        return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}
    if isinstance(field, forms.ChoiceField) and not isinstance(field, Known):
        choices: Any = field.choices
        return {"type": "string", "enum": [code for code, _word in choices if code]}
    if isinstance(field, forms.RegexField):
        return {"type": "string", "pattern": field.regex.pattern.replace(r"\Z", "$")}
    if isinstance(field, forms.CharField) and field.max_length:
        return {"type": "string", "maxLength": field.max_length}
    return {"type": "string"}


def complete(result: dict[str, Any], generator: Any, **_given: Any) -> dict[str, Any]:
    """Say of every operation how it refuses. A hook of drf-spectacular."""
    result["info"]["description"] = str(ABOUT)
    schemas = result["components"]["schemas"]
    schemas["Refusal"] = _refusal_schema({})
    schemas.update({name: _refusal_schema(more) for name, more in MORE.values()})
    for name in ONLY_KNOWN_KEYS:
        schemas[name]["additionalProperties"] = False
    for method, operation in _operations(result):
        if method != "get":
            operation["security"] = [{"cookieAuth": []}]
        for status in READING if method == "get" else WRITING:
            operation["responses"].setdefault(str(status), _refusal(status))
    _without_marks(result)
    return result


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in result["paths"].values():
        yield from path.items()


def _refusal(status: int) -> dict[str, Any]:
    name, _more = MORE.get(status, ("Refusal", {}))
    schema = {"$ref": f"#/components/schemas/{name}"}
    content = {"application/json": {"schema": schema}}
    return {"description": str(REFUSED[status]), "content": content}


def _refusal_schema(more: dict[str, Any]) -> dict[str, Any]:
    properties = {**ERRORS, **more}
    return {
        "type": "object",
        "properties": properties,
        "required": ["errors"],
        "additionalProperties": False,
    }


def _without_marks(part: Any) -> None:
    """Take out what drf-spectacular leaves for its own hook on enumerations."""
    if isinstance(part, dict):
        part.pop("x-spec-enum-id", None)
        for each in part.values():
            _without_marks(each)
    elif isinstance(part, list):
        for each in part:
            _without_marks(each)
