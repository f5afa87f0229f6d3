"""Where the rows of the policy are typed: a figure of its own for each, and what became of it."""

from dataclasses import dataclass

from indicators.models import Attachment, Observation, ObservationVersion, Series
from indicators.typed_figures import FIELDS
from targets_site.accounts.models import User
from targets_site.audit.models import Entry
from targets_site.figures import plain
from tests.factories import (
    make_area,
    make_department,
    make_figure,
    make_indicator,
    make_post,
    make_round,
    make_series,
    make_user,
)
from tests.indicators.policy import KINDS

YEAR = 2020
LONGEST_SECONDS = 1.0
DEFAULTS = {"bound": "exact", "obs_status": "A"}


@dataclass
class World:
    """series: by id of the row. round_ids: in the order of the rows that each asks for."""

    official: User
    round_ids: list[int]
    series: dict[str, Series]


def make_world(rows, *years, a_round=1000):
    """One official, and a series for each row; a round for 2020 and the years asks for so many
    rows, all of an area and department of its own."""
    official = make_user("official")
    indicators = {kind: make_indicator(kind, **limits) for kind, limits in KINDS.items()}
    world = World(official, [], {})
    for start in range(0, len(rows), a_round):
        area = make_area(f"99{start:04}")
        department = make_department(area)
        make_post(official, department=department)
        world.round_ids.append(make_round(area, YEAR, *years).pk)
        for row in rows[start : start + a_round]:
            world.series[row.id] = make_series(
                area, indicators[row.of], scope=f"row-{len(world.series)}", department=department
            )
            if row.before:
                make_figure(world.series[row.id], YEAR - 1, row.before)
    return world


def counts():
    """What a refusal leaves alone: figures, versions, files, and the trail but for denials and the
    jobs that worked on it."""
    tables = [Observation, ObservationVersion, Attachment]
    trail = Entry.objects.exclude(action__in=["denied", "login", "attach"])
    trail = trail.exclude(object__startswith="job:")
    return [each.objects.count() for each in tables] + [trail.count()]


def stored_at(world):
    """By id of the row, what the one version of its figure says, without blanks and defaults."""
    rows = {series.pk: row for row, series in world.series.items()}
    versions = ObservationVersion.objects.filter(observation__year__gte=YEAR)
    found = {}
    for version in versions.select_related("observation"):
        row = rows[version.observation.series_id]
        assert row not in found
        found[row] = _said(version)
    assert Observation.objects.filter(year__gte=YEAR).count() == len(found)
    return found


def _said(version):
    said = {name: getattr(version, name) for name in FIELDS}
    said["value"] = version.value_as_stated
    said |= {name: plain(said[name]) for name in ["numerator", "denominator"]}
    return {name: text for name, text in said.items() if text and text != DEFAULTS.get(name)}


def differences(found, wanted):
    """Rows that came to something else, with what was wanted."""
    assert found.keys() == wanted.keys()
    return {row: (each, wanted[row]) for row, each in found.items() if each != wanted[row]}
