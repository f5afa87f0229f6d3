"""What the database's owner can do to a trail: every protection of it switched off."""

from contextlib import contextmanager

from django.db import connection

from targets_site.audit.chain import cells_of, digest
from targets_site.audit.models import Entry, Link


@contextmanager
def as_owner():
    """Neither triggers nor foreign keys hold. In a test whose database is flushed afterwards."""
    off, on = {
        "postgresql": ("SET session_replication_role = replica", "RESET session_replication_role"),
        "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        triggers = _drop_sqlite_triggers(cursor)
        cursor.execute(off)
        try:
            yield cursor
        finally:
            cursor.execute(on)
            for each in triggers:
                cursor.execute(each)


def _drop_sqlite_triggers(cursor):
    """Returns the statements that make them again."""
    if connection.vendor != "sqlite":
        return []
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'"
    )
    found = cursor.fetchall()
    for name, _sql in found:
        cursor.execute(f"DROP TRIGGER {name}")
    return [sql for _name, sql in found]


def hash_anew(first_position):
    """All hashes from there on, so that the chain holds by itself."""
    before = Link.objects.filter(position__lt=first_position).order_by("-position").first()
    prev_hash = before.hash if before else "0" * 64
    for link in Link.objects.filter(position__gte=first_position).order_by("position"):
        own = digest(prev_hash, cells_of(link.entry))
        Link.objects.filter(pk=link.pk).update(prev_hash=prev_hash, hash=own)
        prev_hash = own


def move_links(first_position, by):
    """Positions of all links from there on; up begins at the end, down at the start."""
    order = "-position" if by > 0 else "position"
    for position in (
        Link.objects.filter(position__gte=first_position)
        .order_by(order)
        .values_list("position", flat=True)
    ):
        Link.objects.filter(position=position).update(position=position + by)


def exchange_contents(one, other):
    """All but the numbers of two entries."""
    names = [field.attname for field in Entry._meta.fields if field.name != "seq"]
    first, second = (Entry.objects.filter(pk=each.pk).values(*names).get() for each in (one, other))
    Entry.objects.filter(pk=one.pk).update(**second)
    Entry.objects.filter(pk=other.pk).update(**first)
