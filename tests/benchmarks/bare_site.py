"""A web process of the bare pages alone, on the product's database and settings."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "targets_site.settings"

from django.conf import settings

settings.ROOT_URLCONF = "tests.benchmarks.bare"
settings.MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
application = get_wsgi_application()
