"""Storing notices, and withdrawing them."""

import datetime
import hashlib
from collections.abc import Sequence

from django.db import transaction

from indicators.models import Notice
from targets_site.audit.actions import record


def give(notices: Sequence[Notice]) -> int:
    """Those that another run has not given meanwhile; one entry in the trail for all."""
    if not notices:
        return 0
    with transaction.atomic():
        Notice.objects.bulk_create(notices, batch_size=1000, ignore_conflicts=True)
        said = {"notices": len(notices), "sha256": _digest(notices)}
        record("give_notices", "notices", after=said)
    return len(notices)


def withdraw(ids: Sequence[int], *, moment: datetime.datetime) -> None:
    """Those that nobody has seen meanwhile."""
    if not ids:
        return
    with transaction.atomic():
        Notice.objects.unseen().filter(pk__in=ids).update(withdrawn_at=moment)
        record("withdraw_notices", "notices", after={"notices": len(ids)})


def give_again(ids: Sequence[int]) -> None:
    """What was withdrawn and is true once more."""
    if not ids:
        return
    with transaction.atomic():
        Notice.objects.filter(pk__in=ids).update(withdrawn_at=None)
        record("give_notices_again", "notices", after={"notices": len(ids)})


def _digest(notices: Sequence[Notice]) -> str:
    """SHA-256 over who was told what, in their order."""
    said = "\n".join(
        f"{each.person_id};{each.kind};{each.round_id or ''};{each.target_code};{each.as_of or ''}"
        for each in notices
    )
    return hashlib.sha256(said.encode()).hexdigest()
