from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from indicators.actions import expiry
        from indicators.actions.jobs import register
        from indicators.enums import JobKind
        from reports.actions.work import WORK
        from reports.exports.kept import files
        from reports.exports.kept.work import WORK as WRITING

        register(JobKind.REPORT, WORK)
        register(JobKind.EXPORT, WRITING)
        expiry.register("exports", files.forget)
