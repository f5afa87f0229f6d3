"""Remind by e-mail of what is still to be reported."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from indicators.actions.reminders import send_reminders
from targets_site.localized import in_each_language


class Command(BaseCommand):
    help = (
        "Send the e-mail reminders that are due: when a round has opened, some days before its "
        "deadline, and once when it is overdue, to the officials of departments that owe "
        "something and to the signers of what waits for them. Each is sent once, however often "
        "this runs; the scheduled job does the same every morning."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = (
            "Exit code 0: all were sent, or there is no e-mail (EMAIL_HOST is empty); 1: the mail "
            "server refused some or did not answer, and the next run tries those again."
        )

    def handle(self, *_args: Any, **_options: Any) -> None:
        run = send_reminders()
        if not run.is_configured:
            self.stdout.write(
                in_each_language(
                    lambda: _("There is no e-mail here (EMAIL_HOST is empty): nothing was sent.")
                )
            )
            return
        sent = {"sent": run.sent}
        self.stdout.write(in_each_language(lambda: _("Reminders sent: %(sent)s.") % sent))
        if run.failed or run.broke_off:
            failed = {"failed": run.failed}
            raise CommandError(
                in_each_language(
                    lambda: (
                        _("The mail server did not answer; the next run goes on.")
                        if run.broke_off
                        else _("Refused by the mail server: %(failed)s; the next run tries again.")
                        % failed
                    )
                )
            )
