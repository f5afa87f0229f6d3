"""Who reads the API, and that a token only reads."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request

from targets_site.audit.actions import record_denial


class OpenReading(IsAuthenticated):
    """Every signed-in person, and everybody where OPEN_READING opens the reading pages."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return settings.OPEN_READING or super().has_permission(request, view)


class OnlyReadByToken(BasePermission):
    """What changes something needs a session: a token that was found or stolen alters nothing.
    The attempt stands in the trail."""

    message = _("A token only reads. Sign in to change something.")

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.auth is None or request.method in SAFE_METHODS:
            return True
        record_refusal(request, why="token")
        return False


def record_refusal(request: Request, *, why: str = "") -> None:
    """What was refused, by its address."""
    by = request.user.get_username()
    record_denial(f"page:{request.path}", by=by, why=why or request.method or "")
