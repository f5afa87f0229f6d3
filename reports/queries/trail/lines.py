"""Entries as lines of a page: with names, words and the chain."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports.queries.trail.objects import address_of, kind_word, parts_of
from reports.queries.trail.values import FieldChange, changes_of
from targets_site.accounts.models import Role, User
from targets_site.audit.masking import masked
from targets_site.audit.models import Entry, Link
from targets_site.audit.words import action_word

# Fields of an entry that a row of the list has room for.
LISTED = 6


@dataclass(frozen=True)
class Line:
    """name: of the person, empty where the actor has no account. kind, key: of the object; address:
    its page, None without one. reason: with personal data hidden, as in `changes`. link: None
    while the entry is not chained yet."""

    entry: Entry
    name: str
    role: str
    action: str
    kind: str
    key: str
    address: str | None
    changes: Sequence[FieldChange]
    reason: str
    link: Link | None

    @property
    def changed(self) -> list[FieldChange]:
        """What the entry says anew, without what it leaves empty."""
        return [each for each in self.changes if each.is_changed and not each.is_empty]

    @property
    def first_changed(self) -> list[FieldChange]:
        """As much of it as a list shows; the entry has a page of its own."""
        return self.changed[:LISTED]

    @property
    def further(self) -> int:
        return max(len(self.changed) - LISTED, 0)


def lines_of(entries: Iterable[Entry], *, hide_personal: bool = True) -> list[Line]:
    """In the order given; select `link` before. One query."""
    entries = list(entries)
    names = _names(entries)
    return [_line(entry, names, hide_personal=hide_personal) for entry in entries]


def _names(entries: Iterable[Entry]) -> Mapping[str, str]:
    """By user name, of those that are a person's account."""
    actors = {entry.actor for entry in entries if entry.actor}
    found = User.objects.filter(username__in=actors).values_list("username", "full_name")
    return dict(found) if actors else {}


def _line(entry: Entry, names: Mapping[str, str], *, hide_personal: bool) -> Line:
    kind, key = parts_of(entry.object)
    return Line(
        entry=entry,
        name=names.get(entry.actor, ""),
        role=str(Role(entry.role).label) if entry.role in Role.values else entry.role,
        action=action_word(entry.action),
        kind=kind_word(kind),
        key=key,
        address=address_of(entry.object),
        changes=changes_of(entry.before, entry.after, hide_personal=hide_personal),
        reason=masked(entry.reason) if hide_personal else entry.reason,
        link=getattr(entry, "link", None),
    )
