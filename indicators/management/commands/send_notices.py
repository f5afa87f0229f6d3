"""Tell people what concerns them, in the site and by e-mail."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from indicators.actions.notices import give_notices, send_digests
from targets_site.localized import in_each_language
from targets_site.management.migrated import MigratedCommand


class Command(MigratedCommand):
    help = (
        "Tell people of rounds that have opened, are due soon or overdue and of verdicts that got "
        "worse: in the site, and where there is e-mail in one mail a day with all that was not "
        "told yet. Each is told once, however often this runs; the schedule tells people each hour "
        "and mails every morning."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = (
            "Exit code 0: all were told, or there is no e-mail (EMAIL_HOST is empty); 1: the mail "
            "server refused some or did not answer, and the next run tries those again."
        )

    def handle(self, *_args: Any, **_options: Any) -> None:
        given = {"given": give_notices()}
        self.stdout.write(in_each_language(lambda: _("New notices: %(given)s.") % given))
        run = send_digests()
        if not run.is_configured:
            self.stdout.write(
                in_each_language(
                    lambda: _("There is no e-mail here (EMAIL_HOST is empty): nothing was mailed.")
                )
            )
            return
        sent = {"sent": run.sent}
        self.stdout.write(in_each_language(lambda: _("Mails sent: %(sent)s.") % sent))
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
