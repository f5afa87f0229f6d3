"""What a look finds among the figures in force, once each, and what becomes of it later."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.actions.questions import find_questions
from indicators.enums import QuestionRule
from indicators.models import Finding, Question
from indicators.queries.signs import seen_in
from indicators.question_words import said
from targets_site.audit.models import Entry
from targets_site.places.models import Department
from tests.factories import (
    make_area,
    make_department,
    make_figure,
    make_indicator,
    make_reading,
    make_round,
    make_series,
    make_target,
)
from tests.indicators.questions_world import make_jump, make_question

pytestmark = pytest.mark.django_db


def found():
    find_questions()
    return {each.identity: each for each in Question.objects.all()}


def test_a_jump_is_found_with_its_numbers():
    department = make_department()
    series = make_jump(department)

    (one,) = found().values()

    assert one.identity == f"jump:{series.code}:2017"
    assert (one.area, one.department, one.series) == (department.area, department, series)
    assert (one.first_year, one.year) == (2016, 2017)
    finding = one.findings.get()
    assert finding.facts["away"] == "2.5"
    assert [(each["year"], each["value"]) for each in finding.figures] == [
        (2017, "98.5"),
        (2016, "95.0"),
    ]
    assert one.version.value == Decimal("98.5")


def test_the_same_is_asked_once_and_noted_once():
    make_jump()
    first = find_questions()
    second = find_questions()

    assert (first.new, bool(second)) == (1, False)
    assert Question.objects.count() == Finding.objects.count() == 1
    (entry,) = Entry.objects.filter(action="find_questions")
    assert (entry.after["new"], entry.actor) == (1, "")


def test_what_is_found_no_longer_stays_and_can_come_back():
    series = make_jump()
    find_questions()
    make_figure(series, 2017, "96.0")
    gone = find_questions()
    one = Question.objects.get()
    stands_then = list(one.findings.standing())
    make_figure(series, 2017, "98.5")
    back = find_questions()

    assert (gone.gone, stands_then, back.new) == (1, [], 1)
    assert one.findings.count() == 2
    assert one.findings.standing().get().found_at == one.findings.latest("pk").found_at


def test_other_numbers_are_a_further_finding_of_the_same_question():
    series = make_jump()
    find_questions()
    make_figure(series, 2017, "99.5")
    look = find_questions()

    one = Question.objects.get()
    assert (look.new, look.changed, look.gone) == (0, 1, 0)
    newer, older = one.findings.all()
    assert (older.facts["away"], newer.facts["away"]) == ("2.5", "3.5")
    assert older.gone_at == newer.found_at


def test_only_the_areas_looked_at_change():
    here = make_jump()
    there = make_department(make_area("980000"), "他省农业厅")
    make_jump(there, code="elsewhere")

    look = find_questions(areas=[here.area_id])

    assert look.new == 1
    assert find_questions().new == 1


def test_figures_just_above_their_targets_across_a_department():
    department = make_department()
    for at in range(11):
        series = make_series(department.area, make_indicator(f"m{at}"), department=department)
        make_reading(make_target(f"plan-2011-{at + 1:03}"), series)
        make_figure(series, 2020, f"98.{at % 4}{at}")

    (one,) = found().values()

    assert one.identity == f"bunched:{department.code}:2020"
    assert one.series is None
    assert one.findings.get().facts["probability"] == "177147/48828125"


def test_a_successor_answers_for_what_it_took_over():
    department = make_department()
    make_jump(department)
    new = make_department(name_zh="省农业农村厅")
    Department.objects.filter(pk=department.pk).update(successor=new)

    (one,) = found().values()

    assert one.department == new


def test_a_break_that_helps():
    department = make_department()
    series = make_series(department=department)
    make_reading(make_target(), series)
    for year, value in [(2011, "95.0"), (2012, "95.5"), (2013, "96.0")]:
        make_figure(series, year, value)
    make_figure(series, 2014, "98.1", obs_status="B")

    (one,) = found().values()

    assert one.rule == QuestionRule.HELPFUL_BREAK
    assert one.findings.get().facts["gap"] == "1.5"


def test_a_break_on_a_bounded_figure_is_one_of_the_figure_after_it():
    series = make_series()
    make_reading(make_target(), series)
    for year, value in [(2011, "95.0"), (2012, "95.5"), (2013, "96.0")]:
        make_figure(series, year, value)
    make_figure(series, 2014, "98.0", obs_status="B", bound="at_least")
    make_figure(series, 2015, "98.1")

    (one,) = found().values()

    assert (one.rule, one.year) == (QuestionRule.HELPFUL_BREAK, 2015)


@pytest.mark.parametrize(("days", "rules"), [(3, [QuestionRule.LATE_EDIT]), (-3, [])])
def test_a_correction_after_the_deadline_by_which_a_target_is_met(days, rules):
    now = timezone.now()
    department = make_department()
    series = make_series(department=department)
    make_reading(make_target(), series)
    make_round(
        series.area, 2020,
        opens_at=now - timedelta(days=60), due_at=now - timedelta(days=30),
        closes_at=now + timedelta(days=30),
    )  # fmt: skip
    make_figure(series, 2020, "97.2", entered_at=now - timedelta(days=50))
    make_figure(series, 2020, "98.0", entered_at=now - timedelta(days=30 - days))

    asked = list(found().values())

    assert [each.rule for each in asked] == rules
    assert [each.findings.get().facts["days"] for each in asked] == ["4"] * len(rules)


def test_eight_late_corrections_to_the_better():
    now = timezone.now()
    department = make_department()
    times = {"opens_at": now - timedelta(60), "due_at": now - timedelta(30)}
    make_round(department.area, 2020, **times)
    for at in range(8):
        series = make_series(department.area, make_indicator(f"m{at}"), department=department)
        make_reading(make_target(f"plan-2011-{at + 1:03}"), series)
        make_figure(series, 2020, f"9{at}.1", entered_at=now - timedelta(50))
        make_figure(series, 2020, f"9{at}.2", entered_at=now)

    asked = found()

    assert list(asked) == [f"late_edits:{department.code}:2020"]


def test_the_same_figure_in_three_series_of_a_department():
    department = make_department()
    for at in range(3):
        series = make_series(department.area, make_indicator(f"m{at}"), department=department)
        make_figure(series, 2019, "93.37")

    assert list(found()) == [f"repeated_series:{department.code}:2019:93.37"]


def test_a_run_that_goes_on_stays_the_same_question():
    series = make_series()
    for since, value in enumerate(("90.10", "91.20", "92.40", "93.30", "93.30", "93.30")):
        make_figure(series, 2011 + since, value)
    find_questions()
    make_figure(series, 2017, "93.30")
    look = find_questions()

    one = Question.objects.get()
    assert one.identity == f"repeated_years:{series.code}:2014"
    assert (look.changed, one.year) == (1, 2017)


def test_the_number_of_queries_does_not_grow_with_what_is_looked_at():
    def queries(areas):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            seen_in(areas)
        return len(captured)

    one = make_jump().area
    few = queries([one.pk])
    for at in range(3):
        make_jump(make_department(make_area(f"98000{at}"), "厅"), code=f"more-{at}")
        make_jump(make_department(), code=f"again-{at}")
    everywhere = list(Department.objects.values_list("area", flat=True).distinct())

    assert queries(everywhere) == few


def test_every_rule_has_words_for_what_it_states(settings):
    """The sentence, the reasons and each line of the arithmetic, of a question that was found."""
    words = said(make_question())

    assert "98.5" in words.sentence
    assert words.innocent
    assert [value for _label, value in words.arithmetic][-1] == "2.4个百分点"
