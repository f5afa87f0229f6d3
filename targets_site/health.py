"""Alive, and able to serve."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

Facts = Callable[[], Mapping[str, Any]]
# Anybody may ask, as often as he likes; what was told is told again for so long.
KEPT_SECONDS = 5
_facts: list[Facts] = []


@dataclass
class _Kept:
    """What this process told last; until: by the clock that only goes on."""

    said: dict[str, Any] = field(default_factory=dict)
    until: float = 0.0


_kept = _Kept()


def register_facts(facts: Facts) -> None:
    """Have `/readyz` say more: what an app knows of the work that waits. Apps register when they
    are ready, since nothing here may import them. The same function counts once."""
    if facts not in _facts:
        _facts.append(facts)


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """503 while the database does not answer; what waits for workers is told and no reason to send
    nobody here."""
    said: dict[str, Any] = {"ready": True}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        said.update(_told())
    except DatabaseError:
        return JsonResponse({"ready": False, "waiting_for": "database"}, status=503)
    return JsonResponse(said)


def _told() -> dict[str, Any]:
    """Raises DatabaseError."""
    global _kept
    if time.monotonic() >= _kept.until:
        said = {name: each for facts in _facts for name, each in facts().items()}
        _kept = _Kept(said, time.monotonic() + KEPT_SECONDS)
    return _kept.said
