"""What the writers of the formats hand on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """Some bytes of a file, and how many rows they end."""

    content: bytes
    rows: int = 0
