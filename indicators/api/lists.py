"""What programs read of indicators, targets, figures and verdicts."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from indicators.forms import api as asked
from indicators.models import Indicator, ObservationVersion, Series
from indicators.queries import api as queries
from indicators.serializers.figures import VersionSerializer
from indicators.serializers.measures import IndicatorSerializer, SeriesSerializer
from indicators.serializers.observations import ObservationSerializer
from indicators.serializers.targets import TargetSerializer, VerdictSerializer
from indicators.views.shared import person
from targets_site.api.lists import read_list


def _versions(request: Request) -> QuerySet[ObservationVersion]:
    return queries.versions().readable_by(person(request._request))


indicators = read_list(
    "indicators",
    about=_("What is measured"),
    rows=lambda _request: Indicator.objects.all(),
    order={"code": str},
    asked=asked.IndicatorAsked,
    shown=IndicatorSerializer,
)
series = read_list(
    "series",
    about=_("Indicators in an area, under one scope each"),
    rows=lambda _request: Series.objects.select_related("area", "indicator"),
    order={"code": str},
    asked=asked.SeriesAsked,
    shown=SeriesSerializer,
)
targets = read_list(
    "targets",
    about=_("Targets in force, with their readings"),
    rows=lambda _request: queries.targets(),
    order={"code": str},
    asked=asked.TargetAsked,
    shown=TargetSerializer,
)
observations = read_list(
    "observations",
    about=_("Yearly figures in force"),
    rows=lambda _request: queries.observations(),
    order={"series__code": str, "year": int},
    asked=asked.ObservationAsked,
    shown=ObservationSerializer,
)
versions = read_list(
    "versions",
    about=_("Versions of yearly figures that the person may read"),
    rows=_versions,
    order={"observation__series__code": str, "observation__year": int, "number": int},
    asked=asked.VersionAsked,
    shown=VersionSerializer,
    who=IsAuthenticated,
)
verdicts = read_list(
    "verdicts",
    about=_("Verdicts in force, of each as-of year"),
    rows=lambda _request: queries.verdicts(),
    order={"target__code": str, "as_of": int},
    asked=asked.VerdictAsked,
    shown=VerdictSerializer,
)
