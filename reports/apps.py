from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from indicators.actions.jobs import register
        from indicators.enums import JobKind
        from reports.actions.work import WORK

        register(JobKind.REPORT, WORK)
