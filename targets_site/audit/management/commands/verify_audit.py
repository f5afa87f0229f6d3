"""Check that the trail was not tampered with."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from targets_site.audit.chain import head
from targets_site.audit.verifying import say, verify
from targets_site.localized import in_each_language
from targets_site.management.migrated import MigratedCommand

WRONG, NOT_CHECKED = 1, 3


class Command(MigratedCommand):
    help = (
        "Check that nobody tampered with the trail: computes every hash of the chain anew and "
        "compares the chain with the heads that were noted outside the database. Names each entry "
        "that was edited, inserted, deleted or moved, and an end that was cut off."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--heads",
            type=Path,
            metavar="FOLDER",
            help="compare with a copy of the files of heads that you kept (default: "
            "TRAIL_HEADS_DIR)",
        )
        parser.epilog = (
            "Exit code 0: the trail is intact; 1: something is wrong, a line for each; 2: wrong "
            "arguments; 3: it could not be checked, since the database failed."
        )

    def handle(self, *_args: Any, heads: Path | None, **_options: Any) -> None:
        if heads is not None and not heads.is_dir():
            raise CommandError(
                _both(gettext_noop("No such folder: %(folder)s"), folder=heads), returncode=2
            )
        try:
            findings = verify(heads=heads, seen=self._show)
            last = head()
        except DatabaseError as error:
            said = _both(gettext_noop("The trail could not be checked: %(error)s"), error=error)
            raise CommandError(said, returncode=NOT_CHECKED) from error
        for each in findings:
            self.stdout.write(in_each_language(partial(say, each), between="\n  "))
        if findings:
            said = _both(
                gettext_noop("The trail is not intact. Findings: %(number)s"), number=len(findings)
            )
            raise CommandError(said, returncode=WRONG)
        self.stdout.write(
            _both(
                gettext_noop("The trail is intact. Entries chained: %(number)s; head: %(head)s"),
                number=last.position if last else 0,
                head=last.hash if last else "–",
            )
        )

    def _show(self, position: int) -> None:
        """One line that is written over, where somebody looks at it."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{position}", ending="")
            self.stderr.flush()


def _both(text: str, **facts: object) -> str:
    return in_each_language(lambda: _(text) % facts)
