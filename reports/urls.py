from django.urls import path

from reports.views import (
    areas,
    documents,
    exports,
    indicators,
    manual,
    method,
    news,
    overview,
    targets,
)

app_name = "reports"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("new/", news.new_figures, name="news"),
    path("areas/<area_code:code>/", areas.area, name="area"),
    path("targets/<slug:code>/", targets.target, name="target"),
    path("indicators/<slug:code>/", indicators.indicator, name="indicator"),
    path("documents/<slug:slug>/", documents.document, name="document"),
    path("method/", method.method, name="method"),
    path("method/manual/", manual.manual, name="manual"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<slug:table>.csv", exports.download, name="export"),
]
