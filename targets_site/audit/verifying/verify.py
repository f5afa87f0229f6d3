"""The whole check."""

import time
from collections.abc import Callable
from pathlib import Path

from targets_site.audit.heads import noted
from targets_site.audit.models import Entry, Link
from targets_site.audit.verifying.mismatched import told_apart
from targets_site.audit.verifying.noted import NotedHeads
from targets_site.audit.verifying.rows import START, Row, rows
from targets_site.audit.verifying.walk import Walk
from targets_site.checks import Finding
from targets_site.snapshot import snapshot

# So long the sealer has for what was written a moment ago; it needs half a second.
PATIENCE_SECONDS = 5.0
LOOKS_EVERY_SECONDS = 0.5
# Of entries that are not chained so many are named; one more says how many there are.
MOST_NAMED = 100


def verify(
    *,
    patience_seconds: float = PATIENCE_SECONDS,
    heads: Path | None = None,
    seen: Callable[[int], None] | None = None,
) -> list[Finding]:
    """Everything that is wrong with the trail, in the order of the chain; empty where nothing is.

    heads: a folder with a copy of the files, instead of the configured one. seen: told the position
    now and then. Reads one state of the database, and keeps nobody waiting. Raises what the
    database raises.
    """
    files = NotedHeads(heads)
    walk = Walk()
    walked = 0
    with snapshot():
        for row in rows():
            files.step(walk.step(row))
            walked += 1
            if seen is not None and row.position % 10_000 == 0:
                seen(row.position)
        hidden = Link.objects.count() - walked
    files.end(walk.last)
    found = [*walk.findings, *told_apart(walk.mismatched)]
    found.sort(key=lambda finding: finding.facts["position"])
    if hidden:
        found.append(Finding("hidden", "", {"more": hidden}))
    if walk.last is not START and files.is_missing:
        files.findings.append(Finding("heads_missing", ""))
    # Only where the files agree so far, and are ours, must the end be among them.
    end = walk.last if heads is None and not files.findings else START
    return [*found, *files.findings, *_not_yet_done(end, patience_seconds=patience_seconds)]


def _not_yet_done(end: Row, *, patience_seconds: float) -> list[Finding]:
    """What the sealer has not done; looked at again until it has. end: of the chain, to be noted;
    its start where nothing is."""
    until = time.monotonic() + patience_seconds
    while late := [*_behind(end), *_unchained()]:
        if time.monotonic() >= until:
            break
        time.sleep(LOOKS_EVERY_SECONDS)
    return late


def _behind(end: Row) -> list[Finding]:
    if end is START or any(each.head and each.head.position >= end.position for each in noted()):
        return []
    return [Finding("heads_behind", "", end.facts)]


def _unchained() -> list[Finding]:
    entries = Entry.objects.filter(link__isnull=True).order_by("seq")
    number = entries.count()
    last = Link.objects.order_by("-entry").values_list("entry", flat=True).first() or 0
    # No more than what names them: what else an entry says may be beyond reading.
    named = entries.only("seq", "action", "object")[:MOST_NAMED]
    found = [_one_unchained(each, is_between=each.seq < last) for each in named]
    if number > len(found):
        more = {"more": number - len(found)}
        found.append(Finding("unchained_more", "", more))
    return found


def _one_unchained(entry: Entry, *, is_between: bool) -> Finding:
    """is_between: whether entries with higher numbers were chained."""
    facts = {"seq": entry.seq, "action": entry.action, "object": entry.object}
    return Finding("unchained_between" if is_between else "unchained", str(entry.seq), facts)
