from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "targets_site.audit"
    label = "audit"

    def ready(self) -> None:
        from targets_site.audit.then import register_views
        from targets_site.audit.verifying import CHECK
        from targets_site.checks import register_check

        register_check(CHECK)
        register_views()
