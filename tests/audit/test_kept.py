"""Entries of the trail stay: nothing deletes one, however old."""

import datetime
import re

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.utils import timezone

from indicators import schedule
from indicators.actions.expiry import forget_old
from targets_site.audit.models import Entry
from tests.audit.trails import entries

APPS = ("targets_site", "plans", "indicators", "reports")
OLD = datetime.timedelta(days=179)


@pytest.mark.django_db
def test_what_forgets_old_things_forgets_no_entry():
    made = [each.seq for each in entries(3)]
    Entry.objects.filter(seq__in=made).update(at=timezone.now() - OLD)

    for days in (1, 179, 400):
        moment = timezone.now() + datetime.timedelta(days=days)
        forget_old(moment=moment)
        schedule.ENTRIES[-1].run(moment)

    assert set(made) <= set(Entry.objects.values_list("seq", flat=True))


def test_no_code_deletes_or_changes_entries_or_links():
    """The models' own names, and the tables' in SQL."""
    changing = re.compile(
        r"\b(?:Entry|Link)\.objects\b[^\n]*\.(?:delete|update|bulk_update|update_or_create)\("
        r"|(?:DELETE FROM|UPDATE|TRUNCATE)\s+audit_",
    )
    found = [
        f"{path.relative_to(settings.BASE_DIR)}: {line}"
        for app in APPS
        for path in (settings.BASE_DIR / app).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if changing.search(line)
    ]

    assert found == []


def test_no_command_clears_anything():
    ours = {name for name, app in get_commands().items() if str(app).startswith(APPS)}

    assert len(ours) > 10
    assert [name for name in ours if re.search("clear|purge|delete|prune|archive", name)] == []
