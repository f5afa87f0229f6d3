"""Where an entry stands in the chain."""

from dataclasses import dataclass

from targets_site.audit.models import Entry, Link
from targets_site.audit.queries.search import COUNTED_UP_TO


@dataclass(frozen=True)
class Beside:
    """The links before and after an entry's own, with their entries; None at an end."""

    before: Link | None = None
    after: Link | None = None


@dataclass(frozen=True)
class ChainState:
    """head: the last link, with its entry; None before the first. unchained: how many entries wait
    for the sealer, up to one more than COUNTED_UP_TO."""

    head: Link | None
    unchained: int
    counted = COUNTED_UP_TO

    @property
    def is_cut(self) -> bool:
        return self.unchained > self.counted


def beside(entry: Entry) -> Beside:
    """One query; none where the entry is not chained yet."""
    link: Link | None = getattr(entry, "link", None)
    if link is None:
        return Beside()
    near = [link.position - 1, link.position + 1]
    found = Link.objects.select_related("entry").in_bulk(near)
    return Beside(*(found.get(position) for position in near))


def chain_state() -> ChainState:
    """Two queries."""
    return ChainState(
        head=Link.objects.select_related("entry").order_by("-position").first(),
        unchained=unchained(),
    )


def unchained() -> int:
    """Among the newest entries, which hold all that waits while the sealer works; one query."""
    newest = Entry.objects.order_by("-seq").values("seq")[: COUNTED_UP_TO + 1]
    return Entry.objects.filter(seq__in=newest, link__isnull=True).count()
