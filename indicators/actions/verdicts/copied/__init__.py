"""Out of PostgreSQL as columns of integers, and back: any number of targets, in one way.

binary.py    COPY's binary format as numpy columns, both ways
reading.py   targets with their readings, and the figures of their series
verdicts.py  verdicts as columns
storing.py   what changed, by a few statements
"""

from collections.abc import Iterator, Sequence

from django.utils import timezone

from indicators.actions.verdicts import rows
from indicators.actions.verdicts.copied.reading import Seen, read_figures, read_targets
from indicators.actions.verdicts.copied.storing import Staging
from indicators.actions.verdicts.copied.verdicts import judge
from indicators.actions.verdicts.stored import Stored

# Verdicts that are computed at once, so that memory is bounded however many there are.
AT_A_TIME = 60_000


def recompute(
    documents: Sequence[int], targets: Sequence[int] | None, *, as_of: int | None
) -> Stored:
    """Compute the targets in force of documents, or those named of them with their milestones, as
    of every year of theirs or of one, and store what changed. In the transaction of the caller,
    who holds the documents."""
    seen = read_targets(documents, targets)
    figures = read_figures(seen, up_to=seen.years.stop if as_of is None else as_of)
    staging = Staging(timezone.now())
    finer: set[int] = set()
    for years in _years_at_a_time(seen, as_of):
        verdicts = judge(seen.as_of(years), figures, staging.lists)
        staging.add(verdicts)
        finer.update(verdicts.finer.tolist())
    stored = Stored(staging.store(), staging.sha256.hexdigest())
    if finer:
        stored += rows.recompute(documents, sorted(finer), as_of=as_of)
    return stored


def _years_at_a_time(seen: Seen, as_of: int | None) -> Iterator[range]:
    if as_of is not None:
        yield range(as_of, as_of + 1)
        return
    step = max(1, AT_A_TIME // max(1, len(seen)))
    for start in range(0, len(seen.years), step):
        yield seen.years[start : start + step]
