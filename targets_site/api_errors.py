"""How the API says that something went wrong: `errors`, by field; `""` where no field is meant."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from rest_framework.exceptions import (
    APIException,
    ErrorDetail,
    NotAuthenticated,
    ParseError,
    ValidationError,
)
from rest_framework.response import Response
from rest_framework.views import exception_handler

from targets_site.accounts.session_words import why_ended
from targets_site.accounts.sessions import session_of

INPUT_WRONG = 422


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's own answer under one key; input that was understood and is wrong is 422."""
    error = _as_ours(error)
    if isinstance(error, NotAuthenticated):
        # Where a browser asked whose session has ended.
        said = why_ended(session_of(context["request"]).ended)
        error.detail = ErrorDetail(said, error.default_code) if said else error.detail
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        response.status_code = INPUT_WRONG
        response.data = {"errors": response.data}
    else:
        response.data = {"errors": {"": [response.data["detail"]]}}
    return response


class TooLarge(APIException):
    status_code = 413


def _as_ours(error: Exception) -> Exception:
    """What Django finds wrong with a body, where it looks into it for the token of a form."""
    if isinstance(error, RequestDataTooBig):
        return TooLarge(_("The body is too large."))
    if isinstance(error, SuspiciousOperation | MultiPartParserError | UnreadablePostError):
        return ParseError(_("The request is not well-formed."))
    return error
