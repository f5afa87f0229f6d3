"""What came of computing."""

import hashlib
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Stored:
    """How many verdicts changed, and SHA-256 over all that were computed, changed or not."""

    changed: int
    digest: str

    def __add__(self, other: Self) -> Self:
        both = hashlib.sha256(f"{self.digest}{other.digest}".encode())
        return type(self)(self.changed + other.changed, both.hexdigest())
