from django.urls import path

from reports.views import (
    areas,
    components,
    documents,
    exports,
    indicators,
    manual,
    method,
    overview,
    targets,
)

app_name = "reports"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("areas/<area_code:code>/", areas.area, name="area"),
    path("targets/<slug:code>/", targets.target, name="target"),
    path("indicators/<slug:code>/", indicators.indicator, name="indicator"),
    path("documents/<slug:slug>/", documents.document, name="document"),
    path("method/", method.method, name="method"),
    path("method/components/", components.components, name="components"),
    path("method/manual/", manual.manual, name="manual"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<slug:table>.csv", exports.download, name="export"),
]
