from django.urls import path

from reports.views import (
    areas,
    compare,
    components,
    documents,
    exports,
    indicators,
    manual,
    method,
    news,
    overview,
    reference,
    revisions,
    search,
    targets,
)

app_name = "reports"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("new/", news.new_figures, name="news"),
    path("areas/<area_code:code>/", areas.area, name="area"),
    path("targets/<slug:code>/", targets.target, name="target"),
    path("indicators/<slug:code>/", indicators.indicator, name="indicator"),
    path("documents/", documents.documents, name="documents"),
    path("documents/compare/", compare.compare, name="compare"),
    path("documents/revisions/", revisions.revisions, name="revisions"),
    path("documents/<slug:slug>/", documents.document, name="document"),
    path("documents/<slug:slug>/scan/", documents.scan, name="scan"),
    path("search/", search.search, name="search"),
    path("reference/", reference.reference, name="reference"),
    path("reference/areas/", reference.areas, name="reference_areas"),
    path("reference/departments/", reference.departments, name="reference_departments"),
    path("reference/indicators/", reference.indicators, name="reference_indicators"),
    path("method/", method.method, name="method"),
    path("method/components/", components.components, name="components"),
    path("method/manual/", manual.manual, name="manual"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<slug:table>.csv", exports.download, name="export"),
]
