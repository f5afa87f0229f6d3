"""Set up everything on this machine and serve the product with the real data."""

import os
import sys
import time
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

LOCAL = "127.0.0.1"


def static_files_are_current() -> bool:
    """Whether what was collected is newer than every source; compressing takes seconds."""
    collected = settings.STATIC_ROOT / "staticfiles.json"
    if not collected.exists():
        return False
    sources = [
        Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])
    ]
    return all(path.stat().st_mtime <= collected.stat().st_mtime for path in sources)


class Command(BaseCommand):
    help = (
        "The try-out: SQLite, background threads, the real data, demo accounts; reading pages "
        "are open, nobody is asked for a second factor. Listens on this machine only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("试用模式不使用 Redis。/ The try-out runs without REDIS_URL.")
        started = time.monotonic()
        settings.OPEN_READING = True
        # Whoever looks at it for a moment has no app at hand.
        settings.SECOND_FACTOR_ROLES = []
        call_command("migrate", verbosity=0)
        call_command("protect_audit", stdout=StringIO())
        call_command("load_reference", stdout=self.stdout)
        call_command("recompute", stdout=self.stdout)
        call_command("demo_accounts", stdout=self.stdout)
        call_command("demo_round", stdout=self.stdout)
        if not static_files_are_current():
            call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(
            "试用模式不要求双因素认证，正式部署默认要求。"
            "/ The try-out asks nobody for a second factor; SECOND_FACTOR_ROLES does elsewhere."
        )
        self.stdout.write(
            f"{time.monotonic() - started:.1f} s → http://{LOCAL}:{options['port']}/  (Ctrl+C)"
        )
        self.stdout.flush()
        os.environ["OPEN_READING"] = "true"
        os.environ["SECOND_FACTOR_ROLES"] = ""
        gunicorn = [
            sys.executable, "-m", "gunicorn", "targets_site.wsgi", "--bind",
            f"{LOCAL}:{options['port']}", "--workers", "1", "--threads", "8",
            "--worker-class", "gthread", "--no-control-socket", "--log-level", "warning",
        ]  # fmt: skip
        os.execv(sys.executable, gunicorn)
