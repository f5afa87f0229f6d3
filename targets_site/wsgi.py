"""The WSGI application; in embedded mode its process also works off the stale rows."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "targets_site.settings")

application = get_wsgi_application()

from indicators.drain import start_if_embedded  # noqa: E402  (apps must be ready first)

start_if_embedded()
