"""Accounts to try the product with; never outside the try-out."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from targets_site.accounts.demo import ACCOUNTS, DemoAccount, is_tryout
from targets_site.accounts.models import Post, User
from targets_site.audit.actions import record
from targets_site.places.models import Area, Department

AREA = "460000"


class Command(BaseCommand):
    help = (
        "Create the demo accounts of the try-out (Hainan) and print each with the password of this "
        "installation. Runs again without harm; refuses outside the try-out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = "Exit code 1 outside the try-out or without the reference data."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not is_tryout():
            raise CommandError(
                "演示账号只用于试用模式：OPEN_READING=1，且不设 REDIS_URL。/ "
                "Demo accounts exist in the try-out only: OPEN_READING=1 and no REDIS_URL."
            )
        password = own_password()
        with transaction.atomic():
            encoded = _encoded(password)
            for account in ACCOUNTS:
                _ensure(account, encoded=encoded)
        for account in ACCOUNTS:
            self.stdout.write(f"{account.username:<10} {password}  {account.full_name}")


def own_password() -> str:
    """The password of all demo accounts: made once for each installation, kept in VAR_DIR."""
    path = settings.VAR_DIR / "demo_password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(f"Demo-{secrets.token_urlsafe(9)}1", encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _encoded(password: str) -> str:
    """The password as stored, the same for all demo accounts: hashing takes most of a second."""
    first = User.objects.filter(username=ACCOUNTS[0].username).first()
    if first is not None and first.check_password(password):
        return first.password
    return make_password(password)


def _ensure(account: DemoAccount, *, encoded: str) -> None:
    """The account with this password, active, and its post unless it holds one; nothing is written
    where all is so."""
    area = _area()
    user, created = User.objects.get_or_create(
        username=account.username, defaults={"full_name": account.full_name}
    )
    if user.full_name != account.full_name:
        raise CommandError(
            f"用户名 {account.username} 属于他人，不是演示账号。/ "
            f"The user name {account.username} belongs to somebody who is no demo account."
        )
    if user.password != encoded or not user.is_active or user.must_choose_password:
        user.password, user.is_active, user.must_change_password = encoded, True, False
        user.suspended_at, user.reopened_at = None, timezone.now()
        user.password_changed_at = user.reopened_at
        user.save()
    department = _department(account.department) if account.department else None
    # Who has tried out granting and ending posts keeps what came of it.
    if not Post.objects.of_user(user).granted().until(timezone.localdate()).exists():
        Post.objects.create(
            user=user,
            role=account.role,
            area=area,
            department=department,
            granted_at=timezone.now(),
        )
    if created:
        record(
            "create_demo_account",
            f"user:{user.username}",
            after={"full_name": user.full_name, "role": account.role, "area": area.code},
        )


def _area() -> Area:
    area = Area.objects.filter(code=AREA).first()
    if area is None:
        raise CommandError(_not_loaded(f"地区 {AREA}", f"area {AREA}"))
    return area


def _department(code: str) -> Department:
    department = Department.objects.filter(code=code).first()
    if department is None:
        raise CommandError(_not_loaded(f"部门 {code}", f"department {code}"))
    return department


def _not_loaded(what_zh: str, what_en: str) -> str:
    return (
        f"没有{what_zh}，请先载入基础数据：manage.py load_reference / "
        f"There is no {what_en}. Load the reference data first: manage.py load_reference"
    )
