"""Where a figure comes from: what is shown to whom."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from indicators.actions import workflow
from indicators.actions.verdicts import recompute
from indicators.models import Attachment, ObservationVersion
from plans.models import Target
from targets_site.audit.chain import head
from targets_site.audit.models import Entry, Link
from targets_site.audit.sealing import seal
from tests.factories import (
    make_auditor,
    make_department,
    make_figure,
    make_official,
    make_reading,
    make_reviewer,
    make_round,
    make_series,
    make_target,
    make_text_target,
    make_user,
    make_verdict,
)
from tests.indicators.steps import Figure
from tests.reports.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open_reading(settings):
    settings.OPEN_READING = True


@pytest.fixture
def english(client):
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def department():
    """One that is asked for the figures of 2020."""
    found = make_department()
    make_round(found.area, 2020)
    return found


@pytest.fixture
def official(department):
    return make_official("wang", department)


@pytest.fixture
def reviewer(department):
    return make_reviewer(area=department.area)


@pytest.fixture
def figure(department):
    return Figure(department)


def address(series, year):
    return reverse("reports:provenance", args=[series.code, year])


def words(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return text_of(response)


def main(client, address):
    """The HTML between header and footer."""
    return re.search(r"<main.*</main>", client.get(address).text, re.DOTALL)[0]


def evidence(department, name="公报.pdf"):
    return Attachment.objects.create(
        file="attachments/x", name=name, media_type="application/pdf", size=3, sha256="ab" * 32,
        department=department, added_by=make_user("giver"),
    )  # fmt: skip


def days_ago(days):
    return timezone.now() - timedelta(days=days)


SHORTFALL = {"shortfall_reason": "来源不足", "next_steps": "加强抽检"}


def approved(figure, official, reviewer, said="62.10", **fields):
    saved = figure.save_with({"value": said, **SHORTFALL}, by=official, **fields)
    sent = figure.submit(saved, official)
    return workflow.approve(version=sent, by=reviewer)


# What is stated


def test_a_loaded_figure_says_what_was_published(english):
    series = make_series()
    make_figure(
        series, 2019, "63.10", bound="at_least", obs_status="BP", source_title="统计公报",
        source_url="https://example.org/a", source_grade="reprint", published_as="合格率",
        published_on="2020-03",
    )  # fmt: skip

    shown = words(english, address(series, 2019))

    for said in ["At least 63.10 %", "Time series break", "Provisional", "统计公报", "合格率",
                 "2020-03", "https://example.org/a", "Reprint, to be checked",
                 "In force, loaded with the reference data"]:  # fmt: skip
        assert said in shown


def test_a_year_without_a_figure_says_why(english):
    series = make_series()
    make_figure(series, 2019, None, obs_status="M")

    assert "— 未统计" in words(english, address(series, 2019))


def test_every_version_stands_with_its_people_and_what_it_changed(
    english, department, figure, official, reviewer
):
    first = approved(figure, official, reviewer)
    file = evidence(department)
    second = figure.save_with(
        {"value": "63.50"},
        by=official,
        read=first.number,
        reason="统计口径订正",
        evidence=[file.pk],
    )
    workflow.approve(version=figure.submit(second, official), by=reviewer)
    english.force_login(official)

    shown = words(english, address(figure.series, figure.year))

    assert shown.index("Version 2: 63.50 %") < shown.index("Version 1: 62.10 %")
    for said in ["Reason for the correction: 统计口径订正", "Value 62.10 % 63.50 %",
                 f"公报.pdf SHA-256 {'ab' * 32}", "Approved, replaced since", "Entered wang",
                 "Submitted wang", "Approved reviewer"]:  # fmt: skip
        assert said in shown


def test_a_department_that_was_succeeded_is_named_as_registers_name_it(
    english, department, figure, official, reviewer
):
    approved(figure, official, reviewer)
    department.successor = make_department(name_zh="今日局", name_en="Office of today")
    department.save()

    shown = words(english, address(figure.series, figure.year))

    assert "Reported by Office of today" in shown


# To whom


def test_a_draft_is_not_hinted_at(client, figure, official, reviewer):
    first = approved(figure, official, reviewer)
    before = main(client, address(figure.series, figure.year))
    figure.save("77.70", by=official, read=first.number, reason="再改")

    stranger = make_user("stranger")
    unseen = main(client, address(figure.series, figure.year))
    client.force_login(stranger)
    signed_in = main(client, address(figure.series, figure.year))
    client.force_login(official)
    own = main(client, address(figure.series, figure.year))

    made = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d\.|截至[^<]*")
    assert made.sub("", unseen) == made.sub("", before)
    assert "77.70" not in signed_in
    assert 'id="version-2"' not in signed_in
    assert "77.70" in own


def test_nothing_to_see_is_not_there(client, figure, official):
    figure.save("77.70", by=official)
    stranger = make_user("stranger")

    assert client.get(address(figure.series, figure.year)).status_code == 404
    assert not Entry.objects.filter(action="denied").exists()
    client.force_login(stranger)
    assert client.get(address(figure.series, figure.year)).status_code == 404
    assert client.get(address(figure.series, 1999)).status_code == 404
    assert Entry.objects.filter(action="denied", actor="stranger").count() == 2
    client.force_login(official)
    assert client.get(address(figure.series, figure.year)).status_code == 200


def test_files_are_for_who_may_open_them(client, department, figure, official, reviewer):
    saved = figure.save(by=official, evidence=[evidence(department).pk])
    workflow.approve(version=figure.submit(saved, official), by=reviewer)

    assert "公报.pdf" not in words(client, address(figure.series, figure.year))
    client.force_login(make_user("stranger"))
    assert "公报.pdf" in words(client, address(figure.series, figure.year))


def test_behind_login_where_reading_is_not_open(client, settings):
    settings.OPEN_READING = False
    series = make_series()
    make_figure(series, 2019, "96.20")

    assert client.get(address(series, 2019)).status_code == 302


# What it counts for


def test_a_figure_leads_to_clause_reading_and_verdict(english):
    target, series = make_target(), make_series()
    make_reading(target, series, confirmed_by=make_user("checker"))
    make_figure(series, 2019, "96.20")
    make_figure(series, 2020, "97.10")
    make_verdict(target, 2020, "missed", actual_year=2020, actual_value="97.10", gap="0.9",
                 baseline_year=2019, baseline_value="96.20", last_pace="0.9")  # fmt: skip
    make_verdict(target, 2019, "too_early", actual_year=2019, actual_value="96.20")

    of_2019, of_2020 = (words(english, address(series, year)) for year in (2019, 2020))

    for said in ["Quality outline", "一、目标", "达到98%以上", "≥ 98 % · 2020", "Same measure",
                 "checker", "Reference data"]:  # fmt: skip
        assert said in of_2020
    assert "2020 ■ Missed (Red) decides 1" in of_2020
    assert "Too early" not in of_2020
    assert "2019 ○ Too early (Grey) decides 1" in of_2019
    assert "2020 ■ Missed (Red) baseline; figure before it, for the last step 1" in of_2019


def test_a_figure_without_a_target_says_so(english):
    series = make_series()
    make_figure(series, 2019, "96.20")

    assert "No target is measured by this series." in words(english, address(series, 2019))


def test_the_scan_stands_with_its_digest(english, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    target, series = make_target(), make_series()
    make_reading(target, series)
    make_figure(series, 2019, "96.20")
    document = target.document
    document.scan, document.scan_sha256 = "documents/a.pdf", "cd" * 32
    document.save()

    for where in (address(series, 2019), reverse("reports:target_provenance", args=[target.code])):
        page = english.get(where).text
        assert f"SHA-256 {'cd' * 32}" in page
        assert reverse("reports:scan", args=[document.slug]) in page
        assert "#page=" not in page


# The trail


def test_readers_see_the_steps_and_auditors_what_they_say(english, figure, official, reviewer):
    first = approved(figure, official, reviewer)
    figure.save("77.70", by=official, read=first.number, reason="再改")

    open_page = main(english, address(figure.series, figure.year))
    english.force_login(make_auditor())
    whole = main(english, address(figure.series, figure.year))

    rows = Entry.objects.filter(object=figure.about)
    assert open_page.count("provenance-hash") == 3
    assert rows.count() == whole.count("provenance-hash") == 4
    assert "77.70" in whole
    assert "trail-changes" not in open_page


def test_the_load_that_brought_a_figure_stands_in_its_trail(english):
    series = make_series()
    version = make_figure(series, 2019, "96.20")
    for after, name in [(-timedelta(hours=1), "early"), (timedelta(minutes=2), "fixtures"),
                        (timedelta(minutes=9), "late")]:  # fmt: skip
        Entry.objects.create(
            action="load_reference", object=f"folder:{name}", actor="reference",
            at=version.entered_at + after, after={"sha256": name},
        )  # fmt: skip
    english.force_login(make_auditor())

    shown = words(english, address(series, 2019))

    assert "Reference data loaded" in shown
    assert "Reference data SHA-256 fixtures" in shown
    assert "SHA-256 early" not in shown
    assert "SHA-256 late" not in shown


def test_entries_stand_with_their_place_in_the_chain(english, figure, official, reviewer):
    approved(figure, official, reviewer)
    seal()

    shown = words(english, address(figure.series, figure.year))

    last = Link.objects.get(entry__object=figure.about, entry__action="approve")
    assert f"Approved reviewer {last.hash}" in shown
    assert f"position {head().position}, hash {head().hash}" in shown


# As it stood


def test_as_it_stood_only_what_was_there_is_shown(english, figure, official, reviewer):
    first = approved(figure, official, reviewer)
    ObservationVersion.objects.filter(pk=first.pk).update(
        entered_at=days_ago(4), submitted_at=days_ago(4), reviewed_at=days_ago(4)
    )
    Entry.objects.update(at=days_ago(4))
    approved(figure, official, reviewer, "63.50", read=first.number, reason="订正")
    where = address(figure.series, figure.year)

    then = words(english, f"{where}?at={days_ago(3):%Y-%m-%d}")

    assert "62.10 %" in then
    assert "63.50" not in then
    assert "63.50 %" in words(english, where)


def test_what_was_not_there_then_is_denied_and_noted(client, figure, official, reviewer):
    Entry.objects.create(action="login", object="user:wang", at=days_ago(9))
    approved(figure, official, reviewer)
    client.force_login(official)
    asked = f"{address(figure.series, figure.year)}?at={days_ago(3):%Y-%m-%d}"

    assert client.get(asked).status_code == 404
    assert Entry.objects.filter(action="denied", object=figure.about).count() == 1


# From the clause's end


def of_target(target, **query):
    return reverse("reports:target_provenance", args=[target.code], query=query)


def test_a_verdict_leads_to_its_figures(english):
    target, series = make_target(document=None), make_series()
    make_reading(target, series)
    for year, value in [(2010, "91.00"), (2018, "95.30"), (2019, "96.20"), (2020, "97.10")]:
        make_figure(series, year, value)
    recompute(Target.objects.in_force())

    page = english.get(of_target(target, as_of=2019))
    shown = text_of(page)

    assert "2019 96.20% decides" in shown
    assert "2018 95.30% figure before it, for the last step" in shown
    assert "2010 91.00% baseline" in shown
    assert "2020 97.10% after the as-of year, not counted" in shown
    assert (
        f'data-exported="observations {series.code} 2019 value" href="{address(series, 2019)}"'
        in (page.text)
    )


def test_superseded_readings_stand_beside_the_one_in_force(english):
    target, series = make_target(), make_series()
    make_reading(target, make_series(scope="old"), note_en="First try",
                 superseded_at=timezone.now())  # fmt: skip
    make_reading(target, series)

    shown = words(english, of_target(target))

    assert "1 earlier reading" in shown
    assert "First try" in shown


def test_a_changed_verdict_says_what_changed_it(english, figure, official, reviewer):
    target = make_target()
    make_reading(target, figure.series)
    first = approved(figure, official, reviewer, "97.10")
    recompute(Target.objects.in_force())
    second = figure.save_with({"value": "98.40"}, by=official, read=first.number, reason="订正")
    workflow.approve(version=figure.submit(second, official), by=reviewer)
    recompute(Target.objects.in_force())

    shown = words(english, of_target(target))

    assert "Figure of 2020 put in force, version 2 , reviewer" in shown
    assert "Figure that counts 97.1 % in 2020 → 98.4 % in 2020" in shown
    assert "the first that was recorded" in shown
    assert "version 1 , reviewer" not in shown


def test_a_target_in_words_has_judgements_and_no_figures(english):
    target = make_text_target()
    make_verdict(target, 2020, "not_measurable")

    shown = words(english, of_target(target))

    assert "Nobody has judged it yet." in shown
    assert "Figures of the verdict" not in shown


def test_a_wrong_year_is_said(english):
    target = make_target()

    assert "This target can be looked at from 2011 to 2020." in words(
        english, of_target(target, as_of=1950)
    )
    assert "is not a year" in words(english, of_target(target, as_of="x"))
    assert english.get(reverse("reports:target_provenance", args=["none"])).status_code == 404


@pytest.mark.parametrize("kind", ["observation", "target"])
def test_queries_do_not_grow_with_rows(
    client, figure, official, reviewer, django_assert_max_num_queries, kind
):

    def grow(number):
        target = make_target(f"plan-2011-{number:03d}")
        make_reading(target, figure.series)
        make_figure(figure.series, 2010 + number, "90.10")
        fields = {"read": number - 1, "reason": "订正"} if number > 1 else {}
        approved(figure, official, reviewer, f"6{number}.10", **fields)
        recompute(Target.objects.in_force())
        return target

    def queries():
        asked = address(figure.series, figure.year) if kind == "observation" else of_target(first)
        with django_assert_max_num_queries(40) as counted:
            assert client.get(asked).status_code == 200
        return len(counted)

    client.force_login(make_auditor())
    first = grow(1)
    grow(2)
    one = queries()
    for number in (3, 4, 5):
        grow(number)

    assert queries() == one
