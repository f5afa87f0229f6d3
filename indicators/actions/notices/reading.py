"""Marking one's own notices as read."""

from django.db import transaction
from django.utils import timezone

from indicators.models import Notice
from targets_site.accounts.models import User
from targets_site.audit.actions import record


def mark_read(*, notice: Notice, by: User) -> int:
    """Returns how many were marked: 0 where it is read already."""
    return _mark(by=by, pk=notice.pk)


def mark_all_read(*, up_to: int, by: User) -> int:
    """up_to: the highest id that the person has seen; what came after it stays unread."""
    return _mark(by=by, pk__lte=up_to)


@transaction.atomic
def _mark(*, by: User, **which: int) -> int:
    marked = Notice.objects.of_person(by).unread().filter(**which).update(read_at=timezone.now())
    if marked:
        record("read_notices", f"user:{by.username}", by=by.username, after={"notices": marked})
    return marked
