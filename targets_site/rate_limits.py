"""How many requests one person may send: a bucket each, in the memory of each web process.

No shared store holds the buckets: it would cost each request a trip, and where it was away either
everybody would be stopped or nobody. With N processes one person gets at most N times as much.
"""

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from targets_site.client_address import client_address
from targets_site.failures import too_many

logger = logging.getLogger(__name__)

# Asked by machines, again and again.
FREE = frozenset(["/healthz", "/readyz"])
# What reads many rows or makes a file, by the names of addresses.
COSTLY = frozenset(
    [
        "reports:search", "reports:export", "reports:export_as", "reports:export_large",
        "reports:report_pdf", "reports:report_word", "reports:meeting_file",
        "indicators:template", "indicators:submission_form", "indicators:owed_sheet",
    ]
)  # fmt: skip
# A whole round that is pasted goes as one burst.
BURST_MINUTES = 2
# Of one table; whoever was longest away goes first, and his bucket would be full again by then.
MOST_BUCKETS = 10_000


@dataclass
class Bucket:
    left: float
    at: float
    was_empty: bool = False


@dataclass
class Buckets:
    """One for each who asks; full at first, refilled steadily."""

    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def seconds_to_wait(self, who: str, *, a_minute: int) -> int:
        """0 where the request is taken; else whole seconds until the next one is."""
        now, a_second, most = self.clock(), a_minute / 60, a_minute * BURST_MINUTES
        with self._lock:
            bucket = self._buckets.pop(who, None) or Bucket(left=most, at=now)
            self._buckets[who] = bucket
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
            bucket.left = min(most, bucket.left + (now - bucket.at) * a_second)
            bucket.at = now
            if bucket.left >= 1:
                bucket.left -= 1
                bucket.was_empty = False
                return 0
            if not bucket.was_empty:
                logger.warning("Too many requests: %s", who)
            bucket.was_empty = True
            return math.ceil((1 - bucket.left) / a_second)

    def __len__(self) -> int:
        return len(self._buckets)


class RateLimitMiddleware:
    """429 for who asks too often, and oftener for what is costly; nobody else waits for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.all, self.costly = Buckets(), Buckets()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path not in FREE:
            wait = self.all.seconds_to_wait(_who(request), a_minute=settings.REQUESTS_A_MINUTE)
            if wait:
                return too_many(request, seconds=wait)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        if request.resolver_match is None or request.resolver_match.view_name not in COSTLY:
            return None
        limit = settings.COSTLY_REQUESTS_A_MINUTE
        wait = self.costly.seconds_to_wait(_who(request), a_minute=limit)
        return too_many(request, seconds=wait) if wait else None


def _who(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"person {request.user.pk}"
    return f"address {client_address(request)}"
