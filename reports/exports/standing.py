"""The one state of the database that an export reads."""

from contextlib import AbstractContextManager
from datetime import datetime

from targets_site.snapshot import snapshot
from targets_site.then import as_it_stood


def standing(at: datetime | None) -> AbstractContextManager[None]:
    """As it stood at the moment; of now where there is none. Nothing can be written inside."""
    return snapshot() if at is None else as_it_stood(at, is_long=True)
