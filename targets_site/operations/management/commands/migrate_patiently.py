"""Migrate under running traffic."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

LOCK_NOT_AVAILABLE = "55P03"
# Whoever comes while a migration waits for its lock waits behind it: so long at most.
WAITS_SECONDS = 2
TRIES = 20
PAUSE_SECONDS = 5.0


class Command(BaseCommand):
    help = (
        "`migrate` for a product that people work with: where a table is in use it gives up after "
        f"{WAITS_SECONDS} s, lets those go on who waited behind it, and tries again, {TRIES} times."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = "Exit code 0: migrated; 1: a table was in use each time, or it failed."

    def handle(self, *_args: Any, **options: Any) -> None:
        for left in reversed(range(TRIES)):
            try:
                self._migrate(options["verbosity"])
                return
            except OperationalError as error:
                if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
                    raise
                self.stderr.write(f"数据表正忙，稍后重试。/ A table is in use; tries left: {left}")
            time.sleep(PAUSE_SECONDS if left else 0)
        raise CommandError(
            "数据表一直被占用，迁移未完成；请结束长事务后重试。/ "
            "A table was in use each time; what is not migrated yet is as it was. "
            "End the long transaction and run it again."
        )

    def _migrate(self, verbosity: int) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('lock_timeout', %s, false)", [f"{WAITS_SECONDS}s"]
                )
        call_command("migrate", interactive=False, verbosity=verbosity)
