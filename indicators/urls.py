from django.urls import path

from indicators.views import entry, review

app_name = "indicators"
urlpatterns = [
    path("entry/", entry.series_list, name="entry"),
    path("entry/<series_code:code>/", entry.enter_figure, name="enter_figure"),
    path("review/", review.queue, name="review"),
    path("review/<int:version_id>/approve/", review.approve, name="approve"),
    path("review/<int:version_id>/return/", review.return_figure, name="return_figure"),
]
