"""Stands in the place of Django's command, which would make somebody who may do everything."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Makes nobody: there are no superusers here; see first_administrators."
    # Nothing has to be in order for that.
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Whatever was asked for with it."""
        super().run_from_argv(argv[:2])

    def handle(self, *_args: Any, **_options: Any) -> None:
        raise CommandError(
            "本系统不设超级用户。首批管理员由 first_administrators 建立。/ "
            "There are no superusers here. first_administrators makes the first administrators."
        )
