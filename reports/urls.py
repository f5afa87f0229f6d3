from django.urls import path

from reports.views import (
    areas,
    documents,
    exports,
    indicators,
    manual,
    method,
    overview,
    report_files,
    report_steps,
    reports,
    targets,
)

REPORT = "report/<area_code:code>/<year:year>/"

app_name = "reports"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("areas/<area_code:code>/", areas.area, name="area"),
    path("targets/<slug:code>/", targets.target, name="target"),
    path("indicators/<slug:code>/", indicators.indicator, name="indicator"),
    path("documents/<slug:slug>/", documents.document, name="document"),
    path("method/", method.method, name="method"),
    path("method/manual/", manual.manual, name="manual"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<slug:table>.csv", exports.download, name="export"),
    path("report/", reports.reports, name="reports"),
    path(f"{REPORT}", reports.report, name="report"),
    path(f"{REPORT}report.pdf", report_files.pdf, name="report_pdf"),
    path(f"{REPORT}report.docx", report_files.word, name="report_word"),
    path(f"{REPORT}<slug:tag>.svg", report_files.picture, name="report_picture"),
    path(f"{REPORT}draft/", report_steps.draft, name="report_draft"),
    path(f"{REPORT}upload/", report_steps.upload, name="report_upload"),
    path(f"{REPORT}move/", report_steps.move, name="report_move"),
    path(f"{REPORT}return/", report_steps.give_back, name="report_return"),
]
