from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "targets_site.places"
    label = "places"
