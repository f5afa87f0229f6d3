"""Accounts that nobody uses are suspended, except those that a round needs."""

import datetime

from django.db import transaction

from indicators.queries.concerned import needed_for_rounds
from targets_site.accounts.actions.suspension import bring_back_needed, suspend_unused


@transaction.atomic
def look_after_unused_accounts(*, moment: datetime.datetime) -> tuple[int, int]:
    """Bring back whom a round needs that is open or opens soon, and suspend who has not been seen
    for long; returns how many. Running it twice does no harm."""
    needed = needed_for_rounds(moment=moment)
    back = bring_back_needed(users=needed, by="schedule", reason="round")
    return len(back), len(suspend_unused(moment=moment, spared=needed))
