"""`assess`: verdicts from two files, and a bad file refused with its place."""

import csv
import io
import re
from contextlib import suppress
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from indicators.assess_files import RefusedFile, Source, assess_files
from indicators.assess_files.cells import figure

TARGET_HEADING = (
    "target_code,document,series,kind,comparator,value,value_upper,unit,target_year,start_year,"
    "hold_from,baseline_year,baseline_value,tolerance,nature,frequency"
)
PATH_TARGET = "t-001,t,s,reach,ge,98.0,,%,2020,2011,,2010,96,,,"
MILESTONE = "t-002,t,s,reach,ge,97,,%,2015,2011,,,,,level,1"
IN_WORDS = "t-003,,,text,,,,,,,,,,,,"
OBSERVATION_HEADING = "series,year,value,bound,obs_status"
VERDICT_HEADINGS = [
    "document", "target_code", "series", "target_year", "kind", "comparator", "value", "unit",
    "as_of", "status", "light", "actual_year", "actual_value", "gap", "baseline_year",
    "baseline_value", "expected_value", "ratio", "share", "required_pace", "last_pace",
    "missing_years", "breached_years", "side_year", "side_value", "method_version",
]  # fmt: skip


def lines(*texts):
    return "".join(f"{text}\r\n" for text in texts).encode()


def verdicts(targets, observations, *, as_of=2016):
    text = assess_files(Source("T.csv", targets), Source("O.csv", observations), as_of=as_of)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def refusal(targets, observations):
    with translation.override("en"), pytest.raises(RefusedFile) as refused:
        verdicts(targets, observations)
    return str(refused.value)


TARGETS = lines(TARGET_HEADING, PATH_TARGET, MILESTONE, IN_WORDS)
OBSERVATIONS = lines(OBSERVATION_HEADING, "s,2015,97.0,exact,A")


def test_assess_files_gives_the_worked_case_of_the_method():
    on_track, _milestone, in_words = verdicts(TARGETS, OBSERVATIONS)

    assert list(on_track) == VERDICT_HEADINGS
    assert on_track == {
        **dict.fromkeys(VERDICT_HEADINGS, ""),
        "document": "t",
        "target_code": "t-001",
        "series": "s",
        "target_year": "2020",
        "kind": "reach",
        "comparator": "ge",
        "value": "98.0",
        "unit": "%",
        "as_of": "2016",
        "status": "on_track",
        "light": "green",
        "actual_year": "2015",
        "actual_value": "97",
        "gap": "1",
        "baseline_year": "2010",
        "baseline_value": "96",
        "expected_value": "97",
        "ratio": "1",
        "share": "0.5",
        "required_pace": "0.2",
        "method_version": on_track["method_version"],
    }
    assert (in_words["status"], in_words["light"]) == ("not_measurable", "none")


def test_assess_files_lists_years_and_bounds_missing_ones():
    hold = "t-001,t,s,hold,ge,97,,%,2020,2011,,,,,,"
    observations = lines(OBSERVATION_HEADING, "s,2011,97.4,,", "s,2012,96.8,,", "s,2014,97.5,,")

    [row] = verdicts(lines(TARGET_HEADING, hold), observations, as_of=2015)

    years = (row["status"], row["missing_years"], row["breached_years"])
    assert years == ("recovered", "2013;2015", "2012")


def test_assess_files_carries_further_columns_in_the_order_of_the_verdicts():
    heading = f"statement_zh,remark,{TARGET_HEADING},area_code,indicator_code"
    row = f'"=合格率,达到98%",ignored,{PATH_TARGET},012345,pass-rate'

    [verdict] = verdicts(lines(heading, row), OBSERVATIONS)

    assert list(verdict)[:6] == [
        "document", "target_code", "area_code", "series", "indicator_code", "statement_zh",
    ]  # fmt: skip
    assert (verdict["area_code"], verdict["statement_zh"]) == ("012345", "'=合格率,达到98%")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda content: b"\xef\xbb\xbf" + content, id="bom"),
        pytest.param(lambda content: content.replace(b"\r\n", b"\n"), id="lf"),
        pytest.param(lambda content: content + b"\r\n\r\n", id="empty-lines"),
    ],
)
def test_assess_files_reads_what_editors_make_of_a_file(change):
    assert verdicts(change(TARGETS), change(OBSERVATIONS)) == verdicts(TARGETS, OBSERVATIONS)


