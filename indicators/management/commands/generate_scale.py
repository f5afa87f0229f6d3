"""`manage.py generate_scale`: made data of any size, for benchmarks."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import CommandError

from indicators.scale import MOST_AREAS, NotEmpty, fill
from plans.validators import FIRST_YEAR, LAST_YEAR
from targets_site.management.migrated import MigratedCommand

MOST_INDICATORS = 499


def _years(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{4})-([0-9]{4})", text)
    if found is None:
        raise ArgumentTypeError(f"起止年份写作 2011-2020。/ years are written 2011-2020: {text}")
    first, last = int(found[1]), int(found[2])
    if first >= last:
        raise ArgumentTypeError(
            f"起始年份须早于截止年份。/ the first year is before the last one: {text}"
        )
    if first <= FIRST_YEAR or last > LAST_YEAR:
        permitted = f"{FIRST_YEAR + 1}-{LAST_YEAR}"
        raise ArgumentTypeError(f"年份须在{permitted}之间。/ years lie in {permitted}: {text}")
    return first, last


def _number(most: int) -> Any:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
            raise ArgumentTypeError(f"须为1至{most}。/ a number from 1 to {most}: {text}")
        return int(text)

    return read


class Command(MigratedCommand):
    help = (
        "Fill an empty database with made areas, documents, targets and figures, to measure with. "
        "Each area has a document with two targets an indicator, and a figure of every year; "
        "everything is labelled as made. Verdicts are computed by `recompute`. The nation is "
        "--areas 3221 --indicators 100 --years 2011-2020: 3.2 million figures, 644,200 targets. "
        "Exit code 1: the database is not empty, and nothing was written; 2: wrong arguments."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--areas",
            metavar="N",
            type=_number(MOST_AREAS),
            required=True,
            help=f"how many areas, 1 to {MOST_AREAS}: provinces, then what is below them",
        )
        parser.add_argument(
            "--indicators",
            metavar="N",
            type=_number(MOST_INDICATORS),
            required=True,
            help=f"how many indicators of each area, 1 to {MOST_INDICATORS}",
        )
        parser.add_argument(
            "--years",
            metavar="A-B",
            type=_years,
            required=True,
            help=f"first and last year with figures, {FIRST_YEAR + 1} to {LAST_YEAR}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        first, last = options["years"]
        areas, indicators = options["areas"], options["indicators"]
        try:
            fill(areas=areas, indicators=indicators, first=first, last=last, say=self._say)
        except NotEmpty as error:
            raise CommandError(
                "数据库不是空的，未写入任何内容。/ The database is not empty; nothing was written."
            ) from error
        figures = areas * indicators * (last - first + 1)
        self.stdout.write(
            f"地区 / areas: {areas}\n目标 / targets: {2 * areas * indicators}\n"
            f"数据 / observations: {figures}"
        )

    def _say(self, done: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done}", ending="")
