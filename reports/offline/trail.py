"""The chain of the trail: each entry's digest holds the one before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reports.offline.said import Said, fault, not_checked, well

FIRST = "0" * 64
CELLS = (
    "seq", "at", "actor", "role", "action", "object", "before", "after", "reason", "ip",
)  # fmt: skip
TRAIL = "audit.csv"


def digest(prev_hash: str, row: Mapping[str, str]) -> str:
    """SHA-256 of the digest before, a line end, and the cells as a JSON list."""
    cells = json.dumps([row[each] for each in CELLS], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{prev_hash}\n{cells}".encode()).hexdigest()


def named(row: Mapping[str, str]) -> str:
    return f"seq {row['seq']} {row['at']} {row['action']} {row['object']}"


@dataclass
class Walk:
    """The chain as far as it was walked. is_whole: every entry must follow on the one before."""

    is_whole: bool
    last: str = FIRST
    last_seq: str = ""
    chained: int = 0
    unchained: int = 0
    faults: list[str] = field(default_factory=list)

    def take(self, row: Mapping[str, str]) -> None:
        if not row["hash"]:
            self.unchained += 1
            return
        if self.unchained:
            self.faults.append(f"{named(row)}: 在未入链的条目之后 after an entry without digest")
        if row["hash"] != digest(row["prev_hash"], row):
            self.faults.append(f"{named(row)}: 内容与哈希不符 not what its digest says")
        elif self.is_whole and row["prev_hash"] != self.last:
            self.faults.append(f"{named(row)}: 与上一条不相接 does not follow on the one before")
        self.last, self.last_seq = row["hash"], row["seq"]
        self.chained += 1

    def end(self, head: Mapping[str, Any] | None) -> None:
        """The manifest's head is what makes a tail that was cut visible."""
        if not self.is_whole:
            return
        expected = (head["position"], head["hash"]) if head else (0, FIRST)
        if (self.chained, self.last) != expected:
            self.faults.append(
                f"{self.chained} {self.last}: 与清单的链尾不符 not the head of the manifest, "
                f"{expected[0]} {expected[1]}"
            )


def check_trail(
    rows: Iterable[Mapping[str, str]] | None, *, head: Mapping[str, Any] | None, is_whole: bool
) -> Said:
    """rows: None where the bundle holds no trail. head: of the manifest."""
    if rows is None:
        return not_checked("数据包内无审计日志", "The bundle holds no trail")
    walk = Walk(is_whole)
    for row in rows:
        walk.take(row)
    walk.end(head)
    if walk.faults:
        return fault("审计日志链不完整", "The chain of the trail is broken", walk.faults)
    links = "首尾相接" if is_whole else "逐条相符（仅部分条目）"
    linked = "each follows on the one before" if is_whole else "each agrees (a part of the trail)"
    return well(
        f"审计日志：{walk.chained} 条{links}，{walk.unchained} 条尚未入链",
        f"Trail: {walk.chained} entries, {linked}; {walk.unchained} not chained yet",
    )
