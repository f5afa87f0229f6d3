"""What may be asked of the API's lists of indicators, series, targets, figures and verdicts."""

from indicators.enums import Light, Nature, SourceGrade, State, Status
from indicators.models import Indicator, Series
from plans.enums import Firmness, Kind
from plans.models import Document, Domain, Target
from targets_site.api.asked import Asked, Flag, Known, OneOf, Year
from targets_site.places.models import Area


class IndicatorAsked(Asked):
    LOOKUPS = {"nature": "nature"}

    nature = OneOf(Nature)


class SeriesAsked(Asked):
    LOOKUPS = {"area": "area", "indicator": "indicator"}

    area = Known(Area.objects.all())
    indicator = Known(Indicator.objects.all())


class ObservationAsked(Asked):
    LOOKUPS = {
        "area": "series__area",
        "indicator": "series__indicator",
        "series": "series",
        "year": "year",
        "source_grade": "in_force__source_grade",
    }

    area = Known(Area.objects.all())
    indicator = Known(Indicator.objects.all())
    series = Known(Series.objects.all())
    year = Year()
    source_grade = OneOf(SourceGrade)


class VersionAsked(Asked):
    LOOKUPS = {
        "area": "observation__series__area",
        "indicator": "observation__series__indicator",
        "series": "observation__series",
        "year": "observation__year",
        "state": "state",
    }

    area = Known(Area.objects.all())
    indicator = Known(Indicator.objects.all())
    series = Known(Series.objects.all())
    year = Year()
    state = OneOf(State)


class TargetAsked(Asked):
    """`target_code`: one target; `target_year`: the year to which it is promised."""

    LOOKUPS = {
        "area": "area",
        "document": "document",
        "domain": "domain",
        "target_code": "code",
        "kind": "kind",
        "firmness": "firmness",
        "target_year": "target_year",
        "key": "key",
        "indicator": "reading__series__indicator",
        "series": "reading__series",
    }

    area = Known(Area.objects.all())
    document = Known(Document.objects.all(), "slug")
    domain = Known(Domain.objects.all())
    target_code = Known(Target.objects.in_force())
    kind = OneOf(Kind)
    firmness = OneOf(Firmness)
    target_year = Year()
    key = Flag()
    indicator = Known(Indicator.objects.all())
    series = Known(Series.objects.all())


class VerdictAsked(TargetAsked):
    LOOKUPS = {
        **{
            name: lookup if lookup.startswith("reading") else f"target__{lookup}"
            for name, lookup in TargetAsked.LOOKUPS.items()
        },
        "as_of": "as_of",
        "status": "status",
        "light": "light",
        "source_grade": "source_grade",
    }

    as_of = Year()
    status = OneOf(Status)
    light = OneOf(Light)
    source_grade = OneOf(SourceGrade)
