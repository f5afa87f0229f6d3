"""Load a folder of reference data: all of it, or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from indicators.reference.load import load_reference
from indicators.reference.problems import RefusedReference
from indicators.tasks import nudge
from targets_site.management.migrated import MigratedCommand


class Command(MigratedCommand):
    help = (
        "Load a folder of reference data (areas, documents, targets, indicators, series, "
        "readings, observations). Everything is checked first; a wrong folder is refused whole, "
        "with file, entry and field named. Loading twice changes nothing. Exit code 1 if refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=settings.BASE_DIR / "fixtures",
            help="the folder (default: fixtures); its format is explained in fixtures/README.md",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = load_reference(options["folder"])
        except RefusedReference as refused:
            raise CommandError(
                f"{refused}\n拒绝载入，未写入任何内容。/ Refused; nothing was written."
            ) from refused
        transaction.on_commit(nudge)
        if not changed:
            self.stdout.write("没有变化。/ Nothing changed.")
        for kind, count in sorted(changed.items()):
            self.stdout.write(f"{kind}: {count}")
