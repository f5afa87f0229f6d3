"""Compute verdicts anew from what is in force."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.actions.verdicts import recompute, work_off_stale
from plans.models import Target
from targets_site.places.models import Area


class Command(BaseCommand):
    help = (
        "Compute the verdicts of all targets, or of one area's, for every year from the start "
        "of their document to their target year. Only verdicts that changed are stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--area", metavar="CODE", help="six-digit area code")
        parser.add_argument(
            "--as-of",
            metavar="YEAR",
            type=int,
            help="only verdicts seen from this year",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        targets = Target.objects.in_force()
        if options["area"]:
            if not Area.objects.filter(code=options["area"]).exists():
                raise CommandError(f"没有这个地区。/ No such area: {options['area']}")
            targets = targets.filter(area__code=options["area"])
        changed = recompute(targets, as_of=options["as_of"])
        if not options["area"] and options["as_of"] is None:
            while work_off_stale():
                continue
        self.stdout.write(f"更新的进度判定 / verdicts changed: {changed}")
