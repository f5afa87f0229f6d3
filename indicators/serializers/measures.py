"""Indicators and series as the API says them."""

from rest_framework import serializers

from indicators.enums import Nature
from indicators.models import Indicator, Series
from targets_site.api.fields import Code, Figure, Text, Whole


class IndicatorSerializer(serializers.Serializer[Indicator]):
    indicator_code = Text("code")
    indicator_zh = Text("name_zh")
    indicator_en = Text("name_en")
    definition_zh = Text()
    definition_en = Text()
    unit = Text()
    decimals = Whole(null=False)
    smallest = Figure("smallest")
    largest = Figure("largest")
    nature = Code(Nature)
    verified_by = Text()
    collected_from = Text()
    required_accuracy = Text()
    known_limits = Text()
    limits_handled = Text()


class SeriesSerializer(serializers.Serializer[Series]):
    series = Text("code")
    area_code = Text("area.code")
    indicator_code = Text("indicator.code")
    scope = Text()
    scope_zh = Text()
    scope_en = Text()
    frequency = Whole(null=False)
