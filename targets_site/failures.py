"""What is answered where something broke."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views.defaults import server_error as broken

BUSY = "系统繁忙，未作任何保存，请稍后重试。/ The system is busy; nothing was stored. Try again."
RETRY_SECONDS = "5"


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database did not answer, gave up waiting for a lock or ended the
    connection: the transaction was rolled back, and the same request may succeed a moment later."""
    if not isinstance(sys.exc_info()[1], OperationalError):
        return broken(request)
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = JsonResponse({"errors": {"": [BUSY]}}, status=503)
    else:
        # Without context: it reads the session, so the database.
        response = HttpResponse(loader.get_template("503.html").render(), status=503)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response
