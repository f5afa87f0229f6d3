"""Storing notices, and withdrawing them."""

import datetime
import hashlib
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Q

from indicators.models import Notice
from targets_site.accounts.models import User
from targets_site.audit.actions import record


def give(notices: Sequence[Notice]) -> int:
    """Those that another run has not given meanwhile; one entry in the trail for all. Returns how
    many that were. Runs wait for each other at the rows of the people whom they tell something."""
    if not notices:
        return 0
    with transaction.atomic():
        _lock({each.person_id for each in notices})
        given = _given(notices)
        fresh = [each for each in notices if _key(each) not in given]
        if fresh:
            Notice.objects.bulk_create(fresh, batch_size=1000)
            said = {"notices": len(fresh), "sha256": _digest(fresh)}
            record("give_notices", "notices", after=said)
    return len(fresh)


def withdraw(ids: Sequence[int], *, moment: datetime.datetime) -> None:
    """Those that nobody has seen meanwhile."""
    if not ids:
        return
    with transaction.atomic():
        withdrawn = Notice.objects.unseen().filter(pk__in=ids).update(withdrawn_at=moment)
        if withdrawn:
            record("withdraw_notices", "notices", after={"notices": withdrawn})


def give_again(ids: Sequence[int]) -> None:
    """What was withdrawn and is true once more."""
    if not ids:
        return
    with transaction.atomic():
        withdrawn = Notice.objects.filter(pk__in=ids, withdrawn_at__isnull=False)
        given = withdrawn.update(withdrawn_at=None)
        if given:
            record("give_notices_again", "notices", after={"notices": given})


def _lock(people: Collection[int]) -> None:
    """Without a claim to their keys, so that their own saves go on meanwhile."""
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _given(notices: Sequence[Notice]) -> set[tuple[object, ...]]:
    """Keys of what is stored already of the same rounds and targets."""
    rounds = {each.round_id for each in notices if each.round_id}
    codes = {each.target_code for each in notices if each.target_code}
    of_rounds = Q(round__in=rounds)
    of_verdicts = Q(verdict__isnull=False, target_code__in=codes)
    of_checks = Q(finding__in={each.finding for each in notices if each.finding})
    return {_key(each) for each in Notice.objects.filter(of_rounds | of_verdicts | of_checks)}


def _key(notice: Notice) -> tuple[object, ...]:
    """What is unique in the database, of a round, a check or a verdict."""
    if notice.round_id:
        return notice.person_id, notice.round_id, notice.kind
    if notice.finding:
        return notice.person_id, notice.check_name, notice.finding
    return notice.person_id, notice.target_code, notice.as_of, notice.worse_since


def _digest(notices: Sequence[Notice]) -> str:
    """SHA-256 over who was told what, in their order."""
    said = "\n".join(
        f"{each.person_id};{each.kind};{each.round_id or ''};{each.target_code};{each.as_of or ''}"
        f"{each.check_name}{each.finding}"
        for each in notices
    )
    return hashlib.sha256(said.encode()).hexdigest()
