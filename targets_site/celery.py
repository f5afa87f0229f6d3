"""The Celery application of the service mode; tasks live in each app's `tasks.py`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "targets_site.settings")

app = Celery("targets_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
