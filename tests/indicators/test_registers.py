"""The registers of figures: corrections with the verdicts they turned, and what came late."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import ObservationVersion, RoundException, Verdict
from indicators.queries.registers.late import Lateness
from tests.factories import (
    make_area,
    make_auditor,
    make_department,
    make_domain,
    make_figure,
    make_official,
    make_reading,
    make_reviewer,
    make_round,
    make_series,
    make_target,
    make_user,
    make_verdict,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)
CHANGED, LATE = "/registers/changed/", "/registers/late/"


@pytest.fixture
def read(client):
    client.cookies["django_language"] = "en"
    client.force_login(make_auditor("shen"))
    return client


def corrected(series, year, *values, approved=NOW, **fields):
    """All approved, one after the other; the last ones as corrections. Returns the versions."""
    made = [make_figure(series, year, values[0])]
    for value in values[1:]:
        made.append(
            make_figure(
                series, year, value, entered_by=make_user(f"official-{len(made)}-{year}"),
                reviewed_by=make_user(f"reviewer-{len(made)}-{year}"), reviewed_at=approved,
                correction_reason="笔误", **fields,
            )
        )  # fmt: skip
    return made


def recorded(target, as_of, status, *, reading, since, until=None):
    verdict = make_verdict(target, as_of, status, reading=reading, superseded_at=until)
    Verdict.objects.filter(pk=verdict.pk).update(recorded_at=since)
    return verdict


# Corrections


def test_links_to_where_the_register_stood_lead_to_it(read):
    response = read.get("/review/changed/?area=460000&page=2")

    assert response.status_code == 301
    assert response.headers["Location"] == f"{CHANGED}?area=460000&page=2"


def test_each_correction_is_listed_those_that_were_corrected_again_too(read):
    first, second, third = corrected(make_series(), 2020, "97.0", "98.00", "98.50")

    rows = read.get(CHANGED).context["rows"]

    assert [(row.before, row.version) for row in rows] == [(second, third), (first, second)]
    assert [row.version.was_replaced for row in rows] == [False, True]
    assert [str(row.change) for row in rows] == ["0.500000", "1.000000"]


def test_a_correction_shows_the_verdict_that_stood_and_the_first_one_since(read):
    series, target = make_series(), make_target()
    reading = make_reading(target, series)
    corrected(series, 2020, "98.5", "97.0", approved=NOW - 5 * DAY)
    times = [NOW - 9 * DAY, NOW - 4 * DAY, NOW - DAY]
    turned = [
        recorded(target, 2020, status, reading=reading, since=since, until=until)
        for status, since, until in zip(
            ("achieved", "missed", "kept_gaps"), times, [*times[1:], None], strict=True
        )
    ]
    recorded(target, 2019, "on_track", reading=reading, since=times[0])

    response = read.get(CHANGED)

    [row] = response.context["rows"]
    [turn] = row.turns
    assert (turn.target, turn.before, turn.after) == (target, turned[0], turned[1])
    assert response.text.index("Achieved") < response.text.index("Missed")


def test_a_verdict_that_stands_is_said_to_be_unchanged(read):
    series, target = make_series(), make_target()
    reading = make_reading(target, series)
    corrected(series, 2020, "98.5", "98.6")
    standing = recorded(target, 2020, "achieved", reading=reading, since=NOW - 9 * DAY)

    response = read.get(CHANGED)

    [row] = response.context["rows"]
    assert [(turn.before, turn.after) for turn in row.turns] == [(standing, None)]
    assert "unchanged since" in response.text


def test_verdicts_of_another_reading_or_of_later_are_not_the_corrections(read):
    series, other, target, late = (
        make_series(), make_series(scope="other"), make_target(), make_target("plan-2011-002"),
    )  # fmt: skip
    make_reading(target, series)
    old = make_reading(make_target("plan-2011-003"), other)
    reading = make_reading(late, series)
    corrected(series, 2020, "98.5", "97.0", approved=NOW - 5 * DAY)
    recorded(target, 2020, "achieved", reading=old, since=NOW - 9 * DAY)
    recorded(late, 2020, "missed", reading=reading, since=NOW - DAY)

    [row] = read.get(CHANGED).context["rows"]

    assert row.turns == ()


def test_corrections_are_narrowed_by_the_domain_of_the_targets(read):
    series, other = make_series(), make_series(scope="other")
    make_reading(make_target(domain=make_domain("service", name_en="Services")), series)
    make_reading(make_target("plan-2011-002"), other)
    wanted = corrected(series, 2020, "97", "98")[-1]
    corrected(other, 2019, "97", "98")

    rows = read.get(CHANGED, {"domain": "service"}).context["rows"]

    assert [row.version for row in rows] == [wanted]


def test_corrections_cost_the_same_for_one_and_thirty_with_verdicts(read):
    series, target = make_series(), make_target()
    reading = make_reading(target, series)
    costs = []
    for each in range(30):
        corrected(series, 1990 + each, "97", "98")
        recorded(target, 1990 + each, "on_track", reading=reading, since=NOW - 9 * DAY)
        if each in {0, 29}:
            with CaptureQueriesContext(connection) as asked:
                assert read.get(CHANGED).status_code == 200
            costs.append(len(asked))

    assert costs[0] == costs[1] <= 20


# Late figures


class Sent:
    """Figures that a department sends for a round that was due ten days ago and closed five ago."""

    def __init__(self):
        self.department = make_department()
        self.official = make_official("official", self.department)
        self.reviewer = make_reviewer()
        self.round = make_round(
            None, 2020, name="2020 report", opens_at=NOW - 30 * DAY, due_at=NOW - 10 * DAY,
            closes_at=NOW - 5 * DAY,
        )  # fmt: skip
        self.number = 0

    def series(self, **fields):
        self.number += 1
        return make_series(scope=f"s{self.number}", department=self.department, **fields)

    def version(self, series, sent, *, state="submitted", approved=None, year=2020, **fields):
        """sent, approved: how many days ago."""
        sent_at = NOW - timedelta(days=sent)
        reviewed = {
            "reviewed_by": self.reviewer,
            "reviewed_at": NOW - timedelta(days=approved or 0),
        }
        return make_figure(
            series, year, "98.50", state="approved" if approved is not None else state,
            entered_by=self.official, entered_at=sent_at, submitted_by=self.official,
            submitted_at=sent_at, submitted_for=self.department,
            **(reviewed if approved is not None or state == "returned" else {}), **fields,
        )  # fmt: skip

    def more_time(self, days_ago):
        return RoundException.objects.create(
            round=self.round, department=self.department, until=NOW - timedelta(days=days_ago),
            reason="系统升级", granted_by=self.reviewer,
        )  # fmt: skip


@pytest.fixture
def sent():
    return Sent()


def points_on(response):
    """By version, what was late and by how many days."""
    return {
        row.version: [(point.lateness, point.days) for point in row.points]
        for row in response.context["rows"]
    }


def test_what_came_in_time_is_not_listed(read, sent):
    sent.version(sent.series(), 11, approved=6)
    sent.version(sent.series(), 3, year=2019)
    make_figure(sent.series(), 2020, "97")

    response = read.get(LATE)

    assert points_on(response) == {}
    assert "No figure came late or was changed after its deadline." in response.text


def test_late_figures_are_listed_with_begun_days(read, sent):
    late = sent.version(sent.series(), 8.5, approved=7)
    very_late = sent.version(sent.series(), 4, approved=3)
    approved_late = sent.version(sent.series(), 20, approved=2)
    on_the_dot = sent.version(sent.series(), 10)

    response = read.get(LATE)

    assert points_on(response) == {
        late: [(Lateness.SENT, 2)],
        very_late: [(Lateness.SENT, 7), (Lateness.APPROVED, 3)],
        approved_late: [(Lateness.APPROVED, 4)],
        on_the_dot: [(Lateness.SENT, 1)],
    }
    assert "2020 report" in response.text
    assert "Sent after the deadline" in response.text


def test_more_time_counts_and_is_said(read, sent):
    sent.more_time(4)
    within, after = sent.version(sent.series(), 6), sent.version(sent.series(), 3)

    response = read.get(LATE)

    assert points_on(response) == {within: [(Lateness.SENT, 0)], after: [(Lateness.SENT, 2)]}
    assert response.text.count("more time until") == 2


def test_what_is_changed_after_the_deadline_is_told_from_what_was_late_at_first(read, sent):
    mended, corrected_later = sent.series(), sent.series()
    sent.version(mended, 12, state="returned", return_reason="笔误")
    sent.version(corrected_later, 12, approved=11)
    second = sent.version(mended, 7)
    correction = sent.version(corrected_later, 2, approved=1, correction_reason="笔误")

    assert points_on(read.get(LATE)) == {
        second: [(Lateness.CHANGED, 4)],
        correction: [(Lateness.CHANGED, 9), (Lateness.APPROVED, 5)],
    }


def test_the_newest_round_that_had_opened_decides(read, sent):
    make_round(
        None, 2020, name="late collection", opens_at=NOW - 4 * DAY, due_at=NOW + DAY,
        closes_at=NOW + 2 * DAY,
    )  # fmt: skip
    sent.version(sent.series(), 3)
    before = sent.version(sent.series(), 5)

    assert points_on(read.get(LATE)) == {before: [(Lateness.SENT, 6)]}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"what": "sent"}, {"late", "both"}),
        ({"what": "approved"}, {"both"}),
        ({"what": "changed"}, set()),
        ({"year": "2020"}, {"late", "both"}),
        ({"area": "990000", "what": "approved"}, {"both"}),
        ({"domain": "product"}, {"both"}),
        ({"what": "x"}, {"late", "both"}),
    ],
)
def test_late_figures_are_narrowed(read, sent, query, wanted):
    make_area("340000")
    made = {
        "late": sent.version(sent.series(), 8, approved=7),
        "both": sent.version(sent.series(), 4, approved=3),
    }
    make_reading(make_target(), made["both"].observation.series)

    response = read.get(LATE, query)

    assert set(points_on(response)) == {made[name] for name in wanted}
    assert ("it was ignored" in response.text) == (query.get("what") == "x")


def test_what_the_list_says_is_what_the_filter_finds(read, sent):
    """Each kind of lateness by the database and by the row at hand."""
    for days in (20, 10, 9.5, 6, 4, 1):
        series = sent.series()
        sent.version(series, days, approved=max(days - 1, 0))
        sent.version(series, days - 0.5, approved=0, correction_reason="笔误")
    everything = points_on(read.get(LATE))

    for kind in Lateness:
        of_kind = {
            version for version, points in everything.items() if kind in dict(points)
        }  # fmt: skip
        assert set(points_on(read.get(LATE, {"what": kind.value}))) == of_kind != set()


def test_what_is_not_approved_is_shown_to_whom_it_concerns(client, sent):
    version = sent.version(sent.series(), 4)
    shown = {}
    far = make_reviewer("far", make_area("340000"))
    for user in (sent.official, sent.reviewer, far, make_user("nobody")):
        client.force_login(user)
        shown[user.username] = list(points_on(client.get(LATE)))

    assert shown == {"official": [version], "reviewer": [version], "far": [], "nobody": []}


def test_drafts_are_nowhere(read, sent):
    version = sent.version(sent.series(), 4)
    ObservationVersion.objects.filter(pk=version.pk).update(
        state="draft", submitted_by=None, submitted_at=None
    )

    assert points_on(read.get(LATE)) == {}


def test_late_figures_cost_the_same_for_one_and_thirty(read, sent):
    sent.more_time(3)
    costs = []
    for each in range(30):
        sent.version(sent.series(), 4, approved=3)
        if each in {0, 29}:
            with CaptureQueriesContext(connection) as asked:
                assert read.get(LATE).status_code == 200
            costs.append(len(asked))

    assert costs[0] == costs[1] <= 18
