"""The roll-up against a slow and obvious count of the same rows."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.actions.tallies import count_anew, tally
from indicators.actions.targets import StatedTarget, state_target
from indicators.actions.verdicts import recompute, work_off_stale
from indicators.enums import LIGHT_OF, Light, Status
from indicators.models import StaleRow, Verdict, VerdictTally
from indicators.models.tallies import COUNTS
from indicators.reference.load import reference_user
from indicators.standings import CONDITIONS, Standing
from plans.models import Document, Target
from tests.factories import (
    make_area,
    make_document,
    make_domain,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
    make_text_target,
    make_verdict,
)

pytestmark = pytest.mark.django_db


def slow_standing(verdict):
    said = verdict.status in {"not_measurable", "judged_done", "judged_partly", "judged_not"}
    if said:
        return "unjudged" if verdict.light == "none" else f"judged_{verdict.light}"
    if verdict.light in {"red", "yellow", "pale", "green"}:
        return verdict.light
    if verdict.light == "none":
        return "not_due"
    has_figure = verdict.actual_year is not None
    if verdict.status not in {"not_collected", "no_data", "outdated"}:
        return "undetermined" if has_figure else "unfounded"
    if verdict.side_year is not None:
        return "side_short" if verdict.side_state == "short" else "side_other"
    return "old_figure" if has_figure else "not_collected"


def slow_province(area):
    return area if area.parent is None else slow_province(area.parent)


def slow_tallies():
    """By document, area, province, domain, goal year, as-of year and whether it is the last."""
    found = {}
    for target in Target.objects.filter(superseded_at=None):
        last = target.target_year or target.document.end_year
        for year in range(target.document.start_year, last + 1):
            key = (
                target.document_id, target.area_id, slow_province(target.area).pk,
                target.domain_id, target.target_year or 0, year, year == last,
            )  # fmt: skip
            counts = found.setdefault(key, Counter())
            counts["in_words" if target.kind == "text" else "computed"] += 1
            for verdict in target.verdicts.filter(as_of=year, superseded_at=None):
                counts[slow_standing(verdict)] += 1
                if verdict.light == "grey" and verdict.actual_year is None:
                    counts["without_figure"] += 1
    return {key: +counts for key, counts in found.items()}


def tallies():
    key = (
        "document_id", "area_id", "province_id", "domain_id", "goal_year", "as_of", "is_last",
    )  # fmt: skip
    return {
        row[:7]: +Counter(dict(zip(COUNTS, row[7:], strict=True)))
        for row in VerdictTally.objects.values_list(*key, *COUNTS)
    }


def a_tree():
    """A province with a prefecture with a county, and a county of the province's own."""
    province = make_area("460000")
    prefecture = make_area("460100", level="prefecture", parent=province)
    make_area("460105", level="county", parent=prefecture)
    make_area("469001", level="county", parent=province)
    return ["460000", "460100", "460105", "469001"]


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("actual_year", [None, 2019])
@pytest.mark.parametrize("side", [(None, ""), (2018, "short"), (2018, "met"), (2018, "open")])
def test_each_verdict_stands_in_exactly_one_place(status, actual_year, side):
    side_year, side_state = side
    is_in_words = "judged" in status or status == "not_measurable"
    target = make_text_target() if is_in_words else make_target()
    verdict = make_verdict(
        target, 2020, status, light=LIGHT_OF[status], actual_year=actual_year,
        side_year=side_year, side_state=side_state,
    )  # fmt: skip

    stands = [name for name, where in CONDITIONS.items() if Verdict.objects.filter(where).exists()]

    assert stands == [slow_standing(verdict)]


def test_what_a_document_counts_is_seen_from_each_year():
    document = make_document(start_year=2014, end_year=2016)
    target = make_target("plan-2011-001", document, target_year=2015)
    make_text_target("plan-2011-002", document=document, target_year=None)
    make_verdict(target, 2014, "behind")
    make_verdict(target, 2015, "missed", actual_year=2015, actual_value=Decimal(97))

    tally([document.pk])

    rows = VerdictTally.objects.order_by("goal_year", "as_of")
    assert list(
        rows.values_list("goal_year", "as_of", "is_last", "computed", "in_words", "yellow", "red")
    ) == [
        (0, 2014, False, 0, 1, 0, 0),
        (0, 2015, False, 0, 1, 0, 0),
        (0, 2016, True, 0, 1, 0, 0),
        (2015, 2014, False, 1, 0, 1, 0),
        (2015, 2015, True, 1, 0, 0, 1),
    ]


def test_a_target_that_no_year_of_its_document_sees_is_not_counted():
    document = make_document(start_year=2014, end_year=2016)
    make_target("plan-2011-001", document, target_year=2010)

    tally([document.pk])

    assert not VerdictTally.objects.exists()


def test_stale_rows_leave_the_counts_right():
    target, series = make_target(), make_series()
    make_reading(target, series)
    make_figure(series, 2020, "97.95")
    StaleRow.objects.append_series([series.pk])

    work_off_stale()

    assert VerdictTally.objects.get(as_of=2020).red == 1
    assert tallies() == slow_tallies()


