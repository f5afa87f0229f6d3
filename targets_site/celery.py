"""The Celery application of the service mode; tasks live in each app's `tasks.py`."""

import os
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun

from targets_site import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "targets_site.settings")

app = Celery("targets_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_the_site_does(**_named: Any) -> None:
    """Else Celery would set up lines of its own form."""
    from django.conf import settings
    from django.utils.log import configure_logging

    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)


@before_task_publish.connect
def send_request_id(headers: dict[str, Any], **_named: Any) -> None:
    headers["request_id"] = logs.current_request_id()


@task_prerun.connect
def take_request_id(task: Any, **_named: Any) -> None:
    """What a request set off is logged under its name."""
    logs.name_request(getattr(task.request, "request_id", None) or "")


@task_postrun.connect
def forget_request_id(**_named: Any) -> None:
    logs.name_request("")
