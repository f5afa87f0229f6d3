from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "targets_site.audit"
    label = "audit"
