"""Notices of verdicts that got worse: when they are given, withdrawn, and given no second time."""

import pytest

from indicators.actions.notices import give_notices, mark_all_read
from indicators.actions.readings import read_target
from indicators.actions.targets import StatedTarget, state_target
from indicators.actions.verdicts import recompute, work_off_stale
from indicators.models import Judgement, Notice, Verdict
from indicators.queries import worsened
from indicators.reference.load import reference_user
from plans.models import Target
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_document,
    make_figure,
    make_indicator,
    make_reading,
    make_reviewer,
    make_round,
    make_series,
    make_target,
    make_verdict,
)
from tests.indicators.notices_world import DAY, HOUR, NOW, go_on, make_history, make_worse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reviewer():
    """Somebody whom every target of the area concerns."""
    return make_reviewer()


def told(moment=NOW):
    """What one run gives, oldest as-of year first."""
    known = set(Notice.objects.values_list("pk", flat=True))
    number = give_notices(moment)
    rows = list(
        Notice.objects.exclude(pk__in=known)
        .order_by("target_code", "as_of")
        .values_list("target_code", "as_of", "kind", "before__status", "verdict__status")
    )
    assert number == len(rows)
    return rows


def judge(target, year):
    """An approved judgement of a target in words."""
    cell = Judgement.objects.create(target=target, target_code=target.code, year=year)
    said = {"outcome": "partly", "narrative": "制度已建立", "entered_by": reference_user()}
    cell.in_force = cell.versions.create(number=1, state="approved", **said)
    cell.save()


WORSE = ("plan-2011-001", 2020, "worse_light", "on_track", "behind")


def test_a_worse_light_is_told_once_it_has_settled_and_once():
    make_worse(since=NOW)

    assert [told(NOW + hours * HOUR) for hours in (1, 23, 24, 25, 60, 24 * 7)] == [
        [], [], [WORSE], [], [], [],
    ]  # fmt: skip


def test_the_settling_time_is_a_setting(settings):
    settings.NOTICE_SETTLE_HOURS = 2
    make_worse(since=NOW)

    assert [told(NOW + HOUR), told(NOW + 2 * HOUR)] == [[], [WORSE]]


def test_a_notice_says_what_stood_before_and_since_when():
    target = make_worse(since=NOW - 2 * DAY)

    told()

    notice = Notice.objects.get()
    after, before = target.verdicts.order_by("-recorded_at")
    assert (notice.before, notice.verdict, notice.worse_since) == (before, after, NOW - 2 * DAY)
    assert (notice.made_at, notice.read_at, notice.mailed_at) == (NOW, None, None)


def test_what_was_mended_in_time_is_not_told():
    target = make_worse(since=NOW - 20 * HOUR)
    go_on(target, "on_track", at=NOW - HOUR)

    assert [told(), told(NOW + DAY), told(NOW + 5 * DAY)] == [[], [], []]


def test_a_first_load_is_not_told():
    target = make_target()
    make_history(target, ("no_data", NOW - 3 * DAY), ("missed", NOW - 3 * DAY + HOUR))
    make_history(make_target("plan-2011-002"), ("missed", NOW - 3 * DAY))

    assert told() == []


def test_after_a_week_nothing_is_told_any_more_and_before_it_nothing_is_lost():
    make_worse("plan-2011-001", since=NOW - 8 * DAY)
    make_worse("plan-2011-002", since=NOW - 9 * DAY)

    assert told() == [WORSE]


def test_a_figure_that_changes_within_the_same_light_is_told_with_it_and_not_again():
    target = make_worse(since=NOW - 30 * HOUR)
    newest = go_on(target, "behind", at=NOW - HOUR, gap="0.4")

    assert told() == [WORSE]
    assert Notice.objects.get().verdict == newest

    go_on(target, "near", at=NOW + HOUR)

    assert told(NOW + 3 * DAY) == []


def test_only_the_year_that_matters_is_told():
    target = make_target(target_year=2030, document=make_document(end_year=2030))
    for year in (2024, 2025, 2026, 2027):
        make_history(target, ("on_track", NOW - 9 * DAY), ("behind", NOW - 2 * DAY), as_of=year)

    assert told() == [("plan-2011-001", 2026, "worse_light", "on_track", "behind")]


def test_a_target_without_a_year_is_seen_from_the_end_of_its_document():
    make_worse(target_year=None)

    assert told() == [WORSE]