def test_about_keeps_the_decimals_as_written():
    whole = "t-001,t,s,reach,about,82,,%,2015,2011,,,,,,"
    tenths = "t-002,t,s,reach,about,82.0,,%,2015,2011,,,,,,"
    observations = lines(OBSERVATION_HEADING, "s,2015,81.6,,")

    rows = verdicts(lines(TARGET_HEADING, whole, tenths), observations, as_of=2015)

    assert [row["status"] for row in rows] == ["achieved", "undetermined"]


@pytest.mark.parametrize(
    ("targets", "observations", "message"),
    [
        pytest.param(
            lines(TARGET_HEADING.replace(",hold_from", ""), IN_WORDS),
            OBSERVATIONS,
            "T.csv, line 1, column hold_from: The file has no such column.",
            id="missing-column",
        ),
        pytest.param(
            b"",
            OBSERVATIONS,
            f"T.csv, line 1, column {TARGET_HEADING.replace(',', ', ')}: "
            "The file has no such column.",
            id="empty-file",
        ),
        pytest.param(
            lines(f"{TARGET_HEADING},kind", f"{IN_WORDS},text"),
            OBSERVATIONS,
            "T.csv, line 1, column kind: The column stands in the file twice.",
            id="doubled-column",
        ),
        pytest.param(
            TARGETS,
            lines(OBSERVATION_HEADING, "s,2014,1,,", '"s",2015,"9８",,'),
            "O.csv, line 3, column value: Not a figure of at most 9 digits and 6 decimals: “9８”",
            id="full-width-digit",
        ),
        pytest.param(
            TARGETS,
            lines(OBSERVATION_HEADING, "s,2014,NaN,,"),
            "O.csv, line 2, column value: Not a figure of at most 9 digits and 6 decimals: “NaN”",
            id="nan",
        ),
        pytest.param(
            TARGETS,
            lines(OBSERVATION_HEADING, "s,2014.0,1,,"),
            "O.csv, line 2, column year: Not a whole number: “2014.0”",
            id="year-with-decimals",
        ),
        pytest.param(
            TARGETS,
            lines(OBSERVATION_HEADING, "s,1066,1,,"),
            "O.csv, line 2, column year: A year lies between 1900 and 2100.",
            id="year-out-of-range",
        ),
        pytest.param(
            TARGETS,
            lines(OBSERVATION_HEADING, "s,,1,,"),
            "O.csv, line 2, column year: This field is required.",
            id="no-year",
        ),
        pytest.param(
            TARGETS,
            lines(OBSERVATION_HEADING, "s,2014,1,,X"),
            "O.csv, line 2, column obs_status: Use letters of A, B, E, P, M, each once.",
            id="unknown-obs-status",
        ),
        pytest.param(
            TARGETS,
            lines(OBSERVATION_HEADING, "s,2014,1,nearly,A"),
            "O.csv, line 2, column bound: Unknown bound.",
            id="unknown-bound",
        ),
        pytest.param(
            TARGETS,
            lines(OBSERVATION_HEADING, "s,2014,1,,", "s,2015,2,,", "s,2014,1,,"),
            "O.csv, line 4, column year: The series has two rows of this year.",
            id="two-rows-of-a-year",
        ),
        pytest.param(
            lines(TARGET_HEADING, PATH_TARGET, PATH_TARGET),
            OBSERVATIONS,
            "T.csv, line 3, column target_code: The target stands in the file twice.",
            id="doubled-target",
        ),
        pytest.param(
            lines(TARGET_HEADING, PATH_TARGET.replace("98.0", "")),
            OBSERVATIONS,
            "T.csv, line 2, column value: This field is required.",
            id="required-by-the-method",
        ),
        pytest.param(
            lines(TARGET_HEADING, PATH_TARGET, "t-002,t"),
            OBSERVATIONS,
            "T.csv, line 3, column 2: The row has 2 cells, the heading has 16.",
            id="short-row",
        ),
        pytest.param(
            lines(f"{TARGET_HEADING},x", f'{PATH_TARGET},"two\r\nlines"', f"{MILESTONE},", "t-9"),
            OBSERVATIONS,
            "T.csv, line 5, column 1: The row has 1 cells, the heading has 17.",
            id="line-after-a-cell-of-two-lines",
        ),
        pytest.param(
            TARGETS,
            lines(OBSERVATION_HEADING, "s,2014,1,,", 's,2015,"2,,'),
            "O.csv, line 3: Not a CSV record: unexpected end of data",
            id="open-quote",
        ),
        pytest.param(
            lines(TARGET_HEADING, IN_WORDS) + "目标,".encode("gb18030"),
            OBSERVATIONS,
            "T.csv, line 3, column 1: The file is not UTF-8.",
            id="gb18030",
        ),
    ],
)
def test_bad_file_is_refused_with_line_and_column(targets, observations, message):
    assert refusal(targets, observations) == message


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    with suppress(RefusedFile):
        verdicts(content, OBSERVATIONS)
    with suppress(RefusedFile):
        verdicts(TARGETS, content)


