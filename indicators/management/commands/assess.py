"""`manage.py assess`: the method alone, on files, without the database."""

import gc
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from indicators.assess_files import RefusedFile, Source, assess_files
from plans.validators import FIRST_YEAR, LAST_YEAR
from targets_site.csv_text import BOM
from targets_site.localized import in_each_language
from targets_site.whole_file import write_whole


class Command(BaseCommand):
    help = (
        "Judge targets by yearly figures, both CSV as `export` writes them, and write one verdict "
        "a target as CSV. Needs no database. Exit code 0: written; 1: a file was refused, with "
        "line and column, and nothing was written; 2: wrong arguments."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--targets", required=True, metavar="T.csv", help="targets; - is standard input"
        )
        parser.add_argument(
            "--observations", required=True, metavar="O.csv", help="figures; - is standard input"
        )
        parser.add_argument(
            "--as-of", required=True, type=int, metavar="YEAR", help="the year to look from"
        )
        parser.add_argument(
            "--output", default="-", metavar="F", help="file to write; - is standard output"
        )
        parser.add_argument("--no-bom", action="store_true", help="leave the byte-order mark out")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of: int = options["as_of"]
        if not FIRST_YEAR <= as_of <= LAST_YEAR:
            raise CommandError(in_each_language(lambda: _("A year lies between 1900 and 2100.")))
        if options["targets"] == options["observations"] == "-":
            raise CommandError(
                in_each_language(lambda: _("Only one of the two files can be standard input."))
            )
        targets = _source(options["targets"])
        observations = _source(options["observations"])
        try:
            with _collector_at_rest():
                verdicts = assess_files(targets, observations, as_of=as_of)
        except RefusedFile as error:
            refusal = in_each_language(lambda: _refusal(targets, observations, as_of), between="\n")
            raise CommandError(refusal) from error
        _write(verdicts if options["no_bom"] else BOM + verdicts, options["output"])


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Rows make no cycles, yet searching a hundred thousand of them for some, again and again
    while they are built, takes half of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _source(name: str) -> Source:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        about = _about(name, error)
        message = in_each_language(lambda: _("%(file)s cannot be read: %(reason)s") % about)
        raise CommandError(message) from error
    return Source(name, content)


def _write(verdicts: str, output: str) -> None:
    try:
        if output == "-":
            sys.stdout.buffer.write(verdicts.encode())
            sys.stdout.buffer.flush()
        else:
            write_whole(Path(output), [verdicts.encode()])
    except OSError as error:
        about = _about(output, error)
        message = in_each_language(lambda: _("%(file)s cannot be written: %(reason)s") % about)
        raise CommandError(message) from error


def _about(name: str, error: OSError) -> dict[str, str]:
    return {"file": name, "reason": error.strerror or str(error)}


def _refusal(targets: Source, observations: Source, as_of: int) -> str:
    """What is wrong with the files, in the language of the moment."""
    try:
        assess_files(targets, observations, as_of=as_of)
    except RefusedFile as error:
        return str(error)
    return ""
