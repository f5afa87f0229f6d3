from django.urls import path

from targets_site.places import api

app_name = "places"
urlpatterns = [
    path("api/v1/areas/", api.areas, name="api_areas"),
    path("api/v1/departments/", api.departments, name="api_departments"),
]