def as_written():
    """Changes with every row of the roll-up that is written."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT total_changes()")
        else:
            cursor.execute("SELECT ctid::text FROM indicators_verdicttally ORDER BY id")
        return cursor.fetchall()


def test_unchanged_rows_are_not_written():
    target, other = make_target(), make_target("other-2011-001", make_document("other-2011"))
    recompute(Target.objects.all())
    before = as_written()

    tally([target.document_id, other.document_id])

    assert as_written() == before


@pytest.mark.parametrize("documents", [1, 30])
def test_all_documents_in_as_many_statements_as_one(documents):
    for number in range(documents):
        make_target(f"plan-{number}-001", make_document(f"plan-{number}"))

    with CaptureQueriesContext(connection) as captured:
        tally(Document.objects.values_list("pk", flat=True))

    assert len(captured) == 3
    assert tallies() == slow_tallies()


@pytest.mark.parametrize("at_once", [1, 2])
def test_groups_of_documents_add_up(at_once, monkeypatch):
    monkeypatch.setattr("indicators.actions.tallies.DOCUMENTS_AT_ONCE", at_once)
    for number in range(3):
        make_target(f"plan-{number}-001", make_document(f"plan-{number}", start_year=2011 + number))

    tally(Document.objects.values_list("pk", flat=True))

    assert tallies() == slow_tallies()


def test_a_superseded_target_is_counted_no_more():
    target = make_target()
    recompute(Target.objects.all())

    Target.objects.update(superseded_at=target.recorded_at)
    tally([target.document_id])

    assert not VerdictTally.objects.exists()


def test_years_that_a_shorter_period_leaves_out_are_gone():
    target = make_target(target_year=None)
    recompute(Target.objects.all())
    Document.objects.update(start_year=2013, end_year=2015)

    recompute(Target.objects.all())

    assert tallies() == slow_tallies()
    years = VerdictTally.objects.order_by("as_of").values_list("as_of", "is_last")
    assert list(years) == [(2013, False), (2014, False), (2015, True)]
    assert target.verdicts.filter(superseded_at=None).count() == 3


def test_an_area_that_becomes_part_of_another_is_counted_there():
    area = make_area("460100", level="prefecture", parent=make_area("460000"))
    make_target(document=make_document(area=area))
    count_anew(Document.objects.all())
    area.parent = make_area("440000")
    area.save()

    count_anew(Document.objects.filter(area=area))

    assert tallies() == slow_tallies()
    assert set(VerdictTally.objects.values_list("province__code", flat=True)) == {"440000"}


STEPS = st.one_of(
    st.tuples(
        st.just("state"), st.integers(0, 3), st.integers(1, 4), st.sampled_from(["text", "reach"]),
        st.sampled_from([None, 2010, 2013, 2015]), st.sampled_from(["product", "service"]),
    ),
    st.tuples(st.just("figure"), st.integers(0, 3), st.integers(2011, 2015), st.integers(90, 99)),
    st.tuples(
        st.just("verdict"), st.integers(0, 9), st.integers(2011, 2015),
        st.sampled_from(Status.values), st.sampled_from([None, 2012]),
        st.sampled_from([(None, ""), (2012, "short"), (2012, "met")]),
    ),
    st.tuples(st.just("period"), st.integers(0, 3), st.integers(2010, 2013)),
    st.tuples(st.just("work off")),
)  # fmt: skip


class World:
    """What the steps happen to: a document for each area of a tree of three levels."""

    def __init__(self):
        self.documents = [
            make_document(f"plan-{code}", make_area(code), start_year=2011, end_year=2015)
            for code in a_tree()
        ]
        self.series = [make_series(document.area, make_indicator()) for document in self.documents]
        for code, position in (("product", 1), ("service", 2)):
            make_domain(code, position=position, name_zh=code)

    def state(self, at, number, kind, year, domain):
        document = self.documents[at]
        figure = {"comparator": "ge", "value": Decimal(95), "unit": "%"} if kind == "reach" else {}
        content = {
            "code": f"{document.slug}-{number:03d}", "document": document, "area": document.area,
            "domain": make_domain(domain), "statement_zh": "达到", "statement_en": "Reach",
            "stated": "达到", "locator": "一", "kind": kind, "target_year": year, **figure,
        }  # fmt: skip
        target = state_target(StatedTarget(content), by=reference_user())
        if kind == "reach" and not target.readings.filter(superseded_at=None).exists():
            make_reading(target, self.series[at])
        count_anew(Document.objects.filter(pk=document.pk))

    def figure(self, at, year, value):
        make_figure(self.series[at], year, str(value))
        StaleRow.objects.append_series([self.series[at].pk])
        self.work_off()

    def verdict(self, at, year, status, actual_year, side):
        """As a job stores it, whatever it says."""
        targets = list(Target.objects.in_force().order_by("pk"))
        if not targets:
            return
        target = targets[at % len(targets)]
        Verdict.objects.at(year).filter(target=target).update(superseded_at=target.recorded_at)
        if target.kind == "text":
            status = "judged_partly" if status in {"judged_partly", "missed"} else "not_measurable"
        elif LIGHT_OF[status] == Light.NONE or status.startswith("judged"):
            status = "not_due"
        make_verdict(
            target, year, status, actual_year=actual_year, side_year=side[0], side_state=side[1]
        )
        tally([target.document_id])

    def period(self, at, start):
        document = self.documents[at]
        Document.objects.filter(pk=document.pk).update(start_year=start)
        recompute(Target.objects.filter(document=document))
        count_anew(Document.objects.filter(pk=document.pk))

    def work_off(self):
        while work_off_stale():
            continue


@given(steps=st.lists(STEPS, max_size=12))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_roll_up_is_what_a_slow_count_says(db, steps):
    with transaction.atomic():
        world = World()
        for name, *how in steps:
            getattr(world, name.replace(" ", "_"))(*how)
            assert tallies() == slow_tallies()
        transaction.set_rollback(True)


def test_standings_are_the_columns_of_the_roll_up():
    assert set(COUNTS) == {"computed", "in_words", "without_figure", *Standing.values}
