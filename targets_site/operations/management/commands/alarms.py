"""What an operator has to see to now."""

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from targets_site.alarms import alarms
from targets_site.localized import in_each_language


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Tell what is wrong now, a line for each: its name in the operations guide and what "
        "it is in Chinese and English. For a monitor or cron, which need not know the rules."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = "Exit code 0: nothing; 1: a line for each alarm."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = alarms()
        for each in found:
            self.stdout.write(f"{each.name}: {in_each_language(partial(str, each))}")
        if found:
            raise CommandError(f"告警 / alarms: {len(found)}")
        self.stdout.write("一切正常。/ All is well.")
