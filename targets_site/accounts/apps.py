from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "targets_site.accounts"
    label = "accounts"
