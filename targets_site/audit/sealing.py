"""Chaining what the trail holds and no link covers yet.

An entry is seen once its transaction has committed, and its number was given before: entries with
higher numbers may have been chained long ago. So what is new is looked for among the newest
entries, linked or not, and now and then among all (a sweep), which finds what an uncommonly long
transaction left behind. SQLite has one writer: nothing comes late there.
"""

from django.db import connection, transaction

from targets_site.audit.chain import NOTHING_BEFORE, digest, head
from targets_site.audit.models import Entry, Link
from targets_site.audit.readable import read

# A look at so many numbers below the newest costs a few milliseconds; at ten saves a second
# they are those of five minutes, longer than any transaction of ours lasts.
LOOKS_AT = 3000
# Chained in one transaction: for so many SQLite keeps savers waiting a tenth of a second.
BATCH = 1000
# Of all locks in this database that go by a number; "trail" in letters of a telephone.
LOCK = 87245
MUST_BE_ONE = "SELECT pg_advisory_xact_lock(%s)"


def seal(*, sweep: bool = False) -> int:
    """Chain every entry that is visible now and has no link; returns how many that were.

    sweep: look at all entries instead of the newest. Safe to run beside another: one waits for the
    other. Each batch is a transaction of its own. Raises OperationalError where the database
    failed or the lock was not to be had; what was chained before stays.
    """
    found = _unchained(sweep=sweep)
    sealed = _chain(found) if found else 0
    newly = sealed
    while newly and len(found) == BATCH:
        # So many were waiting that some may lie below the newest.
        found = _unchained(sweep=True)
        newly = _chain(found) if found else 0
        sealed += newly
    return sealed


def _unchained(*, sweep: bool) -> list[int]:
    """Their numbers, lowest first, a batch at most."""
    entries = Entry.objects.order_by("seq")
    if not sweep:
        newest = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        entries = entries.filter(seq__gt=newest - LOOKS_AT)
    return list(entries.filter(link__isnull=True).values_list("seq", flat=True)[:BATCH])


@transaction.atomic
def _chain(numbers: list[int]) -> int:
    """Those that nobody has chained meanwhile, in the order of their numbers; the check names those
    that cannot be read."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(MUST_BE_ONE, [LOCK])
    last = head()
    position, prev_hash = (last.position, last.hash) if last else (0, NOTHING_BEFORE)
    links = []
    unchained = Entry.objects.filter(pk__in=numbers, link__isnull=True)
    for seq, (_entry, cells) in read(numbers, entries=unchained).items():
        position += 1
        link = Link(position=position, entry_id=seq, prev_hash=prev_hash)
        link.hash = prev_hash = digest(prev_hash, cells)
        links.append(link)
    Link.objects.bulk_create(links)
    return len(links)
