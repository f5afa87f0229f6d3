"""The addresses of DESIGN.md; each app holds its own."""

from django.urls import include, path

from targets_site import health

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("indicators.urls")),
    path("accounts/", include("targets_site.accounts.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
