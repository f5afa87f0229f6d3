"""`manage.py import_observations`: a file of figures, previewed or stored whole."""

from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.actions import imports
from indicators.enums import ImportState, LineOutcome
from indicators.imported_lines import LineReader, Tally
from indicators.models import Import
from indicators.queries.imports import Stored
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import User
from targets_site.localized import in_each_language
from targets_site.management.migrated import MigratedCommand
from targets_site.sheets import Problem, RefusedFile
from targets_site.typed_text import TextKind, clean_text


class Command(MigratedCommand):
    help = (
        "Read a file of figures (CSV, or XLSX with the sheet 数据) and say what storing it would "
        "do; with --commit store it, all of it or nothing, as drafts of the official named by "
        "--user. Without --user a preview checks neither rights nor rounds. Exit code 0: the file "
        "was stored, or its preview is clean; 1: it is refused, and nothing was stored; 2: wrong "
        "arguments."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help=".csv, .tsv, .txt or .xlsx")
        parser.add_argument(
            "--commit", action="store_true", help="store it; without, nothing is written"
        )
        parser.add_argument(
            "--user", metavar="NAME", default="", help="the official who imports the file"
        )
        parser.add_argument(
            "--reason", metavar="TEXT", default="", help="why approved figures are corrected"
        )
        parser.add_argument(
            "--confirm",
            action="store_true",
            help="answer for the lines that are asked about (unusual changes and the like)",
        )
        parser.add_argument(
            "--language", choices=["zh-hans", "en"], default="zh-hans", help="of the messages"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = _user(options["user"])
        if options["commit"] and user is None:
            raise CommandError(
                "--commit 需要 --user（填报员）。/ --commit needs --user, an official.",
                returncode=2,
            )
        with translation.override(options["language"]):
            try:
                reason = clean_text(options["reason"], kind=TextKind.REMARK).value
                if user is not None and options["commit"]:
                    self._store(user, {**options, "reason": reason})
                else:
                    self._preview(user, {**options, "reason": reason})
            except (NotAllowed, ValidationError, OSError) as error:
                why = error.messages if isinstance(error, ValidationError) else [str(error)]
                raise CommandError("\n".join([_refused(), *why])) from error

    def _preview(self, user: User | None, options: Mapping[str, Any]) -> None:
        tally = preview(options["file"], by=user, correction_reason=options["reason"])
        self._say(tally.counts(), tally.problems)

    def _store(self, user: User, options: Mapping[str, Any]) -> None:
        imported = read(options["file"], by=user, correction_reason=options["reason"])
        self._say(imported.counts, [Problem(**each) for each in imported.problems])
        if not imports.to_store(imported):
            imports.discard(imported=imported)
            self.stdout.write(_("There is nothing to store."))
            return
        try:
            stored = store(imported, confirmed=options["confirm"])
        except ValidationError:
            imports.discard(imported=imported)
            raise
        self._list(Problem(**each) for each in stored.problems)
        if stored.state != ImportState.STORED:
            raise CommandError(_refused())
        self.stdout.write(_("Stored as drafts: %(number)s") % {"number": imports.to_store(stored)})

    def _say(self, counts: Mapping[str, int], problems: Sequence[Problem]) -> None:
        """The counts as a table, and what is wrong. Raises CommandError where something is."""
        named = [(each.value, str(each.label)) for each in LineOutcome]
        for name, label in [
            *named,
            ("questions", _("Lines to confirm")),
            ("refused", _("Lines refused")),
        ]:
            self.stdout.write(f"{label}\t{counts.get(name, 0)}")
        self._list(problems)
        more = counts.get("problems_found", 0) - len(problems)
        if more > 0:
            further = ngettext(
                "%(number)s further problem is not shown.",
                "%(number)s further problems are not shown.",
                more,
            )
            self.stderr.write(further % {"number": more})
        if problems:
            raise CommandError(_refused())

    def _list(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.stderr.write(str(problem))


def _user(name: str) -> User | None:
    user = User.objects.filter(username=name, is_active=True).first()
    if name and user is None:
        message = in_each_language(lambda: _("Unknown user: %(value)s") % {"value": name})
        raise CommandError(message, returncode=2)
    return user


def _refused() -> str:
    return in_each_language(lambda: _("The file is refused; nothing was stored."))


def preview(path: Path, *, by: User | None, correction_reason: str) -> Tally:
    """What storing the file would do; nothing is written. Raises ValidationError and OSError."""
    with path.open("rb") as file:
        imports.check_file(file, name=path.name)
        try:
            table = imports.open_table(file, name=path.name)
        except RefusedFile as refused:
            tally = Tally()
            tally.add(*refused.problems)
            return tally
        reader = LineReader(
            table, Stored(by), correction_reason=correction_reason, has_rights=by is not None
        )
        for _block in reader.blocks():
            continue
    return reader.tally


def read(path: Path, *, by: User, correction_reason: str) -> Import:
    """Import a file as its page does, at once. Raises NotAllowed, ValidationError and OSError."""
    with path.open("rb") as file:
        started = imports.start(
            upload=file, name=path.name, correction_reason=correction_reason, by=by
        )
    return imports.work_off(started)


def store(imported: Import, *, confirmed: bool) -> Import:
    """Have a preview stored as its page does, at once. Raises ValidationError."""
    asked = imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=confirmed)
    return imports.work_off(asked)
