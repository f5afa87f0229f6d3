"""What an administrator does with stale rows that nobody tries any more."""

from django.db import transaction

from indicators.models import StaleRow
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role, User
from targets_site.accounts.rights import holds
from targets_site.audit.actions import record


@transaction.atomic
def retry_given_up(*, by: User) -> int:
    """Have them tried again; returns how many. Whoever calls wakes the workers.

    Raises NotAllowed unless `by` is a system administrator today.
    """
    if not holds(by, Role.SYSTEM_ADMIN):
        raise NotAllowed("Stale rows are tried again by the system administrator.")
    number = StaleRow.objects.given_up().update(attempts=0, error="")
    record("retry_stale", "stale", by=by.username, role=Role.SYSTEM_ADMIN, after={"rows": number})
    return number
