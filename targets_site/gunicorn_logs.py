"""What gunicorn itself says, in the form of the site's log; its master never loads the site."""

import os
from logging import Handler
from typing import Any

from gunicorn.glogging import Logger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "targets_site.settings")


class SiteLogger(Logger):  # type: ignore[misc]
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                _format(handler)


def _format(handler: Handler) -> None:
    from django.conf import settings

    from targets_site.logs import JSONFormatter, LineFormatter

    handler.setFormatter(JSONFormatter() if settings.LOG_FORMAT == "json" else LineFormatter())
