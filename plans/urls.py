from django.urls import path

from plans import api

app_name = "plans"
urlpatterns = [
    path("api/v1/domains/", api.domains, name="api_domains"),
    path("api/v1/documents/", api.documents, name="api_documents"),
]
