from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "targets_site.audit"
    label = "audit"

    def ready(self) -> None:
        from targets_site.audit.models import Entry
        from targets_site.then.views import made_by_then, register_view

        register_view(Entry, made_by_then(Entry, "at"))