def test_a_worse_step_is_told_again_as_what_it_is():
    target = make_worse(since=NOW - 2 * DAY)
    first = told()
    go_on(target, "missed", at=NOW + DAY)

    assert first == [WORSE]
    assert told(NOW + 3 * DAY) == [("plan-2011-001", 2020, "new_breach", "behind", "missed")]


def test_the_same_is_not_told_again_within_the_quiet_days():
    target = make_worse(since=NOW - DAY)
    first = told()
    mark_all_read(up_to=Notice.objects.get().pk, by=Notice.objects.get().person)
    go_on(target, "on_track", at=NOW + DAY)
    go_on(target, "behind", at=NOW + 5 * DAY)
    second = told(NOW + 7 * DAY)
    go_on(target, "on_track", at=NOW + 10 * DAY)
    go_on(target, "behind", at=NOW + 30 * DAY)

    assert (first, second) == ([WORSE], [])
    assert told(NOW + 31 * DAY) == [WORSE]


def test_something_else_of_the_target_is_told_also_in_the_quiet_days():
    target = make_target()
    years = [{"breached_years": "2013"}, {"breached_years": "2013;2014"}]
    make_history(target, ("holding", NOW - 9 * DAY), ("breached", NOW - 2 * DAY, years[0]))
    first = told()
    go_on(target, "breached", at=NOW + DAY, **years[1])

    assert first == [("plan-2011-001", 2020, "new_breach", "holding", "breached")]
    assert told(NOW + 3 * DAY) == [("plan-2011-001", 2020, "new_breach", "breached", "breached")]


HELD, SHORT, REGAINED = ("holding", ""), ("breached", "2018"), ("recovered", "2018")


@pytest.mark.parametrize(
    ("before", "after", "days", "second"),
    [
        pytest.param(("kept_gaps", ""), REGAINED, 2, None, id="the-same-figure"),
        pytest.param(("kept", ""), ("missed", "2018;2020"), 2, "new_breach", id="another-too"),
        pytest.param(("kept", ""), ("missed", "2018"), 2, None, id="as-bad"),
        pytest.param(("kept_gaps", ""), REGAINED, 3, "worse_light", id="another-step"),
    ],
)
def test_what_has_one_cause_is_told_once_for_all_years(before, after, days, second):
    """A figure of 2018 is corrected while the round of 2019 and 2020 is running; once that has
    closed, the target is seen from 2020."""
    target = make_target()
    times = {"opens_at": NOW - 9 * DAY, "due_at": NOW, "closes_at": NOW + DAY}
    make_round(target.area, 2019, 2020, **times)
    for as_of, steps, since in ((2018, (HELD, SHORT), 2), (2020, (before, after), days)):
        moments = NOW - 30 * DAY, NOW - since * DAY
        history = [
            (status, moment, {"breached_years": years})
            for (status, years), moment in zip(steps, moments, strict=True)
        ]
        make_history(target, *history, as_of=as_of)

    assert told() == [(target.code, 2018, "new_breach", "holding", "breached")]
    given = [(target.code, 2020, second, before[0], after[0])] if second else []
    assert told(NOW + 2 * DAY) == given


def withdrawn():
    return list(Notice.objects.order_by("pk").values_list("withdrawn_at", flat=True))


def test_what_nobody_has_seen_is_withdrawn_when_it_gets_better():
    target = make_worse()
    told()
    go_on(target, "on_track", at=NOW + HOUR)

    assert told(NOW + 2 * HOUR) == []
    assert withdrawn() == [NOW + 2 * HOUR]


@pytest.mark.parametrize("seen", ["read_at", "mailed_at"])
def test_what_somebody_has_seen_stands(seen):
    target = make_worse()
    told()
    Notice.objects.update(**{seen: NOW})
    go_on(target, "on_track", at=NOW + HOUR)

    told(NOW + 2 * HOUR)

    assert withdrawn() == [None]


def test_a_verdict_that_nobody_can_give_any_more_withdraws_no_light_but_a_breach():
    behind, missed = make_worse("plan-2011-001"), make_worse("plan-2011-002", status="missed")
    told()
    for target in (behind, missed):
        go_on(target, "not_collected", at=NOW + HOUR)

    told(NOW + 2 * HOUR)

    assert withdrawn() == [None, NOW + 2 * HOUR]


