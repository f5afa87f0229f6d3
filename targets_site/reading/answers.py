"""A kept page as it goes out: with the person's own parts, compressed, or as "not modified"."""

import hashlib
import re
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import get_conditional_response, patch_cache_control

from targets_site.reading.parts import filled, rendered

_TOKEN = re.compile(b'(name="csrfmiddlewaretoken" value=")[^"]*')
_gzip = GZipMiddleware(lambda _request: HttpResponse())


def answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """response: a whole page, with marks for the parts.

    Signed-in readers' browsers keep nothing (NothingKeptMiddleware), the others' ask each time
    whether what they have is still so.
    """
    parts = rendered(request)
    built, response.content = response.content, filled(response.content, parts)
    if response.status_code == 200 and not request.user.is_authenticated:
        patch_cache_control(response, private=True, no_cache=True)
        response.headers["ETag"] = etag = _etag(request, built, parts)
        unchanged = get_conditional_response(request, etag=etag, response=response)
        if unchanged is not response:
            return unchanged  # type: ignore[return-value]
    # A page holds no secret but the form's token, which is masked anew each time, and Django adds
    # random bytes: what is compressed tells nothing by its length.
    return _gzip.process_response(request, response)  # type: ignore[return-value]


def _etag(request: HttpRequest, built: bytes, parts: Mapping[str, bytes]) -> str:
    """Of all that the page shows. A token looks different each time; what counts is whether its
    secret, which the cookie holds, is still the same, or the forms of a kept page would fail."""
    get_token(request)
    digest = hashlib.sha256(str(request.META["CSRF_COOKIE"]).encode())
    digest.update(built)
    for part in parts.values():
        digest.update(_TOKEN.sub(rb"\1", part))
    return f'W/"{digest.hexdigest()}"'
