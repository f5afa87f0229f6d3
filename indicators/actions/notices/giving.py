"""Giving notices: of rounds, and of verdicts that got worse."""

import datetime

from django.utils import timezone

from indicators.actions.notices.rounds import tell_of_rounds
from indicators.actions.notices.verdicts import tell_of_verdicts


def give_notices(moment: datetime.datetime | None = None) -> int:
    """Store what people are to be told now and withdraw what is true no longer and nobody has
    seen; returns how many were given.

    Each is given once, however often this runs, also beside another run: the rows are unique. It
    keeps no mark of how far it came, but looks back a week beyond the settling time, so that it
    may have been away for a week without losing anything.
    """
    now = moment or timezone.now()
    return tell_of_rounds(now) + tell_of_verdicts(now)
