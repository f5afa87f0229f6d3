from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class AccountsConfig(AppConfig):
    name = "targets_site.accounts"
    label = "accounts"

    def ready(self) -> None:
        # The receivers connect and the checks register themselves.
        from targets_site.accounts import signals, system_checks  # noqa: F401

        _check_second_factor_roles()


def _check_second_factor_roles() -> None:
    """Here, since settings know no roles."""
    from targets_site.accounts.models import Role

    unknown = sorted(set(settings.SECOND_FACTOR_ROLES) - set(Role.values))
    if unknown:
        raise ImproperlyConfigured(
            f"SECOND_FACTOR_ROLES names no role: {', '.join(unknown)}. Join names of these by "
            f"commas: {', '.join(Role.values)}; empty asks nobody for a second factor."
        )
