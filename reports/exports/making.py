"""From what was asked for to the file as it is written."""

from reports.exports import Export
from reports.exports.asked import BUNDLE, Asked
from reports.exports.bundle.stream import Bundle
from targets_site.accounts.models import User
from targets_site.audit.context import Actor

Running = Export | Bundle


def export_of(asked: Asked, *, actor: Actor, reader: User | None) -> Running:
    """To be iterated once, for its bytes; `rows`, `sha256` and `head` are final afterwards.

    Whether the person may export it is checked by who calls.
    """
    if asked.table == BUNDLE:
        return Bundle(asked, actor=actor, reader=reader)
    return Export(
        asked.selection(asked.table),
        format=asked.format,
        bom=asked.bom,
        actor=actor,
        reader=reader,
    )
