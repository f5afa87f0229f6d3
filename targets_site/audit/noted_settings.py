"""The settings that security rests on, noted in the trail where they are not what they were.

They stand in the environment, which anybody changes who may edit `.env`; nothing of the program
sees that happen. So they are compared with what the trail says of them each time a deployment
starts (`manage.py protect_audit`).
"""

import shlex
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from targets_site.audit.actions import record
from targets_site.audit.models import Entry

ABOUT = "settings"
# By name, so that no secret can come in: numbers, yes or no, and lists of names.
NOTED = (
    "DEBUG",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "HTTPS",
    "PROXIES",
    "OPEN_READING",
    "SECOND_FACTOR_ROLES",
    "SESSION_IDLE_MINUTES",
    "SESSION_HOURS",
    "FRESH_LOGIN_MINUTES",
    "LOGIN_FAILURES",
    "LOGIN_FAILURES_BY_ADDRESS",
    "LOGIN_LOCK_MINUTES",
    "PASSWORD_LENGTH",
    "PASSWORD_CLASSES",
    "PASSWORD_DAYS",
    "PASSWORD_HISTORY",
    "ACCOUNT_UNUSED_DAYS",
    "API_TOKEN_DAYS",
    "API_TOKENS_EACH",
    "REQUESTS_A_MINUTE",
    "COSTLY_REQUESTS_A_MINUTE",
    "BACKUP_KEEP_DAYS",
    "UPLOAD_SCAN_COMMAND",
)


def note_settings() -> None:
    """One entry of what differs, the first time of all. In the transaction that has installed the
    protection: it holds the trail's tables, so that nobody else notes meanwhile."""
    known, now = _known(), {name: _value(name) for name in NOTED}
    differing = [name for name in NOTED if name not in known or known[name] != now[name]]
    if not differing:
        return
    before = {name: known[name] for name in differing if name in known}
    after = {name: now[name] for name in differing}
    record("note_settings", ABOUT, before=before or None, after=after)


def _known() -> Mapping[str, Any]:
    """What the trail says of them; each entry speaks only of what differed then."""
    noted = Entry.objects.filter(object=ABOUT, action="note_settings").order_by("seq")
    known: dict[str, Any] = {}
    for after in noted.values_list("after", flat=True):
        known.update(after or {})
    return known


def _value(name: str) -> Any:
    """As JSON keeps it; the order of a list says nothing, but for the words of a command."""
    value = getattr(settings, name)
    if name.endswith("_COMMAND"):
        return shlex.join(value)
    return sorted(value) if isinstance(value, list) else value
