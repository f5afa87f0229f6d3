"""Files that are whole or not there."""

import os
from collections.abc import Iterable
from pathlib import Path


def write_whole(path: Path, blocks: Iterable[bytes]) -> None:
    """Write beside the file first, then rename: nobody ever finds half of it.

    Raises OSError, and whatever `blocks` raises; what stood at `path` then stands there still.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            file.writelines(blocks)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
