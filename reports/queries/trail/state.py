"""How the trail stands: how far it is chained, and when it was last checked."""

from dataclasses import dataclass

from targets_site.audit.models import Entry
from targets_site.audit.queries.links import ChainState, chain_state

# What the checks of each night leave in the trail: how much each of them found, by its name.
CHECKED, OF_THE_TRAIL = "checks", "trail"


@dataclass(frozen=True)
class TrailState:
    """verified: the entry that the last check left, None where there was none yet."""

    chain: ChainState
    verified: Entry | None

    @property
    def is_sound(self) -> bool:
        """Whether that check found nothing."""
        return bool(self.verified and not (self.verified.after or {}).get(OF_THE_TRAIL))


def trail_state() -> TrailState:
    """Three queries."""
    checks = Entry.objects.filter(object=CHECKED, action="run_checks")
    return TrailState(chain_state(), checks.order_by("-seq").first())
