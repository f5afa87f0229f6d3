from django.apps import AppConfig

from targets_site.converters import register_converters


class SiteConfig(AppConfig):
    name = "targets_site"

    def ready(self) -> None:
        register_converters()
