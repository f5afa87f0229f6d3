"""The trail as it stood: what had been recorded, and how far it was chained."""

from targets_site.audit.models import Entry, Link
from targets_site.then.views import At, columns, made_by_then, register_view


def register_views() -> None:
    register_view(Entry, made_by_then(Entry, "at"))
    register_view(Link, _links)


def _links(at: At) -> str:
    """The links before the first of a later entry: the chain without a gap, which has its head.

    A link has no time. What was recorded by then and chained behind something later, since its
    transaction took so long, counts as not chained yet.
    """
    return f"""
    SELECT {columns(Link, "own")} FROM {at.real(Link)} own WHERE own.position < COALESCE((
        SELECT MIN(late.position) FROM {at.real(Link)} late
        JOIN {at.real(Entry)} entry ON entry.seq = late.entry_id
        WHERE entry.at > {at.moment} {_soon_after(at)}
    ), 9223372036854775807)"""


def _soon_after(at: At) -> str:
    """So that not all that came since is looked at: no transaction of ours is open for an hour.
    SQLite has one writer, so that little comes late, and times as texts."""
    if not at.is_postgresql:
        return ""
    first = f"SELECT MIN(at) FROM {at.real(Entry)} WHERE at > {at.moment}"
    return f"AND entry.at <= ({first}) + INTERVAL '1 hour'"
