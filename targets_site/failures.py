"""What is answered where something broke, or a page had grown too old to be sent."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views.defaults import server_error as broken

from targets_site.database_errors import right_was_missing

BUSY = "系统繁忙，未作任何保存，请稍后重试。/ The system is busy; nothing was stored. Try again."
EXPIRED = "页面已过期，未作任何保存，请刷新后重试。/ This page has expired; nothing was stored."
RETRY_SECONDS = "5"


def page_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token: the page is older than the cookie, or the cookie is gone.
    Nothing was stored.

    reason: Django's, for those who develop.
    """
    if request.path.startswith("/api/"):
        return JsonResponse({"errors": {"": [EXPIRED]}}, status=403)
    # Both languages, and a mark that the grid's script knows the page by.
    return HttpResponse(loader.get_template("403_csrf.html").render(), status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database did not answer, gave up waiting for a lock or ended the
    connection: the transaction was rolled back, and the same request may succeed a moment later.
    Also where the database's role may not write, the trail for instance: nothing was stored, and
    the same request succeeds once an administrator has mended it."""
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError) and not right_was_missing(error):
        return broken(request)
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = JsonResponse({"errors": {"": [BUSY]}}, status=503)
    else:
        # Without context: it reads the session, so the database.
        response = HttpResponse(loader.get_template("503.html").render(), status=503)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response
