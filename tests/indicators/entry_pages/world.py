"""What an official finds to do, and the grid of a round."""

from indicators.models import (
    Observation,
    ObservationVersion,
)
from tests.factories import (
    make_reading,
    make_series,
    make_target,
    make_user,
)

TASKS = "/entry/"


def make_owed(department, scope="all", **target):
    """A series that a target from 2011 to 2020 counts on, with the target."""
    series = make_series(scope=scope, department=department)
    code = f"plan-2011-{len(scope) * 100 + ord(scope[-1]):03}"
    wanted = make_target(code, **target)
    make_reading(wanted, series)
    return series


def make_version(series, year, value="98.4", **fields):
    """A version that is being worked on, beside whatever is in force."""
    observation, _ = Observation.objects.get_or_create(series=series, year=year)
    fields = {
        "number": observation.versions.count() + 1,
        "value": value,
        "stated_decimals": 1,
        "source_title": "统计公报",
        "source_grade": "reported",
        "entered_by": make_user(f"colleague{ObservationVersion.objects.count()}"),
        **fields,
    }
    version = ObservationVersion.objects.create(observation=observation, **fields)
    observation.working = version
    observation.save(update_fields=["working"])
    return version


def grid_address(one):
    return f"/entry/{one.pk}/"


def cells_of(response):
    """By series code and year, the state of each cell in the order of the page."""
    cells = response.context["grid"].cells
    return [(cell.series.code, cell.year, cell.state) for cell in cells]
