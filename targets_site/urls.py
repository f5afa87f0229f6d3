"""The addresses of DESIGN.md; each app holds its own."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.i18n import set_language

from targets_site import health
from targets_site.api import views as api

handler500 = "targets_site.failures.server_error"

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("indicators.urls")),
    path("", include("plans.urls")),
    path("", include("targets_site.places.urls")),
    path("accounts/", include("targets_site.accounts.urls")),
    path("language/setlang/", login_not_required(set_language), name="set_language"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/schema/", api.schema, name="api_schema"),
    path("api/v1/docs/", api.docs, name="api_docs"),
    re_path("^api/", api.nothing, name="api_nothing"),
]
