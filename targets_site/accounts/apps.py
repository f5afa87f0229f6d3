from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "targets_site.accounts"
    label = "accounts"

    def ready(self) -> None:
        from targets_site.accounts import signals  # noqa: F401  (connects the receivers)
