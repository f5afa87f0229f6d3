"""A ZIP as a stream: no more of it in memory than a block, the same bytes for the same files."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# The files say themselves of which moment they are; a clock in here would change every bundle.
EPOCH = (1980, 1, 1, 0, 0, 0)
READABLE_BY_ALL = 0o644 << 16


@dataclass(frozen=True)
class Member:
    """One file of the archive; its blocks are asked for once, when its turn comes."""

    name: str
    blocks: Iterable[bytes]


class _Sink(io.RawIOBase):
    """What ZipFile writes to: a pipe that cannot be sought in, emptied after each block."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, block: object) -> int:
        self.waiting.append(bytes(block))  # type: ignore[call-overload]
        return len(self.waiting[-1])

    def taken(self) -> bytes:
        taken, self.waiting = b"".join(self.waiting), []
        return taken


def zipped(members: Iterable[Member]) -> Iterator[bytes]:
    """The archive, a block at a time. Members may be an iterator that makes the later ones from
    what the earlier ones were. Raises whatever their blocks raise; the archive has no end then."""
    sink = _Sink()
    archive = zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED)
    try:
        for member in members:
            yield from _written(member, archive, sink)
    except BaseException:
        # Or it would be ended after all once it is forgotten.
        archive.fp = None
        raise
    archive.close()
    yield sink.taken()


def _written(member: Member, archive: zipfile.ZipFile, sink: _Sink) -> Iterator[bytes]:
    info = zipfile.ZipInfo(member.name, EPOCH)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, READABLE_BY_ALL
    info.create_system = 3  # as on every machine
    with archive.open(info, "w", force_zip64=True) as file:
        for block in member.blocks:
            file.write(block)
            if sink.waiting:
                yield sink.taken()
