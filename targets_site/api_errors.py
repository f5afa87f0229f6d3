"""How the API says that something went wrong: `errors`, by field; `""` where no field is meant."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

INPUT_WRONG = 422


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's own answer under one key; input that was understood and is wrong is 422."""
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        response.status_code = INPUT_WRONG
        response.data = {"errors": response.data}
    else:
        response.data = {"errors": {"": [response.data["detail"]]}}
    return response
