"""Notices of rounds: opened, due soon, overdue."""

import datetime

from indicators.actions.notices.storing import give, give_again, withdraw
from indicators.models import Notice
from indicators.queries.round_notices import (
    RoundNotice,
    round_notices,
    rounds_to_tell_of,
    still_open,
)


def tell_of_rounds(moment: datetime.datetime) -> int:
    """Returns how many notices were given."""
    of_rounds = Notice.objects.unseen().filter(round__isnull=False)
    over = of_rounds.exclude(round__in=still_open(moment))
    withdraw(list(over.values_list("pk", flat=True)), moment=moment)
    return sum(_tell(ids, moment) for ids in rounds_to_tell_of(moment))


def _tell(ids: tuple[int, ...], moment: datetime.datetime) -> int:
    wanted = {_key(each): each for each in round_notices(ids, moment=moment)}
    stored = {_key(each): each for each in Notice.objects.filter(round__in=ids)}
    withdraw(
        [
            each.pk
            for key, each in stored.items()
            if key not in wanted and not (each.read_at or each.mailed_at or each.withdrawn_at)
        ],
        moment=moment,
    )
    give_again([each.pk for key, each in stored.items() if key in wanted and each.withdrawn_at])
    return give([_notice(each, moment) for key, each in wanted.items() if key not in stored])


def _notice(wanted: RoundNotice, moment: datetime.datetime) -> Notice:
    return Notice(
        person=wanted.person,
        kind=wanted.kind,
        round=wanted.round,
        due_at=wanted.due_at,
        made_at=moment,
    )


def _key(one: RoundNotice | Notice) -> tuple[int | None, int, str]:
    if isinstance(one, Notice):
        return one.round_id, one.person_id, one.kind
    return one.round.pk, one.person.pk, one.kind
