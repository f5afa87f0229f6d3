"""The WSGI application; in embedded mode its process also works off the stale rows."""

import os

from django.core.wsgi import get_wsgi_application

from targets_site.whole_body import only_whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "targets_site.settings")

application = only_whole_bodies(get_wsgi_application())

from indicators.drain import start_if_embedded  # noqa: E402  (apps must be ready first)

start_if_embedded()
