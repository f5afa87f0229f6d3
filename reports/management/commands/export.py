"""`manage.py export`: a table as a file or to standard output."""

import datetime
import getpass
import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from indicators.enums import State
from plans.models import Document, Domain
from plans.validators import FIRST_YEAR, LAST_YEAR
from reports.exports import FORMATS, TABLES, Export, NotUnderstood, Selection, TooManyRows
from targets_site.audit.context import Actor
from targets_site.localized import in_each_language
from targets_site.management.migrated import MigratedCommand
from targets_site.places.models import Area
from targets_site.reading.then import cleaned_then
from targets_site.whole_file import write_whole

WRONG_ARGUMENTS = 2


def _year(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise ArgumentTypeError(f"年份有误。/ not a year: {text}")
    return int(text)


def _moment(text: str) -> datetime.datetime | None:
    """As `?at=` of a page, or as a manifest writes it, with the offset of the site; None for now.

    Raises CommandError for what is neither, is to come, or lies before the first entry.
    """
    asked = text.removesuffix("+08:00")
    try:
        then = cleaned_then(asked)
    except ValidationError:
        raise _wrong(lambda: _problem(asked), exit_code=WRONG_ARGUMENTS) from None
    return then.moment if then else None


def _problem(text: str) -> str:
    """Why it is no moment to show, in the language of now."""
    try:
        cleaned_then(text)
    except ValidationError as error:
        return " ".join(error.messages)
    raise ValueError(text)


class Command(MigratedCommand):
    help = (
        "Write a table as CSV (UTF-8 with a byte-order mark, RFC 4180), as a workbook or as JSON "
        "lines; English headings, figures as stored. Exit code 0: the file is complete and in the "
        "trail; 1: it is not, and no file was left; 2: wrong arguments."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", choices=list(TABLES), help="what to export")
        parser.add_argument("--area", default="", metavar="CODE", help="only this area")
        parser.add_argument("--below", action="store_true", help="with the areas below --area")
        parser.add_argument("--domain", default="", metavar="CODE", help="only this domain")
        parser.add_argument("--document", default="", metavar="SLUG", help="only this document")
        parser.add_argument(
            "--year", type=_year, help="target year of targets, as-of year of verdicts, else year"
        )
        parser.add_argument(
            "--state", default="", choices=["", *State.values], help="of versions: their state"
        )
        parser.add_argument(
            "--at",
            default="",
            metavar="DAY",
            help="as it stood then: 2026-03-01 (its end) or 2026-03-01T10:30",
        )
        parser.add_argument("--format", default="csv", choices=list(FORMATS))
        parser.add_argument(
            "--output", default="-", metavar="F", help="file to write; - is standard output"
        )
        parser.add_argument(
            "--manifest", action="store_true", help="write F.manifest.json beside the file, too"
        )
        parser.add_argument("--no-bom", action="store_true", help="leave the byte-order mark out")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["manifest"] and options["output"] == "-":
            raise _wrong(lambda: _("A manifest stands beside a file; give --output."))
        export = Export(
            _selection(options),
            format=options["format"],
            bom=not options["no_bom"],
            actor=Actor(name=_operator()),
            sees_all=True,
        )
        try:
            _write(export, options["output"])
            if options["manifest"]:
                _write_manifest(export, Path(options["output"]))
        except TooManyRows as error:
            rows = {"rows": error.args[0]}
            raise _wrong(
                lambda: _("%(rows)s rows do not fit into a workbook; take CSV.") % rows
            ) from error
        except (DatabaseError, OSError) as error:
            reason = {"reason": str(error)}
            raise _wrong(lambda: _("The export broke off: %(reason)s") % reason) from error
        self.stderr.write(
            _("%(rows)s rows, SHA-256 %(sha256)s") % {"rows": export.rows, "sha256": export.sha256}
        )


def _selection(options: dict[str, Any]) -> Selection:
    """Raises CommandError for a code that does not exist or a filter that the table lacks."""
    _check_exists(Area.objects.filter(code=options["area"]), options["area"], "area")
    _check_exists(Domain.objects.filter(code=options["domain"]), options["domain"], "domain")
    _check_exists(Document.objects.filter(slug=options["document"]), options["document"], "")
    at = _moment(options["at"])
    names = ("area", "below", "domain", "document", "year", "state")
    filters = {name: options[name] for name in names}
    try:
        return Selection(TABLES[options["table"]], **filters, at=at)
    except NotUnderstood as error:
        name = {"filter": f"--{error.args[0]}", "table": options["table"]}
        raise _wrong(lambda: _("The table %(table)s does not know %(filter)s.") % name) from error


def _check_exists(found: "QuerySet[Any]", code: str, kind: str) -> None:
    if code and not found.exists():
        value = {"value": code}
        if kind == "area":
            raise _wrong(lambda: _("Unknown area: %(value)s") % value)
        if kind == "domain":
            raise _wrong(lambda: _("Unknown domain: %(value)s") % value)
        raise _wrong(lambda: _("Unknown document: %(value)s") % value)


def _wrong(said: Any, *, exit_code: int = 1) -> CommandError:
    return CommandError(in_each_language(said), returncode=exit_code)


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


def _write_manifest(export: Export, path: Path) -> None:
    said = {"file": path.name, **export.manifest}
    text = json.dumps(said, ensure_ascii=False, indent=2) + "\n"
    write_whole(path.with_name(f"{path.name}.manifest.json"), [text.encode()])
