"""Alive, and able to serve."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """503 while the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ready": False, "waiting_for": "database"}, status=503)
    return JsonResponse({"ready": True})
