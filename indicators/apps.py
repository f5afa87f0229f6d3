from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"

    def ready(self) -> None:
        from indicators.actions import imports, recompute
        from indicators.actions.jobs import register
        from indicators.enums import JobKind
        from indicators.queries.jobs import readiness
        from indicators.then import register_views
        from targets_site.health import register_facts

        register(JobKind.IMPORT, imports.WORK)
        register(JobKind.RECOMPUTE, recompute.WORK)
        register_facts(readiness)
        register_views()
