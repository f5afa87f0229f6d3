"""PostgreSQL: pg_dump of one snapshot, pg_restore in one transaction."""

import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import DatabaseError, connection
from django.utils import timezone

from targets_site.operations.backups.databases.kinds import Database
from targets_site.operations.backups.errors import BackupError
from targets_site.operations.backups.programs import run

SCRATCH = "targets_scratch_"
# A whole database takes longer than any page may.
NO_TIME_LIMITS_SQL = """
SET LOCAL statement_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0;
"""
LEFT_BEHIND_SQL = """
SELECT datname FROM pg_database
WHERE datname LIKE %s AND datname < %s AND pg_get_userbyid(datdba) = current_user
"""


def dump(path: Path) -> None:
    """Beside writers, none of whom waits. The snapshot is lent to pg_dump, so that the figures of
    the manifest are counted in the very state that it writes."""
    _of_the_servers_version("pg_dump")
    with connection.cursor() as cursor:
        cursor.execute(NO_TIME_LIMITS_SQL)
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
    command = ["pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={path}"]
    run(
        [*command, "--no-password", "--lock-wait-timeout=60000"],
        environment=client_environment(),
        what="数据库转储失败。/ The database was not dumped",
    )


def load(path: Path) -> None:
    """Owned by whoever restores; rights of roles are granted anew by `protect_audit`."""
    _of_the_servers_version("pg_restore")
    command = ["pg_restore", "--exit-on-error", "--single-transaction", "--no-password"]
    run(
        [*command, "--no-owner", "--no-privileges", f"--dbname={_name()}", str(path)],
        environment=client_environment(),
        what="数据库恢复失败，未写入任何内容。/ Nothing was restored: the dump cannot be read",
    )


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")


@contextmanager
def scratch() -> Iterator[str]:
    """On the same server, for a role that may create databases."""
    name = f"{SCRATCH}{timezone.now():%Y%m%d}_{secrets.token_hex(4)}"
    _outside_any_transaction(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield url_of(name)
    finally:
        _drop(name)


def drop_left_behind() -> None:
    """Scratch databases of earlier days, whose verification was killed."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT_BEHIND_SQL, [f"{SCRATCH}%", f"{SCRATCH}{timezone.now():%Y%m%d}"])
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        _drop(name)


def archives() -> bool:
    """Whether the server keeps its log of all changes."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW archive_mode")
        [mode] = cursor.fetchone()
        return bool(mode != "off")


def size_of_server() -> int:
    """Bytes of all its databases."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(pg_database_size(oid))::bigint FROM pg_database")
        [size] = cursor.fetchone()
    return int(size)


def copy_server(folder: Path) -> None:
    """All files of the server into an empty folder, with the log that makes them whole, and each
    compared with its sum. For a role with REPLICATION."""
    _of_the_servers_version("pg_basebackup")
    run(
        ["pg_basebackup", "--no-password", "--checkpoint=fast", f"--pgdata={folder}"],
        environment=client_environment(),
        what="数据库服务器未能复制。/ The database server was not copied",
    )
    # Debian has it under no other name; and what reads the log is a program of the server's, which
    # is not here.
    program = f"/usr/lib/postgresql/{connection.get_database_version()[0]}/bin/pg_verifybackup"
    run(
        [shutil.which("pg_verifybackup") or program, "--quiet", "--no-parse-wal", str(folder)],
        environment=os.environ,
        what="复制的文件与校验和不符。/ The files that were copied are not what they should be",
    )


def url_of(name: str) -> str:
    """Of another database on this server, as the same role; with the password, for an
    environment."""
    one = connection.settings_dict
    who = quote(one["USER"], safe="")
    if one["PASSWORD"]:
        who += f":{quote(one['PASSWORD'], safe='')}"
    host = quote(one["HOST"], safe="")
    return f"postgres://{who}@{host}:{one['PORT'] or 5432}/{name}"


def client_environment() -> Mapping[str, str]:
    """Where PostgreSQL's own programs find this database."""
    one = connection.settings_dict
    options = one.get("OPTIONS", {})
    known = {
        "PGHOST": one["HOST"],
        "PGPORT": one["PORT"],
        "PGUSER": one["USER"],
        "PGPASSWORD": one["PASSWORD"],
        "PGDATABASE": _name(),
        "PGSSLMODE": options.get("sslmode"),
        "PGSSLROOTCERT": options.get("sslrootcert"),
        "PGCONNECT_TIMEOUT": "10",
    }
    return {**os.environ, **{name: str(value) for name, value in known.items() if value}}


def _of_the_servers_version(program: str) -> None:
    """A newer program writes what an older server does not take back; an older one refuses by
    itself."""
    said = run(
        [program, "--version"],
        environment=os.environ,
        what="无法查询程序版本。/ The version of a program is unknown",
    )
    ours, (server, *_minor) = _major(said), connection.get_database_version()
    if ours != server:
        raise BackupError(
            f"{program} 的版本为 {ours}，数据库服务器的版本为 {server}，两者必须一致。/ "
            f"{program} is of version {ours} and the server of {server}; they must be the same."
        )


def _major(said: str) -> int:
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _drop(name: str) -> None:
    _outside_any_transaction(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _outside_any_transaction(sql: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        raise BackupError(
            f"无法建立或删除校验用数据库。/ No scratch database (CREATEDB is needed): {error}"
        ) from error


def _name() -> str:
    return str(connection.settings_dict["NAME"])


DATABASE = Database("database.dump", dump, load, clear, scratch)
