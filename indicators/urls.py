from django.urls import path

from indicators import api
from indicators.views import (
    attachments,
    cells,
    completeness,
    entry,
    history,
    imports,
    judgements,
    readings,
    review,
    rounds,
)

app_name = "indicators"
urlpatterns = [
    path("api/v1/rounds/", api.rounds, name="api_rounds"),
    path("api/v1/versions/", api.versions, name="api_versions"),
    path("api/v1/figures/<series_code:code>/<year:year>/", api.figure, name="api_figure"),
    path("api/v1/figures/<series_code:code>/<year:year>/<step:name>/", api.step, name="api_step"),
    path("entry/", entry.tasks, name="entry"),
    path("entry/<id:round_id>/", entry.grid, name="grid"),
    path("entry/<id:round_id>/submit/", entry.submit_many, name="submit_many"),
    path("entry/series/<series_code:code>/<year:year>/", cells.cell, name="correct"),
    path(
        "entry/series/<series_code:code>/<year:year>/submit/", cells.submit_cell, name="submit_cell"
    ),
    path(
        "entry/series/<series_code:code>/<year:year>/recall/", cells.recall_cell, name="recall_cell"
    ),
    path("entry/<id:round_id>/<series_code:code>/<year:year>/", cells.cell, name="cell"),
    path(
        "entry/<id:round_id>/<series_code:code>/<year:year>/submit/",
        cells.submit_cell,
        name="submit_cell",
    ),
    path(
        "entry/<id:round_id>/<series_code:code>/<year:year>/recall/",
        cells.recall_cell,
        name="recall_cell",
    ),
    path("entry/imports/", imports.own_imports, name="imports"),
    path("entry/imports/new/", imports.new_import, name="new_import"),
    path("entry/imports/<id:import_id>/", imports.import_detail, name="import"),
    path("entry/imports/<id:import_id>/progress/", imports.import_progress, name="import_progress"),
    path("entry/imports/<id:import_id>/store/", imports.store_import, name="store_import"),
    path("entry/imports/<id:import_id>/discard/", imports.discard_import, name="discard_import"),
    path("entry/<id:round_id>/template.xlsx", imports.template, name="template"),
    path("entry/attachments/", attachments.attach, name="attach"),
    path("entry/attachments/<id:attachment_id>/", attachments.download, name="attachment"),
    path("entry/<id:round_id>/materials/", attachments.materials, name="materials"),
    path(
        "entry/<id:round_id>/form/<id:department_id>/",
        attachments.submission_form,
        name="submission_form",
    ),
    path("entry/judgements/<slug:code>/<year:year>/", judgements.judge, name="judge"),
    path("reference/readings/", readings.readings, name="readings"),
    path("reference/readings/<slug:code>/", readings.reading, name="reading"),
    path("reference/readings/<id:proposal_id>/confirm/", readings.confirm, name="confirm_reading"),
    path("reference/readings/<id:proposal_id>/refuse/", readings.refuse, name="refuse_reading"),
    path("review/", review.queue, name="review"),
    path("review/approve/", review.approve, name="approve"),
    path("review/return/", review.return_figures, name="return_figures"),
    path("review/sign/", review.sign_queue, name="sign_queue"),
    path("review/sign/sign/", review.sign, name="sign"),
    path("review/sign/return/", review.sign_return, name="sign_return"),
    path("review/changed/", history.changed, name="changed"),
    path(
        "review/figure/<series_code:code>/<year:year>/",
        history.figure_history,
        name="figure_history",
    ),
    path(
        "review/judgement/<slug:code>/<year:year>/",
        history.judgement_history,
        name="judgement_history",
    ),
    path("review/rounds/", rounds.rounds, name="rounds"),
    path("review/rounds/new/", rounds.new_round, name="new_round"),
    path("review/rounds/<id:round_id>/", rounds.round_detail, name="round"),
    path("review/rounds/<id:round_id>/change/", rounds.change_round, name="change_round"),
    path("review/rounds/<id:round_id>/exceptions/", rounds.grant_exception, name="grant_exception"),
    path("review/completeness/", completeness.completeness, name="completeness"),
    path("review/completeness/owed/", completeness.owed, name="owed"),
    path("review/completeness/owed.xlsx", completeness.owed_sheet, name="owed_sheet"),
    path("review/completeness/letters/<id:round_id>/", completeness.letters, name="letters"),
]
