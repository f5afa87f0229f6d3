"""Areas and departments as the API says them."""

from typing import Any

from rest_framework import serializers

from targets_site.api.fields import Code, Text, Whole
from targets_site.places.models import Area, AreaLevel, Department


class AreaSerializer(serializers.Serializer[Area]):
    area_code = Text("code")
    area_zh = Text("name_zh")
    area_en = Text("name_en")
    level = Code(AreaLevel)
    parent: Any = Text("parent.code")  # DRF's serializers have a `parent` of their own
    from_year = Whole()
    to_year = Whole()
    successor = Text("successor.code")


class DepartmentSerializer(serializers.Serializer[Department]):
    department_code = Text("code")
    area_code = Text("area.code")
    department_zh = Text("name_zh")
    department_en = Text("name_en")
    from_year = Whole()
    to_year = Whole()
    successor = Text("successor.code")
