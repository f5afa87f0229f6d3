"""What rounds ask for: of whom, whether it is owed, and since when it is late."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from indicators.actions import workflow
from indicators.enums import CellState, State
from indicators.models import Round, SeriesDepartment, TargetReading
from indicators.queries.asked import asked_figures, asked_judgements
from plans.models import Target
from targets_site.places.models import Department
from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_figure,
    make_indicator,
    make_reading,
    make_round,
    make_series,
    make_target,
    make_text_target,
    name_department,
)
from tests.indicators.steps import KINDS, Figure, InWords, bring_to, make_hands, open_round

pytestmark = pytest.mark.django_db
DUE = datetime(2025, 12, 31, 16, 0, 0, tzinfo=UTC)
ONE_SECOND = timedelta(seconds=1)


@pytest.fixture
def department():
    return make_department()


def figures(*rounds, departments=None):
    """Round, department, series, year and whether it is owed."""
    return [
        (each.round, each.department, each.series, each.year, each.is_owed)
        for each in asked_figures(rounds, departments=departments)
    ]


# Which figures


def test_a_round_asks_for_every_series_and_year(department):
    first = make_series(department=department)
    second = make_series(indicator=make_indicator("forest-cover"), department=department)
    one = make_round(None, 2018, 2020)

    assert figures(one) == [
        (one, department, second, 2018, False),
        (one, department, second, 2020, False),
        (one, department, first, 2018, False),
        (one, department, first, 2020, False),
    ]


def test_nothing_is_asked_of_series_that_nobody_reports():
    make_series()

    assert figures(make_round(None, 2020)) == []


def test_no_rounds_ask_for_nothing(department):
    make_series(department=department)
    make_text_target()

    assert (asked_figures([]), asked_judgements([])) == ([], [])


@pytest.mark.parametrize(
    ("target", "series", "owed"),
    [
        pytest.param({"target_year": 2020}, {}, [2011, 2015, 2020], id="until-the-target-year"),
        pytest.param({"target_year": 2015}, {}, [2011, 2015], id="a-milestone"),
        pytest.param({"target_year": None}, {}, [2011, 2015, 2020], id="no-year-until-the-end"),
        pytest.param({}, {"frequency": 5}, [], id="surveyed-every-five-years"),
        pytest.param({"superseded_at": timezone.now()}, {}, [], id="no-longer-in-force"),
    ],
)
def test_owed_is_what_a_target_counts_on(department, target, series, owed):
    measured = make_series(department=department, **series)
    make_reading(make_target(**target), measured)
    one = make_round(None, 2010, 2011, 2015, 2020, 2021)

    found = {year: is_owed for _round, _at, _series, year, is_owed in figures(one)}

    assert found == {year: year in owed for year in (2010, 2011, 2015, 2020, 2021)}


def test_a_superseded_reading_owes_nothing(department):
    series = make_series(department=department)
    make_reading(make_target(), series, superseded_at=timezone.now())

    assert [row[-1] for row in figures(make_round(None, 2020))] == [False]


def test_two_targets_of_one_series_are_owed_once(department):
    series = make_series(department=department)
    make_reading(make_target("plan-2011-001"), series)
    make_reading(make_target("plan-2011-002", target_year=2015), series)
    one = make_round(None, 2015)

    assert figures(one) == [(one, department, series, 2015, True)]


def test_years_of_links_say_who_reports(department):
    later = make_department(name_zh="省林业厅")
    series = make_series()
    SeriesDepartment.objects.create(series=series, department=department, to_year=2018)
    SeriesDepartment.objects.create(series=series, department=later, from_year=2019, to_year=2019)
    one = make_round(None, 2018, 2019, 2020)

    assert figures(one) == [
        (one, department, series, 2018, False),
        (one, later, series, 2019, False),
    ]


def test_the_department_of_today_is_named(department):
    """The one that reports was merged into another, which was merged again."""
    middle = make_department(name_zh="省农业委员会")
    today = make_department(name_zh="省农业农村厅")
    Department.objects.filter(pk=department.pk).update(successor=middle)
    Department.objects.filter(pk=middle.pk).update(successor=today)
    series = make_series(department=department)
    one = make_round(None, 2020)

    assert figures(one) == [(one, today, series, 2020, False)]
    assert figures(one, departments=[department.pk]) == [(one, today, series, 2020, False)]
    assert figures(one, departments=[today.pk]) == []


def test_departments_that_succeed_each_other_in_a_circle_end_somewhere(department):
    other = make_department(name_zh="省农业委员会")
    Department.objects.filter(pk=department.pk).update(successor=other)
    Department.objects.filter(pk=other.pk).update(successor=department)
    make_series(department=department)

    assert [row[1] for row in figures(make_round(None, 2020))] == [other]


def test_several_rounds_stand_one_after_another_the_next_due_first(department):
    series = make_series(department=department)
    far = make_department(make_area("980000"), name_zh="省水利厅")
    far_series = make_series(far.area, department=far)
    now = timezone.now()
    late = make_round(None, 2019, due_at=now + timedelta(9))
    early = make_round(far.area, 2020, due_at=now + timedelta(3))
    between = make_round(None, 2020, due_at=now + timedelta(5))

    assert figures(late, early, between) == [
        (early, far, far_series, 2020, False),
        (between, department, series, 2020, False),
        (late, department, series, 2019, False),
    ]


def test_rounds_due_at_the_same_time_are_not_mixed(department):
    second = make_department(name_zh="省林业厅")
    for code, each in (("first", department), ("second", second)):
        make_series(indicator=make_indicator(code), department=each)
    due = timezone.now() + timedelta(5)
    one, two = (make_round(None, year, due_at=due) for year in (2019, 2020))

    found = [(row[0], row[1]) for row in figures(two, one)]

    assert found == [(one, department), (one, second), (two, department), (two, second)]


def test_owed_ones_come_first(department):
    owed = make_series(indicator=make_indicator("zinc"), department=department)
    may = make_series(indicator=make_indicator("arable-land"), department=department)
    make_reading(make_target(), owed)

    found = [(row[2], row[-1]) for row in figures(make_round(None, 2020))]

    assert found == [(owed, True), (may, False)]


def test_only_the_departments_asked_about(department):
    other = make_department(name_zh="省林业厅")
    mine = make_series(department=department)
    make_series(indicator=make_indicator("forest-cover"), department=other)
    one = make_round(None, 2020)

    assert [row[2] for row in figures(one, departments={department.pk})] == [mine]
    assert figures(one, departments=[]) == []


# The same once more, slowly


def slowly(rounds, departments):
    found = set()
    for one in rounds:
        for link in SeriesDepartment.objects.all():
            if link.series.area != one.area:
                continue
            if departments is not None and link.department_id not in departments:
                continue
            for row in one.year_rows.all():
                after_start = link.from_year is None or row.year >= link.from_year
                before_end = link.to_year is None or row.year <= link.to_year
                if not (after_start and before_end):
                    continue
                owed = False
                for reading in TargetReading.objects.filter(series=link.series):
                    target = reading.target
                    last = target.target_year or target.document.end_year
                    counts = reading.superseded_at is None and target.superseded_at is None
                    yearly = link.series.frequency == 1
                    in_time = target.document.start_year <= row.year <= last
                    owed = owed or (counts and yearly and in_time)
                at = link.department
                while at.successor is not None:
                    at = at.successor
                found.add((one, at, link.series, row.year, owed))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_asked_figures_as_a_slow_version_finds_them(seed):
    chance = random.Random(seed)
    areas = [make_area(code) for code in ("970000", "980000", "990000")]
    departments = []
    for area in areas:
        for number in range(4):
            before = [each for each in departments if each.area == area]
            each = make_department(area, name_zh=f"厅{number}")
            departments.append(each)
            if before and chance.random() < 0.5:
                Department.objects.filter(pk=chance.choice(before).pk).update(successor=each)
    for number in range(12):
        area = chance.choice(areas)
        indicator = make_indicator(f"rate-{number}")
        series = make_series(area, indicator, frequency=chance.choice([1, 1, 5]))
        document = make_document(f"plan-{area.code}", area)
        own = [each for each in departments if each.area == area]
        cut = chance.choice([None, 2014, 2016])
        SeriesDepartment.objects.create(series=series, department=chance.choice(own), to_year=cut)
        if cut:
            SeriesDepartment.objects.create(
                series=series, department=chance.choice(own), from_year=cut + 1
            )
        for nth in range(chance.randrange(3)):
            target = make_target(
                f"{document.slug}-{number}{nth}",
                document,
                target_year=chance.choice([None, 2015, 2020]),
                superseded_at=chance.choice([None, None, timezone.now()]),
            )
            ended = chance.choice([None, None, timezone.now()])
            make_reading(target, series, superseded_at=ended)
    rounds = [
        make_round(chance.choice(areas), *chance.sample(range(2010, 2022), 3)) for _ in range(4)
    ]
    some = {each.pk for each in chance.sample(departments, 5)}

    for wanted in (None, some):
        found = figures(*rounds, departments=wanted)

        assert len(found) == len(set(found)) > 5
        assert set(found) == slowly(rounds, wanted)


# Targets in words


def judgements(*rounds, departments=None):
    """Round, target code, year and departments."""
    return [
        (each.round, each.target.code, each.year, [at.name_zh for at in each.departments])
        for each in asked_judgements(rounds, departments=departments)
    ]


def test_targets_in_words_are_judged_for_their_target_year_or_the_last_of_the_period():
    make_text_target("plan-2011-901", target_year=2015)
    make_text_target("plan-2011-902", target_year=None)
    make_target("plan-2011-001", target_year=2015)
    make_text_target("plan-2011-903", target_year=2015, superseded_at=timezone.now())
    far = make_document("far-2011", make_area("980000"))
    make_text_target("far-2011-901", document=far, target_year=2015)
    one = make_round(None, 2014, 2015, 2020)

    assert judgements(one) == [
        (one, "plan-2011-901", 2015, []),
        (one, "plan-2011-902", 2020, []),
    ]


def test_judgements_are_owed_by_the_departments_that_the_document_names(department):
    other = make_department(name_zh="省林业厅")
    today = make_department(name_zh="省农业农村厅")
    Department.objects.filter(pk=department.pk).update(successor=today)
    both, nobody = make_text_target("plan-2011-901"), make_text_target("plan-2011-902")
    name_department(both, department)
    name_department(both, other)
    one = make_round(None, 2020)

    found = asked_judgements([one])

    assert [(each.target, each.is_owed) for each in found] == [(both, True), (nobody, False)]
    assert {at.name_zh for at in found[0].departments} == {"省农业农村厅", "省林业厅"}
    assert found[1].departments == ()


def test_two_departments_that_became_one_are_named_once(department):
    other, today = (make_department(name_zh=name) for name in ("省农机局", "省农业农村厅"))
    Department.objects.filter(pk__in=[department.pk, other.pk]).update(successor=today)
    target = make_text_target()
    name_department(target, department)
    name_department(target, other)

    [asked] = asked_judgements([make_round(None, 2020)])

    assert asked.departments == (today,)


def test_only_the_judgements_of_the_departments_asked_about(department):
    other = make_department(name_zh="省林业厅")
    far = make_department(make_area("980000"), name_zh="省水利厅")
    for code, at in (("plan-2011-901", department), ("plan-2011-902", other)):
        name_department(make_text_target(code), at)
    both = make_text_target("plan-2011-903")
    name_department(both, department)
    name_department(both, other)
    make_text_target("plan-2011-904")
    one = make_round(None, 2020)

    def codes(at):
        return [row[1][-3:] for row in judgements(one, departments=[at.pk])]

    assert codes(department) == ["901", "903", "904"]
    assert codes(other) == ["902", "903", "904"]
    assert codes(far) == []


# How far they are


def asked(thing, one):
    """The row of a figure or judgement."""
    if isinstance(thing, Figure):
        [found] = [each for each in asked_figures([one]) if each.series == thing.series]
    else:
        [found] = [each for each in asked_judgements([one]) if each.target == thing.target]
    return found


def owed(kind, department):
    thing = kind(department)
    if kind is Figure:
        make_reading(make_target(value="10"), thing.series)
    return thing


BOTH = pytest.mark.parametrize("kind", KINDS, ids=["figure", "judgement"])


@BOTH
@pytest.mark.parametrize(
    ("state", "shown", "is_late"),
    [
        pytest.param(None, CellState.EMPTY, True, id="empty"),
        pytest.param(State.DRAFT, CellState.DRAFT, True, id="draft"),
        pytest.param(State.TO_SIGN, CellState.TO_SIGN, True, id="to-sign"),
        pytest.param(State.SUBMITTED, CellState.SUBMITTED, False, id="submitted"),
        pytest.param(State.RETURNED, CellState.RETURNED, True, id="returned"),
        pytest.param(State.RECALLED, CellState.DRAFT, True, id="recalled"),
        pytest.param(State.APPROVED, CellState.APPROVED, False, id="approved"),
    ],
)
def test_late_is_what_has_not_left_the_department(department, kind, state, shown, is_late):
    one, thing = open_round(department), owed(kind, department)
    if state:
        bring_to(state, thing, make_hands(department))

    row = asked(thing, one)

    assert (row.is_owed, row.state, row.is_late_at(one.due_at, due_at=one.due_at)) == (
        True,
        shown,
        is_late,
    )


@BOTH
def test_late_from_the_second_of_the_deadline_on(department, kind):
    one = open_round(department, opens_at=DUE - timedelta(30), due_at=DUE, closes_at=DUE)

    row = asked(owed(kind, department), one)

    moments = [DUE + each for each in (-ONE_SECOND, 0 * ONE_SECOND, ONE_SECOND)]
    assert [row.is_late_at(each, due_at=DUE) for each in moments] == [False, True, True]


def test_what_nobody_owes_is_never_late(department):
    one = open_round(department)
    make_series(department=department)
    make_text_target()

    rows = [*asked_figures([one]), *asked_judgements([one])]

    assert [row.is_late_at(one.closes_at, due_at=one.due_at) for row in rows] == [False, False]


@BOTH
@pytest.mark.parametrize("stop", ["save", "submit", "return"])
def test_a_correction_under_way_is_not_late(department, kind, stop):
    """What is in force was handed in; a better figure does not undo that."""
    one, thing, hands = open_round(department), owed(kind, department), make_hands(department)
    bring_to(State.APPROVED, thing, hands)
    version = thing.save(thing.second, by=hands.author, read=1, reason="原数有误")
    if stop != "save":
        version = thing.submit(version, hands.sender)
    if stop == "return":
        version = workflow.return_to_official(version=version, by=hands.signer, reason="口径不符")

    row = asked(thing, one)

    assert (row.state, row.newest) == (CellState(version.state), version)
    assert not row.is_late_at(one.due_at, due_at=one.due_at)


def test_a_loaded_figure_is_not_late(department):
    one, thing = open_round(department), owed(Figure, department)
    version = make_figure(thing.series, 2020, "98")

    row = asked(thing, one)

    assert (row.state, row.newest) == (CellState.APPROVED, version)
    assert not row.is_late_at(one.closes_at, due_at=one.due_at)


def test_nothing_entered_has_no_newest_version(department):
    one = open_round(department)
    thing, words = Figure(department), InWords(department)

    assert (asked(thing, one).newest, asked(words, one).newest) == (None, None)


# What it costs


def fill(number, department):
    """Series, targets in words and a round with two years, each `number` times."""
    for nth in range(number):
        other = make_department(department.area, name_zh=f"省第{nth}厅")
        thing = owed_once(nth, other)
        make_figure(thing, 2020, "98")
        name_department(make_text_target(f"plan-2011-9{nth}"), other)
        make_round(department.area, 2019, 2020)


def owed_once(nth, department):
    series = make_series(indicator=make_indicator(f"rate-{nth}"), department=department)
    make_reading(make_target(f"plan-2011-0{nth}"), series)
    return series


@pytest.mark.parametrize("number", [1, 5])
def test_the_cost_does_not_grow(department, number, django_assert_num_queries):
    fill(number, department)
    rounds = list(Round.objects.all())

    # Years, who reports what, what targets count on, figures.
    with django_assert_num_queries(4):
        rows = asked_figures(rounds)
        said = [(row.newest and row.newest.entered_by, row.series.indicator.unit) for row in rows]
        assert len(said) == 2 * number * number

    # The rounds themselves, their years, targets, departments named (2) and judgements.
    with django_assert_num_queries(6):
        rows = asked_judgements(Round.objects.filter(pk__in=[each.pk for each in rounds]))
        said = [(row.newest, row.target.document.slug, row.departments) for row in rows]
        assert len(said) == number * number


def test_targets_are_read_as_they_stand(department):
    target = make_text_target()
    Target.objects.filter(pk=target.pk).update(superseded_at=timezone.now())
    make_text_target(statement_zh="改述")
    one = make_round(None, 2020)

    assert [each.target.statement_zh for each in asked_judgements([one])] == ["改述"]
