"""Make the database and its roles."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from psycopg2.extensions import encrypt_password
from psycopg2.sql import SQL, Composable, Identifier, Literal

from targets_site.operations.roles import APP, BACKUP, OWNER, ROLES, Role

DATABASE = "targets"
PLAIN = "LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS"


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Make the database and the roles of owner, application, sealer and backup, each with the "
        "password that its file in FOLDER holds. Run it as the server's superuser, on the database "
        "`postgres`; twice does no harm, and after a password's file was made anew it sets that "
        "password. What the roles may do in the tables, `protect_audit` says."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="with the files of make_secrets")
        parser.add_argument("--database", metavar="NAME", default=DATABASE)
        parser.epilog = (
            "Exit code 0: they stand; 1: the database refused; 2: a file is missing, or this is "
            "no PostgreSQL."
        )

    def handle(self, *_args: Any, folder: Path, database: str, **_options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("只用于 PostgreSQL。/ For PostgreSQL only.", returncode=2)
        try:
            passwords = {role: _read(folder / role.secret) for role in ROLES}
        except OSError as error:
            raise CommandError(
                f"密码文件无法读取：{error}；请先运行 make_secrets。"
                f"/ A password's file cannot be read: {error}; run make_secrets first.",
                returncode=2,
            ) from error
        try:
            for role, password in passwords.items():
                _make(role, password)
            _make_database(database)
        except DatabaseError as error:
            raise CommandError(f"数据库拒绝：/ The database refused: {error}") from error
        made = ", ".join(role.name for role in ROLES)
        self.stdout.write(f"数据库与角色已就绪 / ready: {database}, {made}")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


def _make(role: Role, password: str) -> None:
    """The server is given the password's hash, so that no log of statements can hold it."""
    connection.ensure_connection()
    hashed = encrypt_password(
        password, role.name, scope=connection.connection, algorithm="scram-sha-256"
    )
    name = Identifier(role.name)
    if not _is_there("SELECT 1 FROM pg_roles WHERE rolname = %s", role.name):
        _run(SQL("CREATE ROLE {}").format(name))
    _run(SQL("ALTER ROLE {} {} PASSWORD {}").format(name, SQL(PLAIN), Literal(hashed)))
    if role.attributes:
        _run(SQL("ALTER ROLE {} {}").format(name, SQL(role.attributes)))
    for group in role.member_of:
        _run(SQL("GRANT {} TO {}").format(Identifier(group), name))


def _make_database(database: str) -> None:
    """The owner's, and closed to whom nothing was granted."""
    name, owner = Identifier(database), Identifier(OWNER.name)
    if not _is_there("SELECT 1 FROM pg_database WHERE datname = %s", database):
        _run(SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8'").format(name, owner))
    _run(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    for role in (APP, BACKUP):
        _run(SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, Identifier(role.name)))


def _is_there(question: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [name])
        return cursor.fetchone() is not None


def _run(statement: Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.cursor))
