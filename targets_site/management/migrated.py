"""Commands that need the tables of this version."""

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

logger = logging.getLogger(__name__)


class MigratedCommand(BaseCommand):
    """Says what to do where the database is older than the program, instead of failing at a table
    that is not there. What it wrote to the trail is chained at its end where no process of its own
    does: in the embedded mode, where the web process need not run."""

    requires_migrations_checks = True
    chains_the_trail = True

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        finally:
            if self.chains_the_trail and settings.EMBEDDED and not connection.in_atomic_block:
                _chain()

    def check_migrations(self) -> None:
        """Raises CommandError where a migration was not applied."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("请先运行 manage.py migrate。/ Run manage.py migrate first.")


def _chain() -> None:
    """Whatever fails, what the command was for is done, and the web process chains later."""
    from targets_site.audit.sealer import Sealer

    try:
        Sealer().look()
    except Exception:
        logger.warning("The trail could not be chained yet.", exc_info=True)
