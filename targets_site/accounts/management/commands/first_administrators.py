"""The three administrators of a new installation, who then make and grant everything else."""

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from targets_site.accounts.actions.accounts import NameTaken, WantedAccount
from targets_site.accounts.actions.first import AdministratorsExist, make_first_administrators
from targets_site.accounts.actions.posts import WantedPost
from targets_site.accounts.models import Role
from targets_site.localized import in_each_language
from targets_site.places.models import Area

OPTIONS = {
    "system": (Role.SYSTEM_ADMIN, "makes and disables accounts, resets passwords"),
    "security": (Role.SECURITY_ADMIN, "grants and ends posts"),
    "audit": (Role.AUDIT_ADMIN, "reads the trail"),
}


class Command(BaseCommand):
    help = (
        "Make the system, the security and the audit administrator of a new installation: three "
        "people, whose one-time passwords are printed here and nowhere else. Refuses where there "
        "is an administrator already."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, (_role, does) in OPTIONS.items():
            parser.add_argument(
                f"--{name}",
                nargs="+",
                required=True,
                metavar=("USERNAME", "FULL_NAME"),
                help=f"the person who {does}",
            )
        parser.add_argument(
            "--area",
            metavar="CODE",
            help="whose office they belong to; may be left out where there is one area only",
        )
        parser.epilog = (
            "Example: manage.py first_administrators --system zhang 张三 --security li 李四 "
            "--audit wang 王五 --area 460000. Exit code 1 where nothing was made."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        area = _area(options["area"])
        wanted = [_wanted(options[name], role, area) for name, (role, _does) in OPTIONS.items()]
        try:
            made = make_first_administrators(wanted=wanted)
        except AdministratorsExist:
            raise CommandError(
                "已有管理员，账号和岗位由其办理。/ "
                "There is an administrator already, who makes accounts and grants posts."
            ) from None
        except NameTaken:
            raise CommandError(
                "用户名重复或已被占用。/ A user name is given twice or taken already."
            ) from None
        except ValidationError as error:
            raise CommandError(in_each_language(partial(_messages, error))) from None
        for each, (role, _does) in zip(made, OPTIONS.values(), strict=True):
            word = in_each_language(partial(str, role.label))
            self.stdout.write(f"{each.user.username:<12} {each.password}  {word}")


def _messages(error: ValidationError) -> str:
    return " ".join(error.messages)


def _wanted(typed: list[str], role: Role, area: Area) -> WantedAccount:
    if len(typed) > 2:
        raise CommandError(
            "每个人只写用户名和姓名。/ Give a user name and a full name, nothing more."
        )
    username, full_name = typed[0], "".join(typed[1:])
    post = WantedPost(role, area, None, timezone.localdate())
    return WantedAccount(username, full_name, (post,))


def _area(code: str | None) -> Area:
    areas = list(Area.objects.filter(code=code) if code else Area.objects.all()[:2])
    if len(areas) == 1:
        return areas[0]
    if code:
        raise CommandError(f"没有地区 {code}。/ There is no area {code}.")
    if areas:
        raise CommandError("请用 --area 指明地区代码。/ Say which area with --area CODE.")
    raise CommandError(
        "没有地区，请先载入基础数据：manage.py load_reference / "
        "There is no area. Load the reference data first: manage.py load_reference"
    )
