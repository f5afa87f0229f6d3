"""Commands that need the tables of this version."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class MigratedCommand(BaseCommand):
    """Says what to do where the database is older than the program, instead of failing at a table
    that is not there."""

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        """Raises CommandError where a migration was not applied."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("请先运行 manage.py migrate。/ Run manage.py migrate first.")
