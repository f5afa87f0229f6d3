"""`manage.py export`: a table as CSV, to a file or to standard output."""

import getpass
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from reports.exports import TABLES, Export, Selection
from targets_site.audit.context import Actor
from targets_site.localized import in_each_language
from targets_site.places.models import Area
from targets_site.whole_file import write_whole


class Command(BaseCommand):
    help = (
        "Write a table as CSV: UTF-8 with a byte-order mark, RFC 4180, English headings, figures "
        "as stored. Exit code 0: the file is complete and in the trail; 1: it is not, and no file "
        "was left; 2: wrong arguments."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", choices=list(TABLES), help="what to export")
        parser.add_argument("--area", default="", metavar="CODE", help="only this area")
        parser.add_argument(
            "--output", default="-", metavar="F", help="file to write; - is standard output"
        )
        parser.add_argument("--no-bom", action="store_true", help="leave the byte-order mark out")

    def handle(self, *args: Any, **options: Any) -> None:
        area = options["area"]
        if area and not Area.objects.filter(code=area).exists():
            raise CommandError(
                in_each_language(lambda: _("Unknown area: %(value)s") % {"value": area})
            )
        export = Export(
            Selection(TABLES[options["table"]], area=area),
            bom=not options["no_bom"],
            actor=Actor(name=_operator()),
            sees_all=True,
        )
        try:
            _write(export, options["output"])
        except (DatabaseError, OSError) as error:
            reason = {"reason": str(error)}
            message = in_each_language(lambda: _("The export broke off: %(reason)s") % reason)
            raise CommandError(message) from error
        self.stderr.write(
            _("%(rows)s rows, SHA-256 %(sha256)s") % {"rows": export.rows, "sha256": export.sha256}
        )


def _operator() -> str:
    """Who runs the command, as the machine knows the account."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def _write(export: Export, output: str) -> None:
    if output == "-":
        sys.stdout.buffer.writelines(export)
        sys.stdout.buffer.flush()
    else:
        write_whole(Path(output), export)
