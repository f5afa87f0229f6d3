"""What the API takes and gives; figures travel as text, so that no digit is lost."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from indicators.models import Observation, ObservationVersion, Round
from indicators.typed_figures import FIELDS
from targets_site.figures import plain
from targets_site.strict_json import TypedText

MOST_FILES = 100
# What a refusal says again of what was sent.
MOST_KEYS, LONGEST_KEY = 20, 50


class OnlyKnownKeys(serializers.Serializer[Any]):
    """Refuses what it does not name: nobody sets a state or an author by sending it along."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields))[:MOST_KEYS]
        if unknown:
            said = _("The API does not know this key.")
            raise serializers.ValidationError({key[:LONGEST_KEY]: [said] for key in unknown})
        return super().to_internal_value(data)


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": 999_999_999, "nullable": True})
class WholeNumber(TypedText):
    """A number of a version or an id, sent as a number or as text."""

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        if text and not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise serializers.ValidationError(_("This is no whole number."), code="number")
        return int(text) if text else None


class FileIds(serializers.ListField):
    """Ids of attachments; a list that is too long is refused before anything in it is read."""

    child = WholeNumber()

    def to_internal_value(self, data: Any) -> list[Any]:
        if isinstance(data, list) and len(data) > MOST_FILES:
            self.fail("max_length", max_length=MOST_FILES)
        return super().to_internal_value(data)


class TypedFigureSerializer(OnlyKnownKeys):
    """A figure as it would be typed: the texts go to `understand` unread.

    confirmed: where a question was asked, what the answer had in `confirm`.
    """

    read_version = WholeNumber(required=False, default=None)
    confirmed = TypedText(required=False, default="")
    correction_reason = TypedText(required=False, default="")
    evidence = FileIds(required=False, default=list)

    def get_fields(self) -> dict[str, Any]:
        typed = {name: TypedText(required=False, default="") for name in FIELDS}
        return {**typed, **super().get_fields()}


class StepSerializer(OnlyKnownKeys):
    """A step of the workflow: on which version, and why, where it needs a reason."""

    version = WholeNumber()
    reason = TypedText(required=False, default="")


class VersionSerializer(serializers.ModelSerializer[ObservationVersion]):
    """One version; figures as stated, people by user name."""

    series = serializers.CharField(source="observation.series.code")
    year = serializers.IntegerField(source="observation.year")
    value = serializers.SerializerMethodField(method_name="stated_value")
    numerator = serializers.SerializerMethodField(method_name="exact_numerator")
    denominator = serializers.SerializerMethodField(method_name="exact_denominator")
    entered_by = serializers.CharField(source="entered_by.username")
    reviewed_by = serializers.CharField(
        source="reviewed_by.username", default=None, allow_null=True
    )
    evidence: Any = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = ObservationVersion
        fields = (
            "series", "year", "number", "state", *FIELDS, "correction_reason", "evidence",
            "source_grade", "entered_by", "entered_at", "submitted_at", "signed_at",
            "reviewed_by", "reviewed_at", "return_reason",
        )  # fmt: skip

    def stated_value(self, version: ObservationVersion) -> str | None:
        return version.value_as_stated or None

    def exact_numerator(self, version: ObservationVersion) -> str | None:
        return plain(version.numerator) or None

    def exact_denominator(self, version: ObservationVersion) -> str | None:
        return plain(version.denominator) or None


class StoredSerializer(VersionSerializer):
    """A version that was just stored or moved; notes: what was understood otherwise than typed."""

    notes = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta(VersionSerializer.Meta):
        fields = (*VersionSerializer.Meta.fields, "notes")


class RoundSerializer(serializers.ModelSerializer[Round]):
    area = serializers.CharField(source="area.code")
    years = serializers.ListField(child=serializers.IntegerField())

    class Meta:
        model = Round
        fields = ("id", "area", "name", "form_number", "years", "opens_at", "due_at", "closes_at")


class CellSerializer(serializers.ModelSerializer[Observation]):
    """A series and year that somebody asked for; versions that the reader may see, newest first."""

    series = serializers.CharField(source="series.code")
    unit = serializers.CharField(source="series.indicator.unit")
    in_force = serializers.IntegerField(source="in_force.number", default=None, allow_null=True)

    class Meta:
        model = Observation
        fields: tuple[str, ...] = ("series", "year", "unit", "in_force")


class FigureSerializer(CellSerializer):
    """A cell with its versions."""

    versions = VersionSerializer(many=True, read_only=True)

    class Meta(CellSerializer.Meta):
        fields = (*CellSerializer.Meta.fields, "versions")
