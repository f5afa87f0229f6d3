"""The trail for programs of those who audit."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from reports.forms.api import TrailAsked
from reports.serializers import EntrySerializer
from targets_site.accounts.rights import reads_trail
from targets_site.accounts.views.shared import person
from targets_site.api.lists import read_list
from targets_site.api.permissions import record_refusal
from targets_site.audit.models import Entry


class AuditsToday(IsAuthenticated):
    """Auditors and audit administrators; whoever else tries stands in the trail himself."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if reads_trail(person(request._request)):
            return True
        record_refusal(request)
        return False


def _entries(_request: Request) -> QuerySet[Entry]:
    return Entry.objects.select_related("link")


trail = read_list(
    "trail",
    about=_("The trail, in the order of its entries, for those who audit"),
    rows=_entries,
    order={"seq": int},
    asked=TrailAsked,
    shown=EntrySerializer,
    who=AuditsToday,
)
