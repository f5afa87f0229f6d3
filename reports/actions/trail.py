"""Noting who looked for what in the trail."""

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from targets_site.accounts.models import User
from targets_site.accounts.rights import role_for_trail
from targets_site.audit.actions import record
from targets_site.audit.models import Entry

ABOUT = "trail:search"
# Turning the pages of a search, or reading it again, is no search of its own for so long.
ONE_SEARCH = datetime.timedelta(hours=1)


@transaction.atomic
def note_search(criteria: Mapping[str, str], *, by: User) -> None:
    """Once an hour for what the same person looks for; without criteria he read the newest."""
    if not _is_noted(criteria, by):
        role = role_for_trail(by)
        record("search_trail", ABOUT, by=by.username, role=role, after=dict(criteria))


@transaction.atomic
def note_reading(seq: int, *, by: User) -> None:
    """That somebody read one entry whole, with what the list hides."""
    note_search({"seq": str(seq)}, by=by)


def _is_noted(criteria: Mapping[str, str], by: User) -> bool:
    since = timezone.now() - ONE_SEARCH
    lately = Entry.objects.filter(object=ABOUT, actor=by.username, at__gte=since)
    return dict(criteria) in lately.order_by("-seq").values_list("after", flat=True)
