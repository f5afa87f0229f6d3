"""Running what apps have registered as checks, and telling who has to look into what they found."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from indicators.actions.notices.storing import give
from indicators.enums import NoticeKind
from indicators.models import Notice
from targets_site.accounts.models import Post, Role, User
from targets_site.accounts.rights import TRAIL_READERS
from targets_site.audit.actions import record
from targets_site.checks import Check, Finding, registered_checks

# Of a check in a night; who reads these looks at the trail's own page next.
MOST_TOLD = 50


def run_checks(moment: datetime.datetime | None = None) -> dict[str, int]:
    """Run all of them; returns how much each found, which the trail says too.

    Auditors and audit administrators are told of each finding once, however many nights it is
    found. Raises what the database raises.
    """
    now = moment or timezone.now()
    found = {check: list(check.run()) for check in registered_checks()}
    counts = {check.name: len(findings) for check, findings in found.items()}
    with transaction.atomic():
        record("run_checks", "checks", after=counts)
        give(_notices(found.items(), now))
    return counts


def _notices(
    found: Iterable[tuple[Check, list[Finding]]], moment: datetime.datetime
) -> list[Notice]:
    people = told_of_the_trail()
    return [
        Notice(
            person=person,
            kind=NoticeKind.CHECK_FAILED,
            check_name=check.name,
            finding=f"{finding.kind}:{finding.about}"[:200],
            facts=dict(finding.facts),
            made_at=moment,
        )
        for check, findings in found
        for finding in findings[:MOST_TOLD]
        for person in people
    ]


def told_of_the_trail(*roles: Role) -> list[User]:
    """Whoever holds one of these posts today; all that read the trail unless told."""
    posts = Post.objects.today().filter(role__in=roles or TRAIL_READERS)
    return list(User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("pk"))
