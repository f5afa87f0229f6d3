from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "targets_site"
