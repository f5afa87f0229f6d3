"""How lines are understood."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from indicators import typed_figures
from indicators.actions.imports import work_off
from indicators.enums import ImportState
from indicators.models import (
    ImportLine,
)
from targets_site.typed_text import clean_text
from tests.factories import (
    make_figure,
    make_round,
)
from tests.indicators.importing import (
    add_series,
    as_file,
    changed_line,
    csv_file,
    hand_in,
    problems_of,
    read,
    xlsx_file,
)
from tests.indicators.imports_lines.world import BY_SERIES, only_line, saved
from tests.sheets.files import changed

pytestmark = pytest.mark.django_db


def test_notes_and_questions_stand_with_the_line(world):
    make_figure(world.series, 2019, "60.0")

    imported = read(csv_file(changed_line(数值="９８．５")), by=world.official)

    line = only_line(imported)
    assert line.note == "Understood as 98.5 %."
    [question] = line.content["questions"]
    assert question.startswith("60.0 % in 2019, now 98.5 % for 2020")
    assert imported.counts == {"new": 1, "questions": 1}


def test_the_change_is_measured_against_the_latest_earlier_figure_in_force(world):
    """Not against a later one, a missing one, or a draft."""
    make_figure(world.series, 2016, "97.0")
    make_figure(world.series, 2017, None)
    make_figure(world.series, 2021, "10.0")
    make_round(world.series.area, 2018)
    saved(world, 2018, value="20")

    imported = read(csv_file(changed_line()), by=world.official)

    assert "questions" not in only_line(imported).content


def test_messages_are_in_the_language_of_who_imports(world):
    with translation.override("zh-hans"):
        imported = read(csv_file(changed_line(数值="x")), by=world.official)

    assert problems_of(imported) == [(2, "数值", "“数值”只能填写数字，例如 98.5。")]


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
@pytest.mark.parametrize("word", ["at_least", "At least", "不低于"])
def test_a_bound_by_code_or_by_word(world, name, word):
    with translation.override("zh-hans"):
        content = as_file(
            name, ["370000.0101.all", "2020", "98.5", word], headings=[*BY_SERIES, "bound"]
        )
        imported = read(content, name, by=world.official)

    assert only_line(imported).content["figure"]["bound"] == "at_least"


def test_a_guarded_formula_is_the_text_again(world):
    content = csv_file(["370000.0101.all", "2020", "98.5", "'=1+1"], headings=[*BY_SERIES, "note"])

    imported = read(content, by=world.official)

    assert only_line(imported).content["figure"]["remark"] == "=1+1"


def test_no_line_is_lost(world):
    """Lines read = lines in the file, over more than one block, with the numbers of the file."""
    series = [add_series(world, f"a{number:03}") for number in range(700)]
    rows = [[each.code, str(year), "1.5"] for each in series for year in (2020, 2025)]

    imported = read(csv_file(*rows, headings=BY_SERIES), by=world.official)

    assert imported.counts == {"new": 1400}
    assert (imported.lines_total, imported.job.done, imported.job.total) == (1400, 1400, 1400)
    numbers = imported.lines.values_list("number", "series__code", "year")
    assert list(numbers) == [(at, row[0], int(row[1])) for at, row in enumerate(rows, start=2)]


@pytest.mark.parametrize("size", [3, 30])
def test_reading_asks_no_more_for_more_lines(world, size, django_assert_max_num_queries):
    series = [add_series(world, f"a{number:03}") for number in range(size)]
    for each in series:
        make_figure(each, 2019, "1.2")
    content = csv_file(*([each.code, "2020", "1.5"] for each in series), headings=BY_SERIES)
    handed_in = hand_in(content, by=world.official)
    with django_assert_max_num_queries(51):
        work_off(handed_in)

    assert ImportLine.objects.count() == size


@given(st.text(max_size=12), st.sampled_from(["remark", "source_title"]))
def test_the_quick_way_to_clean_a_text_is_the_slow_one(text, name):
    kind, longest = typed_figures.TEXTS[name]

    def outcome(clean):
        try:
            return clean()
        except ValidationError as error:
            return error.code, error.messages

    typed_figures._cleaned.cache_clear()
    quick = outcome(lambda: typed_figures._cleaned(text, kind, longest, "Text"))

    assert quick == outcome(
        lambda: clean_text(text, kind=kind, longest=longest, label="Text").value
    )


NULL = "_null_"


def with_null(workbook):
    """The same workbook with a null character, which no program writes, in that place."""
    return changed(workbook, "xl/sharedStrings.xml", NULL.encode(), b"_x0000_")


@pytest.mark.parametrize("place", range(4))
def test_a_workbook_can_hold_a_null_character_and_a_message_cannot(world, place):
    """Excel writes it as _x0000_; PostgreSQL stores none."""
    cells = ["370000.0101.all", "2020", "98.5", "注"]
    cells[place] += NULL

    content = with_null(xlsx_file(cells, headings=[*BY_SERIES, "note"]))
    imported = read(content, "t.xlsx", by=world.official)

    assert [each[:2] for each in problems_of(imported)] == [(2, [*BY_SERIES, "note"][place])]
    assert "\0" not in str(imported.problems)


def test_a_heading_with_a_null_character(world):
    content = xlsx_file(["x", "2020", "1", "1"], headings=[*BY_SERIES, f"a{NULL}b"])

    imported = read(with_null(content), "t.xlsx", by=world.official)

    assert imported.state == ImportState.REFUSED
    assert [each[:2] for each in problems_of(imported)] == [(1, "D")]


@given(st.from_regex(typed_figures.PLAIN_ADDRESS, fullmatch=True))
def test_what_is_quickly_taken_for_an_address_is_one(text):
    if len(text) <= typed_figures.LONGEST_PLAIN_ADDRESS:
        typed_figures._address_validator()(text)
