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
from targets_site.reading.back import keep_day_in, knows_day, unkept_page
from targets_site.reading.shared import Building, SharedRequest, building, understood
from targets_site.reading.then import NAME, Then, then_of

View = Callable[..., HttpResponseBase]
OfReader = Callable[[HttpRequest], Mapping[str, str]]

# What changes without an entry in the trail is on the page after so long.
KEPT_SECONDS = 60
# Of a page as it stood that is the reference: names, and who reports what.
THEN_SECONDS = 600
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
    then: Then | None

    def key(self) -> str:
        is_settled = self.then is not None and self.then.is_settled
        what = (
            None if is_settled else (data_stamp(), timezone.localdate()),
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
            response = self._answer()
            return response, this.is_kept and this.understood.issuperset(self.request.GET)
        finally:
            building.reset(token)

    def _answer(self) -> HttpResponseBase:
        if self.then is None:
            return self.view(self.request, **self.arguments, **self.of_reader)
        # Anybody could make up moments; there are not so many days.
        understood([NAME] if self.then.is_day else [])
        with self.then.standing():
            response = self.view(self.request, **self.arguments, **self.of_reader)
        keep_day_in(response, path=self.request.path, then=self.then)
        return response

    @property
    def seconds(self) -> int:
        """A day that is past does not change."""
        return THEN_SECONDS if self.then is not None and self.then.is_settled else KEPT_SECONDS

    def anew(self, request: HttpRequest) -> HttpResponseBase:
        """For the person alone."""
        view = self.view if self.then is None else unkept_page(self.view)
        return view(request, **self.arguments, **self.of_reader)

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

    It goes back: with `at` in the address the view is asked as it stood then (`reading.then`).

    The answer is kept for KEPT_SECONDS at most, under a key with the data stamp, the day and the
    language; as it stood on a day that is past for THEN_SECONDS, without the stamp. Not kept: what
    is no page (a redirect, an error), what a form found wrong, and a page with a form to send,
    which is built anew for each person.
    """
    known = sorted({name for form in forms for name in form.base_fields})

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def asked(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            if request.method not in {"GET", "HEAD"}:
                return view(request, **arguments)
            then = then_of(request)
            names = known if then is None else sorted([*known, NAME])
            shared = SharedRequest(request, _known(request.GET, names))
            given = of_reader(request) if of_reader else {}
            return _answered(request, _Page(view, shared, arguments, given, then))

        asked.kept_for = known  # type: ignore[attr-defined]
        return knows_day(asked)

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
        return page.anew(request)
    if not _is_page(response):
        return response
    if is_kept and response.status_code == 200:
        _keep(key, response.content, seconds=page.seconds)
    return answer(request, response)


def _keep(key: str, content: bytes, *, seconds: int) -> None:
    compressed = zlib.compress(content, 1)
    if len(compressed) <= LARGEST:
        keep(key, compressed, seconds=seconds, alias=ALIAS)


def _is_page(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    return (
        isinstance(response, HttpResponse)
        and response.headers["Content-Type"].startswith("text/html")
        and "Location" not in response.headers
        and not response.cookies
    )
