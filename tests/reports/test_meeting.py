"""The meeting sheet: what it picks, what it says, and that it is one page."""

from decimal import Decimal
from hashlib import sha256

import pypdfium2
import pytest

from plans.models import Target
from reports.paper.errors import PaperUnavailable
from reports.queries.meeting.matters import MatterKind
from reports.queries.meeting.sheet import meeting_sheet
from targets_site.audit.models import Entry
from targets_site.places.models import Area
from tests.factories import make_area, make_department, name_department
from tests.reports.pages import in_words, judge, judged, text_of
from tests.reports.papers import converted, needs_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_in_english")]
ADDRESS = "/areas/990000/meeting/"


def against(number, **fields):
    return judged(number, side_year=2018, side_value=Decimal("97.10"), side_state="short", **fields)


def missed(number, **fields):
    return judged(
        number, "missed", actual_year=2020, actual_value=Decimal(90), gap=Decimal(8), **fields
    )


def agenda_of(area):
    found = meeting_sheet(area, 2020, 2020).agenda
    return [(each.kind, [line.target.code for line in each.lines]) for each in found.matters]


def test_matters_come_by_urgency_and_two_places_are_kept_for_what_is_owed():
    for number in (1, 2, 3):
        missed(number)
    missed(4, key=True)
    against(5)
    judged(6)
    judged(7, key=True)
    in_words(8)

    assert agenda_of(make_area()) == [
        (MatterKind.SHORT, ["plan-990000-004"]),
        (MatterKind.SHORT, ["plan-990000-001"]),
        (MatterKind.SHORT, ["plan-990000-002"]),
        (MatterKind.MISSING, ["plan-990000-007", "plan-990000-006"]),
        (MatterKind.IN_WORDS, ["plan-990000-008"]),
    ]
    assert meeting_sheet(make_area(), 2020, 2020).agenda.left_out == 2


def test_every_missing_figure_is_owed_by_somebody_or_asks_who_owes_it():
    farming, building = make_department(), make_department(name_zh="省住房城乡建设厅")
    name_department(judged(1).target, farming)
    name_department(judged(2).target, building)
    name_department(judged(3, key=True).target, building)
    judged(4)

    found = meeting_sheet(make_area(), 2020, 2020).agenda.matters

    owed = [([each.name_zh for each in matter.departments],
             [line.target.code[-1] for line in matter.lines]) for matter in found]  # fmt: skip
    assert owed == [(["省住房城乡建设厅", "省农业厅"], ["3", "1", "2"]), ([], ["4"])]


def test_a_target_without_a_baseline_asks_for_it(client):
    judged(1, "no_baseline")

    text = text_of(client.get(ADDRESS))

    assert "The baseline that it is measured from is not known." in text
    assert "Supply the baseline and the figure of 2020 with their sources." in text


def test_a_sheet_is_looked_at_from_an_earlier_year(client):
    target = missed(1, key=True).target
    judge(target, "on_track", as_of=2018, actual_year=2018, actual_value=Decimal("97.10"))

    text = text_of(client.get(ADDRESS + "?goal=2020&as_of=2018"))

    assert "As of 2018" in text
    assert "97.1% (2018)" in text
    assert "90%" not in text
    assert "“2031” is not a choice" in text_of(client.get(ADDRESS + "?as_of=2031"))


def test_what_is_in_order_is_no_matter(client):
    judged(1, "achieved", actual_year=2020, actual_value=Decimal(99), gap=Decimal(-1), key=True)

    text = text_of(client.get(ADDRESS))

    assert meeting_sheet(make_area(), 2020, 2020).agenda.matters == ()
    assert "1 quantitative target for 2020 (Green 1), of which 1 can be decided." in text
    assert "99% (2020)" in text
    assert "1 point beyond" in text


def test_a_figure_that_decides_nothing_has_no_distance(client):
    judged(1, "undetermined", actual_year=2020, actual_value=Decimal(95), gap=Decimal(3), key=True)

    text = text_of(client.get(ADDRESS))

    assert "95% in 2020, which decides nothing" in text
    assert "short" not in text


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries_does_not_grow(client, django_assert_num_queries, number):
    for each in range(number):
        name_department(judged(each + 1, key=True).target, make_department())

    with django_assert_num_queries(7):
        client.get(ADDRESS)


def test_unknown_area_and_one_without_targets_are_not_found(client):
    make_area()

    assert client.get("/areas/999999/meeting/").status_code == 404
    assert client.get(ADDRESS).status_code == 404
    judged(1)
    assert client.get("/areas/990000/meeting.exe").status_code == 404


def test_bad_goal_is_told(client):
    judged(1)

    response = client.get(ADDRESS + "?goal=1999")

    assert response.status_code == 200
    assert "“1999” is not a choice for Goal year" in text_of(response)


def test_files_are_in_the_trail(client):
    judged(1)

    word = client.get("/areas/990000/meeting.docx")
    paper = client.get("/areas/990000/meeting.pdf?goal=2020")

    assert (word.content[:2], paper.content[:5]) == (b"PK", b"%PDF-")
    entries = Entry.objects.filter(action="export").values_list("object", "after")
    assert list(entries) == [
        ("meeting:990000:2020:2020", {"file": "docx", "sha256": sha256(word.content).hexdigest()}),
        ("meeting:990000:2020:2020", {"file": "pdf", "sha256": sha256(paper.content).hexdigest()}),
    ]
    assert word["Content-Disposition"] == (
        'attachment; filename="990000: progress of the quality targets 2020.docx"'
    )


def test_without_the_library_the_page_says_what_to_do(client, monkeypatch):
    def fail(paper):
        raise PaperUnavailable

    judged(1)
    monkeypatch.setattr("reports.views.meeting.pdf_of_paper", fail)

    response = client.get("/areas/990000/meeting.pdf")

    assert response.status_code == 503
    assert "This server cannot print: it lacks a library." in text_of(response)
    assert not Entry.objects.filter(action="export").exists()


def pages_of(pdf):
    return len(pypdfium2.PdfDocument(pdf))


@needs_office
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_sheet_of_the_real_data_is_one_page(client, real_data, tmp_path, language):
    client.cookies["django_language"] = language
    pages = {}

    for area in Area.objects.all():
        for goal in (2015, 2020):
            address = f"/areas/{area.code}/meeting"
            pages[area.code, goal] = pages_of(client.get(f"{address}.pdf?goal={goal}").content)
    word = client.get("/areas/460000/meeting.docx?goal=2020").content

    assert set(pages.values()) == {1}, pages
    assert pages_of(converted(word, to="pdf", folder=tmp_path)) == 1


@needs_office
def test_a_full_sheet_with_long_names_is_one_page(client, tmp_path):
    client.cookies["django_language"] = "zh-hans"
    department = make_department(name_zh="省住房和城乡建设厅（省人民防空办公室）")
    for number in range(1, 31):
        target = missed(number, key=True).target
        name_department(target, department)
    Target.objects.update(statement_zh="到2020年，全省大中型建设工程竣工一次验收合格率以及主要"
                                       "产品质量监督抽查合格率均达到98%以上并逐年提高")  # fmt: skip
    for number in range(31, 35):
        judged(number, key=True)
    in_words(40)

    assert pages_of(client.get("/areas/990000/meeting.pdf").content) == 1
    word = client.get("/areas/990000/meeting.docx").content
    assert pages_of(converted(word, to="pdf", folder=tmp_path)) == 1
