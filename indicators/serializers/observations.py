"""Figures in force as the API says them: the columns of `export observations`."""

from rest_framework import serializers

from indicators.enums import Bound, SourceGrade, State
from indicators.models import Observation
from targets_site.api.fields import Code, Figure, Moment, Text, Whole


class ObservationSerializer(serializers.Serializer[Observation]):
    series = Text("series.code")
    area_code = Text("series.area.code")
    area_zh = Text("series.area.name_zh")
    indicator_code = Text("series.indicator.code")
    indicator_zh = Text("series.indicator.name_zh")
    indicator_en = Text("series.indicator.name_en")
    scope = Text("series.scope")
    year = Whole(null=False)
    value = Figure("in_force.value", decimals="in_force.stated_decimals")
    unit = Text("series.indicator.unit")
    bound = Code(Bound, "in_force.bound")
    numerator = Figure("in_force.numerator")
    denominator = Figure("in_force.denominator")
    obs_status = Text("in_force.obs_status")
    missing_reason = Text("in_force.missing_reason")
    source_title = Text("in_force.source_title")
    source_url = Text("in_force.source_url")
    source_grade = Code(SourceGrade, "in_force.source_grade")
    published_as = Text("in_force.published_as")
    published_on = Text("in_force.published_on")
    state = Code(State, "in_force.state")
    version = Whole("in_force.number", null=False)
    entered_by = Text("in_force.entered_by.username")
    entered_at = Moment("in_force.entered_at")
    approved_by = Text("in_force.reviewed_by.username")
    approved_at = Moment("in_force.reviewed_at")
    note = Text("in_force.remark")
