"""How the trail stands: how far it is chained, and when it was last checked."""

from dataclasses import dataclass

from targets_site.audit.models import Entry
from targets_site.audit.queries.links import ChainState, chain_state

# What the nightly check leaves in the trail.
VERIFIED = "verify_audit"


@dataclass(frozen=True)
class TrailState:
    """verified: the entry that the last check left, None where there was none yet."""

    chain: ChainState
    verified: Entry | None

    @property
    def is_sound(self) -> bool:
        """Whether that check found nothing."""
        return bool(self.verified and not (self.verified.after or {}).get("problems"))


def trail_state() -> TrailState:
    """Three queries."""
    checks = Entry.objects.filter(action=VERIFIED)
    return TrailState(chain_state(), checks.order_by("-seq").first())
