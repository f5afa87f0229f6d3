"""What a backup asks of a database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Database:
    """dump: the state of the snapshot that the caller stands in, into a file. load: such a file,
    into the empty database of the connection, all or nothing. clear: takes out what was loaded.
    scratch: an empty database beside this one, for as long as the context lasts; its URL. All raise
    BackupError."""

    file: str
    dump: Callable[[Path], None]
    load: Callable[[Path], None]
    clear: Callable[[], None]
    scratch: Callable[[], AbstractContextManager[str]]
