from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "targets_site.operations"
    label = "operations"

    def ready(self) -> None:
        from targets_site.alarms import register_alarms
        from targets_site.operations import alarms_of_machine as machine
        from targets_site.operations import alarms_of_work as work

        for source in (
            work.work_waits,
            work.schedule_is_late,
            work.trail_is_not_chained,
            work.trail_is_open,
            work.checks_found_something,
            machine.redis_fails,
            machine.backup_is_old,
            machine.base_is_old,
            machine.disk_is_nearly_full,
            machine.archive_stands_still,
            machine.clocks_differ,
        ):
            register_alarms(source)
