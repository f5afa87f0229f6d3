"""Following the chain from link to link, and saying what breaks it.

Two things are asked of each link: whether its hash is that of its entry (`holds`), and whether it
names the hash of the link before (`follows`). Which of them fails, and what would mend it, tells an
edited entry from an inserted, a deleted or a moved one.
"""

import datetime
from collections import deque

from django.utils import timezone

from targets_site.audit.chain import Recorded
from targets_site.audit.verifying.rows import START, Row, row_after
from targets_site.checks import Finding

# Transactions of ours are shorter, and a clock that is set right jumps less.
BACKDATED = datetime.timedelta(hours=2)
# So many links back an inserted one is looked for.
LOOKS_BACK = 50
# For so many entries that do not hold; after them each is taken to be edited.
MOST_LOOKED_BACK = 1000
# Looking for a link by its hash reads all links, so it is not done for ever.
MOST_SEARCHES = 20


class Walk:
    """What was walked, what was found; `mismatched` are links whose entry is another than it was,
    to be told apart once all are known."""

    def __init__(self) -> None:
        self.last = START
        self.findings: list[Finding] = []
        self.mismatched: list[Row] = []
        self._recent: deque[Row] = deque([START], maxlen=LOOKS_BACK)
        self._exchanged: dict[int, Row] = {}
        self._searches = 0

    def step(self, row: Row) -> Row:
        """The next link as it is stored; returns the one that belongs there."""
        if row.position < 1:
            # The table allows none there, nor does the sealer make any.
            self._found("inserted", row)
            return row
        row = self._exchanged.pop(row.position, row)
        if row.position != self._next_position:
            self._missing(row)
        elif row.prev_hash != self.last.hash:
            row = self._broken(row)
        else:
            self._content(row)
        self._dated(row)
        self._recent.append(row)
        self.last = row
        return row

    @property
    def _next_position(self) -> int:
        return self._recent[-1].position + 1

    def _content(self, row: Row) -> None:
        if row.entry is None:
            self._found("unreadable" if row.is_unreadable else "deleted", row, after=self.last)
        elif not row.holds:
            self._not_holding(row)

    def _missing(self, row: Row) -> None:
        """Positions are given without gaps."""
        facts = {"first": self.last.position + 1, "last": row.position - 1}
        self._found("missing", row, after=self.last, **facts, seqs=_seqs(self.last, row))
        self._content(row)

    def _broken(self, row: Row) -> Row:
        """The link does not follow; returns the one that belongs here."""
        if row.entry is not None and not row.holds:
            self._not_holding(row)
        elif self._is_hash_of(row.prev_hash, self.last):
            self._found("link_changed", self.last)
            self.mismatched = [each for each in self.mismatched if each is not self.last]
        elif inserted := self._inserted(row.prev_hash):
            for each in inserted:
                self._found("inserted", each)
        elif belongs_here := self._moved(row):
            return belongs_here
        else:
            self._unknown_before(row)
        if row.entry is None:
            self._content(row)
        return row

    def _not_holding(self, row: Row) -> None:
        """Where its hash covers the one of an earlier link, those between were inserted, or only
        the link was changed; else the entry is another than it was."""
        before = self._covered_by(row)
        if before is None:
            self.mismatched.append(row)
            return
        for each in before:
            self._found("inserted", each)
        self._found("link_changed", row)

    def _covered_by(self, row: Row) -> list[Row] | None:
        """The links after the one whose hash this link's own covers; None where there is none."""
        if row.read is None or len(self.mismatched) >= MOST_LOOKED_BACK:
            return None
        recent, cells = list(self._recent), row.read.cells
        for number in range(len(recent) - 1, -1, -1):
            if row.would_hold(recent[number].hash, cells=cells):
                return recent[number + 1 :]
        return None

    def _is_hash_of(self, wanted: str, row: Row) -> bool:
        """Whether the link's hash was this one before somebody changed it."""
        if row.entry is None or row.hash == wanted:
            return False
        return Row(row.position, row.seq, row.prev_hash, wanted, row.read).holds

    def _inserted(self, prev_hash: str) -> list[Row]:
        """Those after the link that this one follows by its hash."""
        recent = list(self._recent)
        for number, each in enumerate(recent[:-1]):
            if each.hash == prev_hash:
                return recent[number + 1 :]
        return []

    def _moved(self, row: Row) -> Row | None:
        """The link that belongs here by its hash and stands further on; from here on the two are
        taken to have changed places."""
        if self._searches == MOST_SEARCHES:
            return None
        self._searches += 1
        belongs = row_after(self.last.hash)
        if belongs is None or belongs.position <= row.position:
            return None
        self._found("swapped", row, other=belongs)
        self._exchanged[belongs.position] = Row(
            belongs.position, row.seq, row.prev_hash, row.hash, row.read, row.is_unreadable
        )
        here = Row(
            row.position,
            belongs.seq,
            belongs.prev_hash,
            belongs.hash,
            belongs.read,
            belongs.is_unreadable,
        )
        self._content(here)
        return here

    def _unknown_before(self, row: Row) -> None:
        """What stood before was taken out, or changed with its hash computed anew."""
        if seqs := _seqs(self.last, row):
            self._found("cut_out", row, after=self.last, seqs=seqs)
        elif self.last is START:
            self._found("cut_out", row, after=self.last, seqs="")
        else:
            self._found("rehashed", self.last)

    def _dated(self, row: Row) -> None:
        before = self.last.entry
        if before and row.entry and row.entry.at < before.at - BACKDATED:
            self._found("backdated", row, at=_shown(row.entry), before=_shown(before))

    def _found(self, kind: str, row: Row, **more: object) -> None:
        facts = {name: _named(each) for name, each in more.items()}
        self.findings.append(Finding(kind, f"{row.position}:{row.seq}", {**row.facts, **facts}))


def _named(value: object) -> object:
    """Another link by what names it."""
    return value.facts if isinstance(value, Row) else value


def _seqs(before: Row, after: Row) -> str:
    """Numbers between those of two links that follow each other, as `7` or `7–9`; a number is
    also passed where what took it was rolled back."""
    first, last = before.seq + 1, after.seq - 1
    if first > last:
        return ""
    return str(first) if first == last else f"{first}–{last}"


def _shown(entry: Recorded) -> str:
    return timezone.localtime(entry.at).isoformat(" ", timespec="seconds")
