"""What keeps the trail as it was written, from the database's side: triggers, roles and grants.

A script and no migration: roles belong to a whole server, and who migrates need not be allowed to
make them. SQLite drops a table's triggers when Django makes the table anew, so it is run again
after an update; it does the same twice without harm.
"""

import re
from pathlib import Path

from django.db import connection

from targets_site.audit.models import Entry

ROLE_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
FOLDER = Path(__file__).parent
WHAT_IS_WRONG_WITH = """
SELECT r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolbypassrls,
       EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p', 'v')),
       EXISTS (SELECT 1 FROM pg_class c WHERE c.relname IN ('audit_entry', 'audit_link')
               AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
FROM pg_roles r WHERE r.rolname = %s
"""
ON_SQLITE = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'"
ON_POSTGRESQL = """
SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'audit_%_stays' AND tgenabled = 'A'
"""


class UnfitRole(ValueError):
    """A role that could do what it is meant not to."""


def statements(*, app_role: str = "", sealer_role: str = "") -> list[str]:
    """In order; of this connection's database. Raises UnfitRole for a name that is none, or one
    name for both."""
    if connection.vendor == "sqlite":
        return _read("sqlite")
    found = _read("postgresql")
    for name in filter(None, (app_role, sealer_role)):
        if not ROLE_NAME.fullmatch(name) or app_role == sealer_role:
            raise UnfitRole(name)
        found += _read("role", name)
    if app_role:
        found += _read("app_role", app_role)
    if app_role and sealer_role:
        found += _read("app_role_beside_sealer", app_role)
    return found + (_read("sealer_role", sealer_role) if sealer_role else [])


def install(*, app_role: str = "", sealer_role: str = "") -> None:
    """In the caller's transaction, all or nothing. Raises UnfitRole, and what the database raises
    where this connection may not do it."""
    with connection.cursor() as cursor:
        for each in statements(app_role=app_role, sealer_role=sealer_role):
            cursor.execute(each)
        for name in filter(None, (app_role, sealer_role)):
            cursor.execute(WHAT_IS_WRONG_WITH, [name])
            if any(cursor.fetchone() or [True]):
                raise UnfitRole(name)


def is_installed() -> bool:
    """Whether the triggers stand on both tables and are switched on."""
    is_sqlite = connection.vendor == "sqlite"
    asked, wanted = (ON_SQLITE, 6) if is_sqlite else (ON_POSTGRESQL, 2)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return bool(cursor.fetchone()[0] == wanted)


def may_append() -> bool:
    """Whether this connection's role may write an entry."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'INSERT')", [Entry._meta.db_table])
        return bool(cursor.fetchone()[0])


def _read(name: str, role: str = "") -> list[str]:
    """Without what only comments."""
    text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    text = text.replace("{role}", role).replace("{database}", str(_database()))
    parts = re.sub(r"^--.*\n", "", text, flags=re.MULTILINE).split("\n\n")
    return [part.strip() for part in parts if part.strip()]


def _database() -> object:
    return connection.settings_dict["NAME"]
