"""The product's settings with a broker that sends a message again while its work still goes on."""

from targets_site.settings import *  # noqa: F403
from targets_site.settings import CELERY_BROKER_TRANSPORT_OPTIONS as PATIENT

CELERY_BROKER_TRANSPORT_OPTIONS = {
    **PATIENT,
    "visibility_timeout": 3,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
