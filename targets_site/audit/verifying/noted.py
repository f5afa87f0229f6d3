"""Comparing the chain with the heads that were noted outside the database."""

from collections.abc import Sequence
from pathlib import Path

from targets_site.audit.chain import Head
from targets_site.audit.heads import Noted, noted
from targets_site.audit.verifying.rows import Row
from targets_site.checks import Finding


class NotedHeads:
    """Read before the chain is: every line was written after its link was there.

    findings: lines that are none, a head that the chain disagrees with (the first of them, with
    how many more), a chain that ends before the last noted one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.findings: list[Finding] = []
        self._lines = sorted(self._read(folder), key=_position)
        self._next = 0
        self._agreed: Noted | None = None
        self._differing: list[tuple[Noted, Row]] = []

    @property
    def is_missing(self) -> bool:
        return not self._lines and not self.findings

    @property
    def last(self) -> Head | None:
        return self._lines[-1].head if self._lines else None

    def step(self, row: Row) -> None:
        """The next link as it is stored."""
        while (line := self._line()) is not None and _position(line) <= row.position:
            self._next += 1
            if line.head == Head(row.position, row.seq, row.hash):
                self._agreed = line
            elif _position(line) == row.position:
                self._differing.append((line, row))

    def end(self, last: Row) -> None:
        """last: link of the chain, or its start where there is none."""
        if self._differing:
            self.findings.append(self._rewritten())
        beyond = self._lines[self._next :]
        if beyond:
            self.findings.append(_cut(beyond, last))

    def _read(self, folder: Path | None) -> Sequence[Noted]:
        try:
            lines = list(noted(folder))
        except OSError as error:
            self.findings.append(_unreadable(str(error)))
            return []
        for each in lines:
            if each.head is None:
                self.findings.append(_unreadable(f"{each.file}:{each.line}"))
        return [each for each in lines if each.head is not None]

    def _line(self) -> Noted | None:
        return self._lines[self._next] if self._next < len(self._lines) else None

    def _rewritten(self) -> Finding:
        line, row = self._differing[0]
        agreed = _position(self._agreed) if self._agreed and self._is_before(row) else 0
        facts = {
            **row.facts,
            "agreed": agreed,
            "noted_seq": line.head.seq if line.head else 0,
            "at": line.at,
            "file": f"{line.file}:{line.line}",
            "more": len(self._differing) - 1,
        }
        return Finding("rewritten", f"{row.position}:{row.seq}", facts)

    def _is_before(self, row: Row) -> bool:
        return self._agreed is not None and _position(self._agreed) < row.position


def _position(line: Noted) -> int:
    return line.head.position if line.head else 0


def _cut(beyond: Sequence[Noted], last: Row) -> Finding:
    """The end of the chain that was noted last, and where the chain ends now."""
    line = beyond[-1]
    head = line.head or Head(0, 0, "")
    facts = {
        **last.facts,
        "noted_position": head.position,
        "noted_seq": head.seq,
        "cut": head.position - last.position,
        "at": line.at,
        "file": f"{line.file}:{line.line}",
    }
    return Finding("cut", f"{head.position}:{head.seq}", facts)


def _unreadable(where: str) -> Finding:
    return Finding("heads_unreadable", where, {"where": where})