def test_an_improvement_that_did_not_last_brings_the_notice_back_and_no_second_one():
    target = make_worse()
    told()
    go_on(target, "on_track", at=NOW + HOUR)
    told(NOW + 2 * HOUR)
    go_on(target, "behind", at=NOW + 3 * HOUR)

    assert [told(NOW + 4 * HOUR), told(NOW + 2 * DAY)] == [[], []]
    assert withdrawn() == [None]


def test_after_an_improvement_that_lasted_what_was_never_seen_is_told_anew():
    target = make_worse()
    told()
    go_on(target, "on_track", at=NOW + HOUR)
    told(NOW + 2 * HOUR)
    go_on(target, "behind", at=NOW + 3 * DAY)

    assert told(NOW + 4 * DAY) == [WORSE]
    assert withdrawn() == [NOW + 2 * HOUR, None]


@pytest.mark.parametrize(("closes", "given"), [(NOW + DAY, []), (NOW - DAY, [WORSE])])
def test_what_changes_while_a_round_is_running_is_told_when_it_closes(closes, given):
    make_worse(since=NOW - 40 * DAY)
    make_round(make_area(), 2020, opens_at=NOW - 60 * DAY, due_at=NOW - 30 * DAY, closes_at=closes)

    assert told() == given


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (("on_track", ""), ("behind", ""), "worse_light"),
        (("not_collected", ""), ("missed", ""), "new_breach"),
        (("recovered", "2013"), ("recovered", "2013;2014"), "worse_light"),
        (("breached", "2013"), ("breached", "2013;2014"), "new_breach"),
        (("behind", ""), ("on_track", ""), None),
        (("on_track", ""), ("no_data", ""), None),
    ],
)
def test_when_a_round_closes_every_kind_of_worsening_is_found(before, after, kind):
    for target, since in ((make_target(), 40), (make_target("plan-2011-002"), 80)):
        steps = [
            (status, NOW - days * DAY, {"breached_years": years})
            for (status, years), days in ((before, since + 20), (after, since))
        ]
        make_history(target, *steps)
    times = {"opens_at": NOW - 60 * DAY, "due_at": NOW - 30 * DAY, "closes_at": NOW - DAY}
    make_round(make_area(), 2020, **times)

    given = [("plan-2011-001", 2020, kind, before[0], after[0])] if kind else []
    assert told() == given


@pytest.mark.parametrize(
    ("figure", "judged", "given"),
    [(2025, None, True), (2020, None, False), (None, 2025, True), (None, 2020, False)],
)
def test_a_late_round_holds_up_only_what_rests_on_its_years(figure, judged, given):
    target = make_target(target_year=2030, document=make_document(start_year=2021, end_year=2030))
    behind = {"actual_year": figure, "actual_value": "97" if figure else None}
    steps = ("on_track", NOW - 30 * DAY), ("behind", NOW - 2 * DAY, behind)
    make_history(target, *steps, as_of=2026)
    if judged:
        judge(target, judged)
    times = {"opens_at": NOW - 9 * DAY, "due_at": NOW + DAY, "closes_at": NOW + 9 * DAY}
    make_round(target.area, 2019, 2020, **times)

    assert told() == ([(target.code, 2026, "worse_light", "on_track", "behind")] if given else [])


def test_the_round_of_another_area_holds_up_nothing():
    make_worse()
    make_round(make_area("340000"), 2020, opens_at=NOW - DAY, due_at=NOW + DAY)

    assert told() == [WORSE]


def test_as_of_the_next_year_the_same_is_not_told_once_more():
    target = make_target(target_year=2030, document=make_document(end_year=2030))
    new_year = NOW.replace(month=1, day=1)
    for year in (2025, 2026):
        steps = ("on_track", new_year - 40 * DAY), ("behind", new_year - 3 * DAY)
        make_history(target, *steps, as_of=year)

    before, after = told(new_year - DAY), told(new_year + DAY)

    assert before == [("plan-2011-001", 2025, "worse_light", "on_track", "behind")]
    assert after == []


