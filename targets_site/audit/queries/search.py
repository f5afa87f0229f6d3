"""Looking for entries, the newest first; a trail of millions is neither counted nor skipped
through."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet

from targets_site.audit.models import Entry

ENTRIES_A_PAGE = 50
# What is counted beyond this is said to be more.
COUNTED_UP_TO = 1000


@dataclass(frozen=True)
class Search:
    """What is looked for; what is empty narrows nothing.

    actors: user names, None for anybody. about: the whole object. abouts: how the object begins
    (`observation:460000.`), in one way of several.
    since, until: the moments from which and before which. text: part of the reason.
    """

    actors: Collection[str] | None = None
    about: str = ""
    abouts: Sequence[str] = ()
    action: str = ""
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    text: str = ""


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: below `before`, or above `after`; neither: with the newest."""

    before: int | None = None
    after: int | None = None


@dataclass(frozen=True)
class Cut:
    """A page, the newest first. older, newer: where the pages beside it begin, None at an end."""

    entries: list[Entry] = field(default_factory=list)
    older: Cursor | None = None
    newer: Cursor | None = None


def found(search: Search) -> "QuerySet[Entry]":
    lookups = {
        "actor__in": search.actors,
        "object": search.about or None,
        "action": search.action or None,
        "at__gte": search.since,
        "at__lt": search.until,
        "reason__icontains": search.text or None,
    }
    entries = Entry.objects.filter(**{name: at for name, at in lookups.items() if at is not None})
    begins = (_begins(about) for about in search.abouts)
    return entries.filter(reduce(or_, begins, Q()))


def _begins(about: str) -> Q:
    """Of a kind alone (`notices:`) also what has no key."""
    begins = Q(object__startswith=about)
    return begins | Q(object=about[:-1]) if about.endswith(":") else begins


def cut(entries: "QuerySet[Entry]", cursor: Cursor) -> Cut:
    """One query, with the link of each entry; two where nothing is newer than the cursor."""
    entries = entries.select_related("link")
    if cursor.after is None:
        return _older(entries, cursor)
    rows = list(entries.filter(seq__gt=cursor.after).order_by("seq")[: ENTRIES_A_PAGE + 1])
    if len(rows) <= ENTRIES_A_PAGE:
        return _older(entries, Cursor())
    shown = rows[:ENTRIES_A_PAGE][::-1]
    return Cut(shown, Cursor(before=shown[-1].seq), Cursor(after=shown[0].seq))


def _older(entries: "QuerySet[Entry]", cursor: Cursor) -> Cut:
    if cursor.before is not None:
        entries = entries.filter(seq__lt=cursor.before)
    rows = list(entries.order_by("-seq")[: ENTRIES_A_PAGE + 1])
    shown = rows[:ENTRIES_A_PAGE]
    return Cut(
        shown,
        older=Cursor(before=shown[-1].seq) if len(rows) > ENTRIES_A_PAGE else None,
        newer=None if cursor.before is None else Cursor(after=_above(shown, cursor.before)),
    )


def _above(shown: list[Entry], before: int) -> int:
    return shown[0].seq if shown else before - 1


def counted(entries: "QuerySet[Entry]") -> int:
    """How many, or one more than COUNTED_UP_TO where there are more. One query."""
    some = entries.order_by("-seq").values("seq")[: COUNTED_UP_TO + 1]
    return int(some.aggregate(number=Count("seq"))["number"])
