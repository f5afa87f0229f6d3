"""Whether the trail is what it was: every link computed anew, and compared with the noted heads."""

from targets_site.audit.verifying.verify import verify
from targets_site.audit.verifying.words import CHECK, say

__all__ = ["CHECK", "say", "verify"]
