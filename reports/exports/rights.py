"""Who may export which table; asked again when a job runs and when its file is fetched."""

from collections.abc import Iterable, Mapping

from reports.exports import TABLES
from reports.exports.asked import BUNDLE, Asked
from targets_site.accounts.access import NotAllowed, held_by
from targets_site.accounts.models import User
from targets_site.accounts.rights import reads_trail

# Whose rows depend on the posts of whoever asks.
OF_THE_PERSON = frozenset({"versions", BUNDLE})


def permitted(tables: Iterable[str], reader: User | None) -> list[str]:
    """Those that the person may export; the bundle is for everybody, with what he may read."""
    return [name for name in tables if name == BUNDLE or TABLES[name].is_for(reader)]


def check_may_export(asked: Asked, reader: User | None) -> None:
    """Raises NotAllowed."""
    if not permitted([asked.table], reader):
        raise NotAllowed(f"The table {asked.table} is not for everybody.")


Held = Mapping[str, list[int]]


def held_now(user: User) -> dict[str, list[int]]:
    """What decides which rows the person's files have: ids by kind of post; JSON types."""
    held = held_by(user)
    concerns = {
        "entered": held.entered,
        "signed": held.signed,
        "reviewed": held.reviewed,
        "audited": held.audited,
    }
    said = {name: sorted(ids) for name, ids in concerns.items()}
    return {**said, "trail": [1] if reads_trail(user) else []}


def still_held(before: Held, user: User) -> bool:
    """Whether the person holds all today that he held when a file was made for him."""
    now = held_now(user)
    return all(set(ids) <= set(now.get(name, ())) for name, ids in before.items())
