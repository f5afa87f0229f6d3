"""The addresses of DESIGN.md; each app holds its own."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from targets_site import health

handler500 = "targets_site.failures.server_error"

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("indicators.urls")),
    path("accounts/", include("targets_site.accounts.urls")),
    path("language/setlang/", login_not_required(set_language), name="set_language"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
