"""A request that lost against another one, where both wanted the same rows, is answered anew."""

import random
import time
from typing import Any

from django.db import connection
from django.http import HttpRequest, JsonResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from targets_site.database_errors import lost_a_race
from targets_site.strict_json import LARGEST_BODY_BYTES

ATTEMPTS = 3
# Two that met once shall not meet again at the same moment.
LONGEST_WAIT_SECONDS = 0.2


class LostRaceMiddleware(MiddlewareMixin):
    """Runs the view up to three times where the database ended its transaction in favour of
    another one: a deadlock, or a change of what it had read. Then 503 (`failures.server_error`).

    The database rolled all of the transaction back, so nothing of it happened, and nothing was
    sent yet. A lock that was waited for in vain and a statement that took too long are not tried
    again: each would cost its whole time again.
    """

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        """Keep the body of a program's request, which else can be read once; forms are kept."""
        if request.content_type != "application/json" or not _is_small(request):
            return None
        try:
            _kept = request.body
        except UnreadablePostError:
            said = _("The request is not well-formed.")
            return JsonResponse({"errors": {"": [said]}}, status=400)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        for _attempt in range(1, ATTEMPTS):
            if not lost_a_race(error) or connection.in_atomic_block:
                return None
            time.sleep(random.uniform(0, LONGEST_WAIT_SECONDS))
            try:
                return _answered_anew(request)
            except Exception as again:
                # Whatever it is by now, it is answered as if it had been so at first.
                error = again
        raise error


def _is_small(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) <= LARGEST_BODY_BYTES


def _answered_anew(request: HttpRequest) -> HttpResponseBase:
    assert request.resolver_match is not None, "a view was running"
    for files in request.FILES.lists():
        for file in files[1]:
            file.seek(0)
    view, arguments, named = request.resolver_match
    answer: HttpResponseBase = view(request, *arguments, **named)
    return answer
