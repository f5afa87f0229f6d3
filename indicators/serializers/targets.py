"""Targets with their readings, and verdicts, as the API says them: the columns of `export targets`
and `export verdicts`, lists as lists."""

from rest_framework import serializers

from indicators.enums import Light, Nature, SourceGrade, Status
from indicators.models import Verdict
from plans.enums import Comparator, DepartmentPart, Firmness, Kind
from plans.models import Target
from targets_site.api.fields import Code, Figure, Moment, Text, Whole, Years


class TargetSerializer(serializers.Serializer[Target]):
    """Needs what `queries.api.targets` selects."""

    document = Text("document.slug")
    target_code = Text("code")
    area_code = Text("area.code")
    area_zh = Text("area.name_zh")
    domain = Text("domain.code")
    statement_zh = Text()
    statement_en = Text()
    kind = Code(Kind)
    comparator = Code(Comparator, blank=True)
    value = Figure("value", decimals="stated_decimals")
    value_upper = Figure("value_upper", decimals="stated_decimals")
    unit = Text()
    target_year = Whole()
    firmness = Code(Firmness)
    key = serializers.BooleanField(read_only=True)
    stated = Text()
    locator = Text()
    series = Text("reading_series")
    indicator_code = Text("reading_indicator")
    start_year = Whole("document.start_year", null=False)
    hold_from = Whole("reading_hold_from")
    tolerance = Figure("reading_tolerance")
    baseline_year = Whole("reading_baseline_year")
    baseline_value = Figure("reading_baseline_value")
    nature = Code(Nature, "reading_nature", blank=True)
    frequency = Whole("reading_frequency")
    lead_departments = serializers.SerializerMethodField()
    lead_department_codes = serializers.SerializerMethodField()
    responsible_departments = serializers.SerializerMethodField()
    responsible_department_codes = serializers.SerializerMethodField()
    replaces = serializers.SerializerMethodField()

    def get_lead_departments(self, target: Target) -> list[str]:
        return [each.name_zh for each in target.departments_as(DepartmentPart.LEAD)]

    def get_lead_department_codes(self, target: Target) -> list[str]:
        return [each.code for each in target.departments_as(DepartmentPart.LEAD)]

    def get_responsible_departments(self, target: Target) -> list[str]:
        return [each.name_zh for each in target.departments_as(DepartmentPart.RESPONSIBLE)]

    def get_responsible_department_codes(self, target: Target) -> list[str]:
        return [each.code for each in target.departments_as(DepartmentPart.RESPONSIBLE)]

    def get_replaces(self, target: Target) -> list[str]:
        """A target that was corrected stands once."""
        return sorted({each.code for each in target.replaces.all()})


class VerdictSerializer(serializers.Serializer[Verdict]):
    document = Text("target.document.slug")
    target_code = Text("target.code")
    area_code = Text("target.area.code")
    series = Text("reading.series.code")
    indicator_code = Text("reading.series.indicator.code")
    statement_zh = Text("target.statement_zh")
    target_year = Whole("target.target_year")
    kind = Code(Kind, "target.kind")
    comparator = Code(Comparator, "target.comparator", blank=True)
    value = Figure("target.value", decimals="target.stated_decimals")
    unit = Text("target.unit")
    as_of = Whole(null=False)
    status = Code(Status)
    light = Code(Light)
    actual_year = Whole()
    actual_value = Figure("actual_value", decimals="actual_decimals")
    gap = Figure("gap")
    baseline_year = Whole()
    baseline_value = Figure("baseline_value", decimals="baseline_decimals")
    expected_value = Figure("expected_value")
    ratio = Figure("ratio")
    share = Figure("share")
    required_pace = Figure("required_pace")
    last_pace = Figure("last_pace")
    missing_years = Years()
    breached_years = Years()
    side_year = Whole()
    side_value = Figure("side_value", decimals="side_decimals")
    source_grade = Code(SourceGrade, blank=True)
    method_version = Text()
    computed_at = Moment("recorded_at")
