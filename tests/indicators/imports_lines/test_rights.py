"""Rights and rounds of the lines of a file."""

from datetime import timedelta

import pytest
from django.utils import timezone

from indicators.actions import entry, workflow
from indicators.enums import ImportState, State
from indicators.models import (
    ObservationVersion,
    RoundException,
    SeriesDepartment,
)
from targets_site.audit.models import Entry
from tests.factories import (
    make_department,
    make_figure,
    make_official,
    make_reviewer,
    make_round,
    make_signer,
)
from tests.indicators.importing import (
    add_series,
    changed_line,
    csv_file,
    outcomes_of,
    problems_of,
    read,
    store,
)
from tests.indicators.imports_lines.world import BY_SERIES, only_line, saved

pytestmark = pytest.mark.django_db


NO_ROUND = "No round asks your department for this year now."


NOT_YOURS = "Your department does not report this in that year."


def test_a_closed_round_can_be_opened_by_an_exception(world):
    closed = make_round(
        world.series.area,
        2018,
        opens_at=timezone.now() - timedelta(days=30),
        due_at=timezone.now() - timedelta(days=20),
        closes_at=timezone.now() - timedelta(days=10),
    )
    content = csv_file(changed_line(年份="2018"))

    assert problems_of(read(content, by=world.official)) == [(2, "年份", NO_ROUND)]

    RoundException.objects.create(
        round=closed,
        department=world.department,
        until=timezone.now() + timedelta(days=1),
        reason="补报",
        granted_by=make_reviewer(area=world.series.area),
    )
    assert outcomes_of(read(content, by=world.official)) == [(2, "new")]


def test_the_years_of_the_department(world):
    SeriesDepartment.objects.update(to_year=2019)

    imported = read(csv_file(changed_line()), by=world.official)

    assert problems_of(imported) == [(2, "", NOT_YOURS)]


def test_the_successor_of_a_department_reports_its_series(world):
    successor = make_department(world.series.area, "省新局")
    world.department.successor = successor
    world.department.save()
    imported = read(csv_file(changed_line()), by=make_official("li", successor))

    assert outcomes_of(imported) == [(2, "new")]


@pytest.mark.parametrize("has_signer", [True, False])
def test_what_waits_for_a_decision_is_left_alone(world, has_signer):
    if has_signer:
        make_signer(department=world.department)
    entry.submit(version=saved(world, value="97"), by=world.official)

    imported = read(csv_file(changed_line()), by=world.official)

    assert problems_of(imported) == [
        (2, "", "The figure is submitted and waits for a decision; recall it first.")
    ]


def test_what_was_returned_stays_open_though_the_round_is_closed(world):
    sent = entry.submit(version=saved(world, value="97"), by=world.official)
    workflow.return_to_official(
        version=sent, by=make_reviewer(area=world.series.area), reason="不对"
    )
    past = timezone.now() - timedelta(days=1)
    world.series.area.rounds.update(due_at=past, closes_at=past)

    line = only_line(read(csv_file(changed_line()), by=world.official))

    assert (line.outcome, line.read_version, line.value_before) == ("changed", 1, "97")
    sent.__class__.objects.update(returned_by_signer=True)
    assert problems_of(read(csv_file(changed_line()), by=world.official)) == [
        (2, "年份", "No round asks your department for this year now.")
    ]


def test_an_approved_figure_changes_with_a_reason_for_the_file(world):
    make_figure(world.series, 2020, "97.1")

    imported = read(csv_file(changed_line()), by=world.official, reason="统计局修订")
    stored = store(imported, confirmed=True)

    assert stored.state == ImportState.STORED
    version = ObservationVersion.objects.get(number=2)
    assert (version.correction_reason, version.state) == ("统计局修订", State.DRAFT)
    assert version.observation.in_force.number == 1


def test_a_reason_is_kept_only_where_something_is_corrected(world):
    stored = store(read(csv_file(changed_line()), by=world.official, reason="更正"))

    assert stored.state == ImportState.STORED
    assert ObservationVersion.objects.get().correction_reason == ""


def test_foreign_lines_are_a_denied_access(world):
    add_series(world, "0202", department=make_department(world.series.area, "省林业厅"))
    rows = [changed_line(指标代码="0202"), changed_line()]

    imported = read(csv_file(*rows), by=world.official)

    denied = Entry.objects.filter(action="denied").values_list("object", "actor", "reason")
    assert list(denied) == [(f"import:{imported.pk}", "wang", "lines of other departments: 1")]


def test_a_foreign_draft_is_not_given_away(world):
    """A line that equals it is refused as any other."""
    other = make_department(world.series.area, "省林业厅")
    foreign = add_series(world, "0202", department=other)
    make_figure(foreign, 2020, "97")
    make_figure(foreign, 2020, "98.5", state=State.DRAFT)
    observation = foreign.observations.get()
    observation.in_force = observation.versions.get(number=1)
    observation.save()

    draft = read(csv_file(changed_line(指标代码="0202")), by=world.official)
    in_force = read(csv_file([foreign.code, "2020", "97"], headings=BY_SERIES), by=world.official)

    assert problems_of(draft) == [(2, "", NOT_YOURS)]
    assert outcomes_of(in_force) == [(2, "unchanged")]
