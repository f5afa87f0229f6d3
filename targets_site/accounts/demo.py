"""The accounts of the try-out, which everybody may know the password of: good for nothing else."""

from dataclasses import dataclass

from django.conf import settings

from targets_site.accounts.models import Role, User

ENVIRONMENT, FARM_PRODUCE = "460000-sthjt", "460000-nynct"


@dataclass(frozen=True)
class DemoAccount:
    """One account with one post; `department` is a code, where the role has one."""

    username: str
    full_name: str
    role: Role
    department: str = ""


ACCOUNTS = [
    DemoAccount("official", "演示填报员（生态环境）", Role.OFFICIAL, ENVIRONMENT),
    DemoAccount("official2", "演示填报员（农产品）", Role.OFFICIAL, FARM_PRODUCE),
    DemoAccount("signer", "演示单位负责人（农产品）", Role.SIGNER, FARM_PRODUCE),
    DemoAccount("reviewer", "演示审核员", Role.REVIEWER),
    DemoAccount("leader", "演示领导", Role.LEADER),
    DemoAccount("auditor", "演示监督检查员", Role.AUDITOR),
    DemoAccount("steward", "演示数据管理员", Role.STEWARD),
    DemoAccount("steward2", "演示数据管理员（复核）", Role.STEWARD),
    DemoAccount("sysadmin", "演示系统管理员", Role.SYSTEM_ADMIN),
    DemoAccount("secadmin", "演示安全管理员", Role.SECURITY_ADMIN),
    DemoAccount("auditadmin", "演示审计管理员", Role.AUDIT_ADMIN),
]
_NAMES = {account.username: account.full_name for account in ACCOUNTS}


def is_tryout() -> bool:
    """Whether this is the try-out, the one place where these accounts sign in."""
    return settings.OPEN_READING and settings.EMBEDDED


def is_demo(user: User) -> bool:
    """Whether it is one of them, and nobody's of the same user name."""
    return _NAMES.get(user.username) == user.full_name


def demo_accounts_in_use() -> list[str]:
    """User names of those that are there and not disabled."""
    found = User.objects.filter(username__in=_NAMES, is_active=True).order_by("username")
    return [user.username for user in found if is_demo(user)]