@pytest.mark.parametrize("ids", [1, 2, 5000])
def test_many_are_looked_through_by_ranges_of_ids(ids, monkeypatch):
    monkeypatch.setattr(worsened, "IDS_AT_A_TIME", ids)
    codes = [f"plan-2011-00{each}" for each in range(4)]
    for code in codes[:3]:
        make_worse(code)
    anew = make_target(codes[3], superseded_at=NOW - 2 * DAY), make_target(codes[3])
    steps = {"recorded_at": NOW - 30 * DAY, "superseded_at": NOW - 2 * DAY}
    make_verdict(anew[0], 2020, "on_track", **steps)
    make_verdict(anew[1], 2020, "behind", recorded_at=NOW - 2 * DAY)

    assert told() == [(code, 2020, "worse_light", "on_track", "behind") for code in codes]


@pytest.fixture
def measured():
    """At least 98 % by 2020, without a figure of 2020; computed long ago."""
    target, series = make_target(), make_series()
    make_reading(target, series)
    make_figure(series, 2019, "97.9")
    recompute(Target.objects.filter(pk=target.pk))
    Verdict.objects.update(recorded_at=NOW - 40 * DAY)
    return target, series


def computed(at):
    """Let what is stale be computed at that moment."""
    work_off_stale()
    fresh = Verdict.objects.filter(recorded_at__gt=NOW - 39 * DAY)
    fresh.update(recorded_at=at)
    Verdict.objects.filter(superseded_at__isnull=False).update(superseded_at=at)


def test_computing_the_same_anew_tells_nothing(measured):
    recompute(Target.objects.all())

    assert told() == []


def test_a_figure_that_misses_is_told(measured):
    target, series = measured
    make_figure(series, 2020, "97.5")
    recompute(Target.objects.filter(pk=target.pk))
    computed(NOW - 2 * DAY)

    assert told() == [("plan-2011-001", 2020, "new_breach", "not_collected", "missed")]


def test_a_reading_that_was_changed_is_told(measured):
    target, _series = measured
    other = make_series(indicator=make_indicator("other"))
    make_figure(other, 2020, "90")
    content = {
        "hold_from": None, "tolerance": None, "baseline_year": None, "baseline_value": None,
        "note_zh": "另一指标", "note_en": "Another measure",
    }  # fmt: skip
    read_target(target, series=other, content=content, by=reference_user())
    computed(NOW - 2 * DAY)

    assert told() == [("plan-2011-001", 2020, "new_breach", "not_collected", "missed")]
    notice = Notice.objects.get()
    assert notice.before.reading != notice.verdict.reading


def test_a_target_that_was_stated_anew_is_told(measured):
    target, series = measured
    make_figure(series, 2020, "98.2")
    recompute(Target.objects.filter(pk=target.pk))
    Verdict.objects.filter(superseded_at=None).update(recorded_at=NOW - 30 * DAY)
    names = ("code", "document", "area", "domain", "statement_zh", "statement_en", "stated")
    names += ("locator", "kind", "comparator", "unit", "target_year")
    content = {name: getattr(target, name) for name in names}
    stated = StatedTarget({**content, "value": 99, "stated_decimals": 0})
    anew = state_target(stated, by=reference_user())
    work_off_stale()
    Verdict.objects.filter(target=anew).update(recorded_at=NOW - 2 * DAY)
    Verdict.objects.filter(target=target, as_of=2020).exclude(superseded_at=None).filter(
        status="achieved"
    ).update(superseded_at=NOW - 2 * DAY)

    assert told() == [("plan-2011-001", 2020, "new_breach", "achieved", "missed")]
    assert Notice.objects.get().verdict.target == anew


def test_the_trail_keeps_how_many_were_told():
    make_worse("plan-2011-001")
    make_worse("plan-2011-002")

    told()
    told()

    entry = Entry.objects.get(action="give_notices")
    assert (entry.object, entry.after["notices"], len(entry.after["sha256"])) == (
        "notices", 2, 64,
    )  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
def test_a_run_costs_the_same_for_one_and_three(number, django_assert_num_queries):
    for each in range(number):
        make_worse(f"plan-2011-00{each}")

    with django_assert_num_queries(18):
        give_notices(NOW)

    assert Notice.objects.count() == number


@pytest.mark.parametrize("number", [1, 30])
def test_what_never_changed_costs_nothing(number, django_assert_num_queries):
    for each in range(number):
        make_verdict(make_target(f"plan-2011-{each:03}"), 2020, "missed", recorded_at=NOW - DAY)

    with django_assert_num_queries(5):
        give_notices(NOW)
