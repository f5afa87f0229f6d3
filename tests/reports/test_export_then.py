"""Exports as of a moment in the past: the same bytes as were exported then."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from indicators.models import Series
from plans.models import Target
from reports.exports.asked import Asked
from reports.exports.bundle.stream import Bundle
from targets_site.audit.actions import record
from targets_site.audit.context import Actor
from targets_site.audit.models import Entry
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


@pytest.mark.parametrize("address, status", [("/exports/", 200), ("/exports/targets.csv", 400)])
def test_before_the_first_entry_there_is_a_page_and_no_file(reader, address, status):
    page = reader.get(f"{address}?at=2026-02-01")

    assert page.status_code == status
    assert "The first thing that this system recorded is of 2026-03-01" in text_of(page)


@pytest.mark.parametrize("address", ["/exports/", "/exports/targets.csv", "/exports/bundle.zip"])
@pytest.mark.parametrize(
    "at", ["2999-01-01", "yesterday", "2026-13-01", "2026-03-01T10:30+08:00", "\0", "-1", "9" * 99]
)
def test_a_day_to_come_and_nonsense_are_refused_with_words(reader, address, at):
    page = reader.get(address, {"at": at})

    assert page.status_code == 400
    assert "No such day" in text_of(page)
    assert not Entry.objects.filter(action="export").exists()


def test_a_time_of_day_stands_in_the_name(reader):
    offer = reader.get(f"/exports/?table=targets&at={DAY}T10:30").context["offer"]

    assert offer.asked.file_name == f"targets-{DAY}T103000.csv"


def test_the_page_shows_its_day_as_others_do_and_leads_on_with_it(reader):
    page = text_of(reader.get(f"/exports/?table=verdicts&area=460000&at={DAY}"))

    assert "As it stood on 2026-04-01" in page
    # One way to choose the day, which keeps what else was chosen.
    assert page.count('type="date"') == 1
    assert '<input type="hidden" name="area" value="460000">' in page
    form = re.search('<form class="export-form".*?</form>', page)[0]
    assert form.count('name="at"') == 1
    assert f'<input type="hidden" name="at" value="{DAY}">' in form
    assert f'href="/exports/verdicts.csv?area=460000&amp;at={DAY}"' in page
    assert f'href="/documents/?at={DAY}"' in page


def test_pages_lead_to_the_exports_of_their_day(reader):
    assert f'href="/exports/?at={DAY}"' in text_of(reader.get(f"/documents/?at={DAY}"))


def test_what_is_too_large_is_asked_for_as_of_the_day(reader, settings):
    settings.EXPORT_DIRECT_ROWS = 1
    page = reader.get(f"/exports/targets.jsonl?at={DAY}")

    assert page.status_code == 409
    form = re.search('<form method="post" action="/exports/large/".*?</form>', text_of(page))[0]
    assert form.count('name="at"') == 1


def test_what_was_sent_with_a_bad_day_is_refused_with_words(reader):
    page = reader.post("/exports/large/", {"table": "targets", "at": "2999-01-01"})

    assert page.status_code == 400
    assert "2999-01-01 is still to come." in text_of(page)


@pytest.mark.parametrize(
    "at, said",
    [
        ("2999-01-01", ("还没有到", "2999-01-01 is still to come.")),
        ("2026-02-01", ("那时系统里还没有任何记录", "Nothing had been recorded by then.")),
        ("yesterday", ("yesterday", "“yesterday” is no day.")),
        ("2026-03-01T10:30+01:00", ("2026-03-01T10:30", "is no day.")),
    ],
)
def test_the_command_refuses_a_day_in_both_languages(reader, tmp_path, at, said):
    file = tmp_path / "targets.csv"
    with pytest.raises(CommandError) as refused:
        call_command("export", "targets", at=at, output=str(file))

    assert [words for words in said if words not in str(refused.value)] == []
    assert refused.value.returncode == 2
    assert not file.exists()


def test_the_command_writes_what_was_so_then(reader, tmp_path):
    before = content_of(reader.get("/exports/targets.csv"))
    correct()
    file = tmp_path / "targets.csv"

    call_command("export", "targets", "--at", DAY, output=str(file))

    assert file.read_bytes() == before
