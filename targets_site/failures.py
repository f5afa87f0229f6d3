"""What is answered where something broke, where a page had grown too old to be sent, and to who
asks too often."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader

from targets_site.carried import carried
from targets_site.database_errors import commit_was_unanswered, right_was_missing
from targets_site.logs import current_request_id

BUSY = (
    "系统繁忙，未作任何保存，请稍后原样重新提交。"
    "/ The system is busy; nothing was stored. Send the same again a little later."
)
UNSURE = (
    "数据库没有响应，是否已保存尚不能确定，请稍后核对；未保存的重新提交即可，不会重复。"
    "/ The database does not answer; whether it was stored is not known. Look a little later, and"
    " send it again if it was not: nothing is stored twice."
)
EXPIRED = "页面已过期，未作任何保存，请刷新后重试。/ This page has expired; nothing was stored."
TOO_MANY = (
    "请求过于频繁，未作任何保存，请稍后重试。"
    "/ Too many requests; nothing was stored. Try again a little later."
)
RETRY_SECONDS = "5"
SAFE = ("GET", "HEAD", "OPTIONS")


def page_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token: the page is older than the cookie, or the cookie is gone.
    Nothing was stored; what was sent from a page of ours stands in the answer.

    reason: Django's, for those who develop.
    """
    if request.path.startswith("/api/"):
        return JsonResponse({"errors": {"": [EXPIRED]}}, status=403)
    # Both languages, and a mark that the grid's script knows the page by.
    return _page(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database did not answer, gave up waiting for a lock or ended the
    connection: the transaction was rolled back, and the same request may succeed a moment later.
    Also where the database's role may not write, the trail for instance: nothing was stored, and
    the same request succeeds once an administrator has mended it.

    Whoever only reads may come from a save that succeeded, and a commit that was not answered may
    have been done: both are asked to look."""
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError | InterfaceError) and not right_was_missing(error):
        return _broken()
    is_unsure = request.method in SAFE or commit_was_unanswered(error)
    response: HttpResponse
    if request.path.startswith("/api/"):
        said = UNSURE if is_unsure else BUSY
        response = JsonResponse({"errors": {"": [said]}}, status=503)
    else:
        template = "503_unsure.html" if is_unsure else "503.html"
        response = _page(request, template, status=503)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def too_many(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """429 for who asks too often. seconds: after which one may ask again."""
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = JsonResponse({"errors": {"": [TOO_MANY]}}, status=429)
    else:
        response = _page(request, "429.html", status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _page(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    """Without the usual context, which reads the session, so the database; kept nowhere, since it
    holds what one person typed."""
    context = {"carried": carried(request), "was_sent": request.method == "POST"}
    answer = HttpResponse(loader.get_template(template).render(context), status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _broken() -> HttpResponse:
    """Says by which number the log knows the request."""
    said = {"request_id": current_request_id()}
    return HttpResponse(loader.get_template("500.html").render(said), status=500)
