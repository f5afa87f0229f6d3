"""The page of a figure and its files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from indicators.enums import State
from indicators.models import Attachment, Observation, ObservationVersion
from tests.factories import (
    make_department,
    make_figure,
    make_indicator,
    make_official,
    make_reading,
    make_series,
    make_target,
    make_user,
)
from tests.indicators.cell_pages.world import address_of, newest, send, stored_meanwhile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


PDF = b"%PDF-1.7\nthe letter\n%%EOF"


def test_the_page_shows_what_is_stored_permitted_and_measured(signed_in, series, one):
    make_reading(make_target(statement_en="Pass rate of 98 %"), series)
    for year in range(2012, 2020):
        make_figure(series, year, "98.50")
    send(signed_in, address_of(series, one=one), True)

    response = signed_in.get(address_of(series, one=one))

    page = response.content.decode()
    assert [each.year for each in response.context["recent"]] == [2019, 2018, 2017, 2016, 2015]
    assert "Between 0 and 100, at most 2 decimals." in page
    assert "Pass rate of 98 %" in page
    assert "Preview, seen by your department only" in page
    assert 'value="98.5"' in page


def test_a_returned_figure_shows_why_and_what_was_typed(signed_in, series, one):
    reviewer = make_user("reviewer", full_name="Reviewer Li")
    version = make_figure(
        series, 2020, "98.40", state=State.RETURNED, return_reason="口径不符",
        reviewed_by=reviewer,
    )  # fmt: skip
    Observation.objects.update(in_force=None, working=version)

    response = signed_in.get(address_of(series, one=one))

    assert response.context["form"].initial["value"] == "98.40"
    assert "Returned by Reviewer Li: 口径不符" in response.content.decode()


def test_a_count_has_no_numerator(signed_in, department, one):
    count = make_indicator("parks", name_en="Parks", unit="个", largest=None)
    series = make_series(indicator=count, department=department)

    form = signed_in.get(address_of(series, one=one)).context["form"]

    assert "numerator" not in form.fields
    response = send(signed_in, address_of(series, one=one), True, value="5", numerator="1")
    assert response.status_code == 200
    assert newest().numerator is None


def test_evidence_comes_with_the_form_and_stays_with_the_figure(signed_in, series, one):
    letter = SimpleUploadedFile("来函.pdf", PDF, content_type="application/pdf")

    send(signed_in, address_of(series, one=one), False, evidence_file=letter, step="save")

    attached = Attachment.objects.get()
    assert list(newest().evidence.all()) == [attached]
    page = signed_in.get(address_of(series, one=one))
    assert "来函.pdf" in page.content.decode()
    kept = {"evidence": attached.pk, "value": "98.6", "read_version": "1"}
    cell = send(signed_in, address_of(series, one=one), True, **kept).content.decode()
    assert list(newest().evidence.all()) == [attached]
    assert 'data-name="来函.pdf"' in cell
    assert "1 evidence file" in cell


def test_a_file_that_is_not_taken_stores_nothing(signed_in, series, one):
    program = SimpleUploadedFile("tool.exe", b"MZ", content_type="application/pdf")

    response = send(signed_in, address_of(series, one=one), False, evidence_file=program)

    assert response.status_code == 422
    assert "is of another kind" in response.content.decode()
    assert not ObservationVersion.objects.exists()


def test_a_file_that_was_named_survives_a_conflict(client, official, colleague, series, one):
    stored_meanwhile(client, series, one, colleague, official)
    named = Attachment.objects.create(
        name="来函.pdf", size=1, department=official.posts.get().department, added_by=official
    )

    response = send(client, address_of(series, one=one), False, evidence=named.pk)

    assert response.status_code == 409
    assert f'name="evidence" value="{named.pk}"' in response.content.decode()


def test_files_of_other_departments_cannot_be_attached(signed_in, series, one):
    other = make_department(name_zh="省林业厅")
    stranger = make_official("forester", other)
    foreign = Attachment.objects.create(
        name="内部.pdf", size=1, department=other, added_by=stranger
    )

    response = send(signed_in, address_of(series, one=one), True, evidence=foreign.pk)

    assert response.status_code == 422
    assert "内部" not in response.content.decode()


def test_what_people_type_is_escaped(signed_in, series, one):
    nasty = '"><script>alert(1)</script>'

    cell = send(
        signed_in, address_of(series, one=one), True, remark=nasty, source_title=nasty
    ).content.decode()

    assert newest().remark == nasty
    assert "<script>" not in cell


def test_addresses_have_their_names(series, one):
    args = [one.pk, series.code, 2020]
    assert reverse("indicators:cell", args=args) == address_of(series, one=one)
    assert reverse("indicators:correct", args=args[1:]) == address_of(series)
    for step in ("submit", "recall"):
        name = f"indicators:{step}_cell"
        assert reverse(name, args=args) == address_of(series, one=one, step=f"{step}/")
        assert reverse(name, args=args[1:]) == address_of(series, step=f"{step}/")
    assert reverse("indicators:grid", args=args[:1]) == f"/entry/{one.pk}/"
