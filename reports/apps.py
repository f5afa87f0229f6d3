from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from indicators.actions.jobs import register
        from indicators.enums import JobKind
        from reports.actions.work import WORK
        from reports.queries.checks import CHECK
        from targets_site.checks import register_check

        register(JobKind.REPORT, WORK)
        register_check(CHECK)
