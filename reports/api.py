"""The trail for programs of those who audit."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from reports.actions.trail import note_search
from reports.forms.api import TrailAsked
from reports.serializers import EntrySerializer
from targets_site.accounts.rights import reads_trail
from targets_site.accounts.views.shared import person
from targets_site.api.lists import read_list
from targets_site.api.permissions import record_refusal
from targets_site.audit.models import Entry

PAGES = frozenset({"cursor", "page_size"})


class AuditsToday(IsAuthenticated):
    """Auditors and audit administrators; whoever else tries stands in the trail himself."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if reads_trail(person(request._request)):
            return True
        record_refusal(request)
        return False


def _entries(request: Request) -> QuerySet[Entry]:
    """Writes the search itself into the trail, as its page does; pages of one list are one."""
    by = person(request._request)
    sent = request.query_params.items()
    criteria = {name: str(value) for name, value in sent if value and name not in PAGES}
    note_search({**criteria, "door": "api"}, by=by)
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
