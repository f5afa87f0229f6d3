"""Alive, and able to serve."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

Facts = Callable[[], Mapping[str, Any]]
_facts: list[Facts] = []


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
        for facts in _facts:
            said.update(facts())
    except DatabaseError:
        return JsonResponse({"ready": False, "waiting_for": "database"}, status=503)
    return JsonResponse(said)
