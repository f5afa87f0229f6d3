"""What a page that is kept for others too may depend on."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict


class AnyReader(AnonymousUser):
    """Whoever is signed in, and nobody in particular."""

    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]
        return True

    @property
    def is_anonymous(self) -> bool:  # type: ignore[override]
        return False


class SharedRequest(HttpRequest):
    """A request without the person: the address, the parameters that the page knows, the language,
    and whether somebody is signed in. It has no session, no cookie and no host, so that a page
    which asks for one fails at once and shows nothing of one person to another."""

    def __init__(self, request: HttpRequest, query: QueryDict) -> None:
        super().__init__()
        self.method = "GET"
        self.path, self.path_info = request.path, request.path_info
        self.META = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": request.META.get("SCRIPT_NAME", ""),
            "PATH_INFO": request.path_info,
            "QUERY_STRING": query.urlencode(),
        }
        self.GET = query  # type: ignore[assignment]
        self.resolver_match = request.resolver_match
        self.LANGUAGE_CODE = request.LANGUAGE_CODE
        self.user = AnyReader() if request.user.is_authenticated else AnonymousUser()


@dataclass
class Building:
    """A page that is built now; whether it may be kept turns out on the way.

    understood: the parameters that a form read and found written as the page itself writes them.
    """

    is_kept: bool = True
    understood: set[str] = field(default_factory=set)


building: ContextVar[Building | None] = ContextVar("building", default=None)


def understood(parameters: Iterable[str]) -> None:
    """A page with any other parameter is for its request only: it shows the same as without, and
    anybody could fill the cache with what he makes up."""
    current = building.get()
    if current is not None:
        current.understood.update(parameters)


def do_not_keep() -> None:
    """The page that is built now is for this request only."""
    current = building.get()
    if current is not None:
        current.is_kept = False


def page_of(paginator: "Paginator[Any]", number: int) -> "Page[Any]":
    """The page of this number; beyond the last one the last, which is kept under its own."""
    page = paginator.get_page(number)
    if page.number != number:
        do_not_keep()
    return page
