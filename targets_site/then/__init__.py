"""As it stood on that day: every read inside finds the rows as they were."""

from targets_site.then.clock import moment_shown, now_shown, today_shown
from targets_site.then.standing import AlreadyElsewhere, as_it_stood

__all__ = ["AlreadyElsewhere", "as_it_stood", "moment_shown", "now_shown", "today_shown"]
