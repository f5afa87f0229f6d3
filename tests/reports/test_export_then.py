"""Exports as of a moment in the past: the same bytes as were exported then."""

import pytest
from django.db import transaction

from indicators.models import Series
from plans.models import Target
from reports.exports.asked import Asked
from reports.exports.bundle.stream import Bundle
from targets_site.audit.actions import record
from targets_site.audit.context import Actor
from tests import factories
from tests.reports.exporting import asked_for, content_of, make_small_world, signed_in, text_of
from tests.reports.test_export_bundle import opened
from tests.then.clock import done_at, here

SPRING, SUMMER = here(2026, 3, 1, 12), here(2026, 6, 1, 12)
DAY = "2026-04-01"
FILES = ["targets.csv", "observations.csv", "verdicts.csv", "versions.csv"]


@pytest.fixture(
    params=[
        pytest.param(None, marks=pytest.mark.django_db(transaction=True), id="own transaction"),
        pytest.param(None, marks=pytest.mark.django_db, id="inside another one"),
    ]
)
def reader(client, settings, tmp_path, _django_db_helper):
    settings.VAR_DIR = tmp_path
    with done_at(SPRING):
        make_small_world()
        with transaction.atomic():
            record("load", "reference:all")
    return signed_in(client, factories.make_user("reader"))


def correct():
    """A figure, a verdict and a target, in summer."""
    with done_at(SUMMER):
        series = Series.objects.get(code="460000.rate-1.all")
        factories.make_figure(series, 2015, "1.00", reviewed_at=SUMMER)
        target = Target.objects.get(code="plan-1-001")
        target.verdicts.filter(as_of=2015).update(superseded_at=SUMMER)
        factories.make_verdict(target, 2015, "missed")
        Target.objects.filter(code="plan-2-001").update(superseded_at=SUMMER)
        factories.make_target("plan-2-001", target_year=2020, value="99")


def test_files_of_an_earlier_day_are_those_that_were_exported_then(reader):
    before = {name: content_of(reader.get(f"/exports/{name}")) for name in FILES}
    page = reader.get("/exports/?table=observations").context["offer"]

    correct()

    today = {name: content_of(reader.get(f"/exports/{name}")) for name in FILES}
    then = {name: content_of(reader.get(f"/exports/{name}?at={DAY}")) for name in FILES}
    shown = reader.get(f"/exports/?table=observations&at={DAY}").context["offer"]
    assert then == before
    assert [name for name in FILES if today[name] == before[name]] == []
    assert (shown.first, shown.rows) == (page.first, page.rows)
    assert shown.address == f"/exports/observations.csv?at={DAY}"
    assert shown.asked.file_name == f"observations-{DAY}.csv"


def test_so_are_the_bundle_and_what_a_job_writes(reader, settings):
    settings.EXPORT_DIRECT_ROWS = 1
    asked = Asked("bundle", "zip")
    before = opened(b"".join(Bundle(asked, actor=Actor(name="reader"))))

    correct()

    job = asked_for(reader, table="bundle", format="zip", at=DAY)
    then = opened(content_of(reader.get(f"/exports/files/{job.pk}/")))
    assert list(then) == list(before)
    assert [name for name in then if then[name] != before[name]] == ["manifest.json"]


def test_before_the_first_entry_nothing_is_exported(reader):
    page = reader.get("/exports/targets.csv?at=2026-02-01")

    assert page.status_code == 400
    assert "Nothing had been recorded by then." in text_of(page)


def test_the_page_heeds_the_day_that_it_is_asked_for(reader):
    for query in (f"at={DAY}", f"at={DAY}T10:30", "at=2026-02-01", "at=nonsense"):
        page = text_of(reader.get(f"/exports/?{query}"))
        assert "This page does not go back" not in page
    assert "This page does not go back" in text_of(reader.get(f"/notices/?at={DAY}"))


def test_a_time_of_day_stands_in_the_name(reader):
    offer = reader.get(f"/exports/?table=targets&at={DAY}T10:30").context["offer"]

    assert offer.asked.file_name == f"targets-{DAY}T103000.csv"


def test_a_day_to_come_is_refused(reader):
    assert reader.get("/exports/targets.csv?at=2999-01-01").status_code == 400
