"""Writing the trail."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from targets_site.audit.context import current_actor
from targets_site.audit.models import Entry

LONGEST_OBJECT = 200


class OutsideTransaction(RuntimeError):
    """A trail entry was written outside the transaction of what it records."""


def record(
    action: str,
    about: str,
    *,
    by: str = "",
    role: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """Insert one entry; if it cannot be written, the surrounding action fails with it.

    about: `kind:natural key`, for example `observation:460000.forest-cover.all:2015`.
    by: user name; empty means whoever the request says acts.
    Raises OutsideTransaction when there is no transaction that both could belong to.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(f"{action} {about}")
    actor = current_actor()
    return Entry.objects.create(
        actor=by or actor.name,
        role=role,
        action=action,
        object=about,
        before=_as_json(before),
        after=_as_json(after),
        reason=reason,
        ip=actor.ip or None,
    )


@transaction.atomic
def record_denial(about: str, *, by: str = "", why: str) -> None:
    """What somebody tried and may not do. about: cut where it is longer than the trail has room
    for, as addresses may be. why: the request's method, or what stood in the way."""
    record("denied", about[:LONGEST_OBJECT], by=by, reason=why)


def _as_json(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Figures as text, so that no digit is lost in a JSON number."""
    if values is None:
        return None
    return {
        key: str(value) if isinstance(value, Decimal | date | datetime) else value
        for key, value in values.items()
    }
