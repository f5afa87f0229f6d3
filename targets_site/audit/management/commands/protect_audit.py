"""Install what keeps the trail as it was written, and note the settings in it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from targets_site.audit.noted_settings import note_settings
from targets_site.audit.protection import UnfitRole, install, statements
from targets_site.management.migrated import MigratedCommand


class Command(MigratedCommand):
    help = (
        "Install the protection of the trail in the database: triggers that refuse to change or "
        "delete what was written, and on PostgreSQL the rights of the application's role (which "
        "may insert into the trail and read it) and of the sealer's. Notes in the trail which "
        "settings that security rests on were changed. Run it as the tables' owner, after each "
        "migration and each change of settings; twice does no harm."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--app-role",
            metavar="NAME",
            default="",
            help="PostgreSQL role of web, worker and beat; made where there is none",
        )
        parser.add_argument(
            "--sealer-role",
            metavar="NAME",
            default="",
            help="PostgreSQL role of the sealer, which alone may then insert links",
        )
        parser.add_argument(
            "--print", action="store_true", dest="prints", help="show the SQL and do nothing"
        )
        parser.epilog = (
            "Exit code 0: it stands; 1: the database refused, and nothing was changed; 2: wrong "
            "arguments, or a role that owns tables or may do more than it should. A new role has "
            "no password: ALTER ROLE NAME PASSWORD '…', then name it in DATABASE_URL."
        )

    def handle(
        self, *_args: Any, app_role: str, sealer_role: str, prints: bool, **_options: Any
    ) -> None:
        if connection.vendor == "sqlite" and (app_role or sealer_role):
            raise CommandError("SQLite 没有角色。/ SQLite has no roles.", returncode=2)
        try:
            if prints:
                shown = statements(app_role=app_role, sealer_role=sealer_role)
                self.stdout.write("\n\n".join(shown))
                return
            with transaction.atomic():
                install(app_role=app_role, sealer_role=sealer_role)
                note_settings()
        except UnfitRole as error:
            raise CommandError(
                f"此角色不可用：{error}（名称须为小写字母、数字与下划线，两个角色不得相同，且不得拥有表、"
                f"超级用户等权限）。/ Not a fit role: {error} (small letters, digits and _; "
                "not one role for both; it may own no table and be neither superuser nor a "
                "member of the owner).",
                returncode=2,
            ) from error
        except DatabaseError as error:
            raise CommandError(
                f"数据库拒绝，未作任何改动：/ The database refused, nothing was changed: {error}"
            ) from error
        self.stdout.write("审计日志保护已安装。/ The protection of the trail is installed.")
