"""A reporting round to try the product with; never outside the try-out."""

import datetime
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from indicators.actions.questions import find_questions
from indicators.actions.rounds import open_round
from indicators.enums import MaterialKind
from indicators.models import Round
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import User
from targets_site.places.models import Area

AREA, REVIEWER = "460000", "reviewer"
NAME, FORM_NUMBER, YEARS = "演示：2019—2020年数据补报", "演示表1", [2019, 2020]
# Days from today, and the hour of that day.
OPENS, DUE, CLOSES = (-20, 9), (10, 18), (40, 18)


class Command(BaseCommand):
    help = (
        "Open a reporting round for Hainan, named as a demonstration, by the demo reviewer, and "
        "look once for questions about figures, unless Hainan has a round. Runs again without "
        "harm; refuses outside the try-out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = (
            "Exit code 1 outside the try-out, or without the reference data and demo accounts."
        )

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not (settings.OPEN_READING and settings.EMBEDDED):
            raise CommandError(
                "演示填报任务只用于试用模式：OPEN_READING=1，且不设 REDIS_URL。/ "
                "The demo round exists in the try-out only: OPEN_READING=1 and no REDIS_URL."
            )
        if Round.objects.filter(area__code=AREA).exists():
            self.stdout.write("已有填报任务，未作更改。/ There is a round already.")
            return
        try:
            one = _open()
        except (Area.DoesNotExist, User.DoesNotExist, NotAllowed) as error:
            raise CommandError(
                "请先载入基础数据并建立演示账号：manage.py load_reference、manage.py demo_accounts"
                " / Load the reference data and make the demo accounts first: manage.py "
                "load_reference, manage.py demo_accounts"
            ) from error
        find_questions()
        self.stdout.write(f"已开放填报任务 / round opened: {one.name}")


def _open() -> Round:
    return open_round(
        area=Area.objects.get(code=AREA),
        name=NAME,
        years=YEARS,
        opens_at=_moment(*OPENS),
        due_at=_moment(*DUE),
        closes_at=_moment(*CLOSES),
        materials=[(MaterialKind.SELF_REPORT, _moment(*DUE))],
        form_number=FORM_NUMBER,
        by=User.objects.get(username=REVIEWER),
    )


def _moment(days: int, hour: int) -> datetime.datetime:
    day = timezone.localdate() + datetime.timedelta(days=days)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
