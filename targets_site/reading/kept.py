"""Reading pages are built once and kept while nothing that they show has changed."""

import functools
import hashlib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language

from targets_site.cached import keep, kept
from targets_site.freshness import data_stamp
from targets_site.reading.answers import answer
from targets_site.reading.shared import Building, SharedRequest, building

View = Callable[..., HttpResponseBase]
OfReader = Callable[[HttpRequest], Mapping[str, str]]

# What changes without an entry in the trail is on the page after so long.
KEPT_SECONDS = 60
# Compressed; together with the number of entries (CACHES) this bounds the memory.
LARGEST = 100_000
ALIAS = "pages"


@dataclass(frozen=True)
class _Page:
    """What to build, for whom it is the same: the view with its arguments, and the request without
    the person."""

    view: View
    request: SharedRequest
    arguments: Mapping[str, Any]
    of_reader: Mapping[str, str]

    def key(self) -> str:
        what = (
            data_stamp(),
            timezone.localdate(),
            get_language(),
            self.request.user.is_authenticated,
            self.request.get_full_path(),
            sorted(self.of_reader.items()),
        )
        return hashlib.sha256(repr(what).encode()).hexdigest()

    def build(self) -> tuple[HttpResponseBase, bool]:
        """What the view answers, and whether it may be kept."""
        this = Building()
        token = building.set(this)
        try:
            response = self.view(self.request, **self.arguments, **self.of_reader)
            return response, this.is_kept and this.understood.issuperset(self.request.GET)
        finally:
            building.reset(token)

    @property
    def has_form(self) -> bool:
        """Whether the page that was built asked for a token, which only the person can have."""
        return "CSRF_COOKIE" in self.request.META


def kept_page(*forms: type[Form], of_reader: OfReader | None = None) -> Callable[[View], View]:
    """Keep what a reading view answers, for all who see the same.

    forms: which read the query string; parameters that are no field of one do not reach the view.
    of_reader: what of the person the page depends on, as texts; the view gets them as further
    arguments. The view gets nothing else of him: `request` has no session, and its `user` only
    tells whether somebody is signed in. Header and messages are put around it for each request.

    The answer is kept for KEPT_SECONDS at most, under a key with the data stamp, the day and the
    language. Not kept: what is no page (a redirect, an error), what a form found wrong, and a page
    with a form to send, which is built anew for each person.
    """
    known = sorted({name for form in forms for name in form.base_fields})

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def asked(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            if request.method not in {"GET", "HEAD"}:
                return view(request, **arguments)
            shared = SharedRequest(request, _known(request.GET, known))
            given = of_reader(request) if of_reader else {}
            return _answered(request, _Page(view, shared, arguments, given))

        asked.kept_for = known  # type: ignore[attr-defined]
        return asked

    return decorate


def _known(given: QueryDict, names: list[str]) -> QueryDict:
    """Only known parameters, each once and in one order; an empty one is as good as none."""
    return QueryDict(urlencode({name: str(given[name]) for name in names if given.get(name)}))


def _answered(request: HttpRequest, page: _Page) -> HttpResponseBase:
    key = page.key()
    stored = kept(key, alias=ALIAS)
    if stored is not None:
        return answer(request, HttpResponse(zlib.decompress(stored)))
    response, is_kept = page.build()
    if page.has_form:
        return page.view(request, **page.arguments, **page.of_reader)
    if not _is_page(response):
        return response
    if is_kept and response.status_code == 200:
        _keep(key, response.content)
    return answer(request, response)


def _keep(key: str, content: bytes) -> None:
    compressed = zlib.compress(content, 1)
    if len(compressed) <= LARGEST:
        keep(key, compressed, seconds=KEPT_SECONDS, alias=ALIAS)


def _is_page(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    return (
        isinstance(response, HttpResponse)
        and response.headers["Content-Type"].startswith("text/html")
        and "Location" not in response.headers
        and not response.cookies
    )
