"""What may be asked of the API's lists of areas and departments."""

from django import forms

from targets_site.api.asked import Asked, Known, OneOf
from targets_site.places.models import Area, AreaLevel


class AreaAsked(Asked):
    LOOKUPS = {"level": "level", "parent": "parent"}

    level = OneOf(AreaLevel)
    parent = Known(Area.objects.all())


class DepartmentAsked(Asked):
    LOOKUPS = {"area": "area"}

    area: forms.Field = Known(Area.objects.all())