@given(st.text(alphabet="0123456789.-+eE_ ,x", max_size=12))
def test_figure_keeps_every_digit_or_refuses(text):
    try:
        value = figure(text)
    except ValueError:
        return
    assert ("" if value is None else f"{value:f}") == text.strip()


@pytest.fixture
def files(tmp_path):
    targets, observations = tmp_path / "T.csv", tmp_path / "O.csv"
    targets.write_bytes(TARGETS)
    observations.write_bytes(OBSERVATIONS)
    return {"targets": str(targets), "observations": str(observations), "as_of": 2016}


def test_command_writes_the_file_without_touching_the_database(files, tmp_path):
    output = tmp_path / "V.csv"

    call_command("assess", **files, output=str(output))

    text = assess_files(Source("T.csv", TARGETS), Source("O.csv", OBSERVATIONS), as_of=2016)
    assert output.read_bytes() == b"\xef\xbb\xbf" + text.encode()


def test_command_reads_standard_input_and_writes_standard_output(files, monkeypatch, capfdbinary):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(TARGETS)))

    call_command("assess", **{**files, "targets": "-"}, no_bom=True)

    text = assess_files(Source("T.csv", TARGETS), Source("O.csv", OBSERVATIONS), as_of=2016)
    assert capfdbinary.readouterr().out == text.encode()


def test_command_refuses_a_bad_file_and_writes_nothing(files, tmp_path):
    (tmp_path / "O.csv").write_bytes(lines(OBSERVATION_HEADING, "s,20x5,97,,"))
    output = tmp_path / "V.csv"

    with pytest.raises(CommandError, match=r"O\.csv, line 2, column year: Not a whole number"):
        call_command("assess", **files, output=str(output))

    assert not output.exists()


@pytest.mark.parametrize(
    ("change", "english"),
    [
        ({"as_of": 20150}, "A year lies between"),
        ({"targets": "missing.csv"}, "missing.csv cannot be read"),
        ({"targets": "-", "observations": "-"}, "Only one of the two files"),
        ({"output": "no/such/folder/V.csv"}, "V.csv cannot be written"),
    ],
)
def test_command_refuses_what_cannot_be_in_both_languages(files, change, english):
    with pytest.raises(CommandError, match=rf"[一-龥].* / .*{re.escape(english)}"):
        call_command("assess", **{**files, **change})
