"""`manage.py import_observations`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from indicators.enums import ImportState
from indicators.models import Attachment, Import, ObservationVersion
from targets_site.audit.models import Entry
from tests.factories import make_figure, make_reviewer
from tests.indicators.importing import add_series, as_file, changed_line, csv_file, make_world

COUNTS = ("New", "Changed", "Unchanged", "Lines to confirm", "Lines refused")


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "数据.csv"


def run(path, *options):
    """Exit code, the counts by name, and what was said as errors and besides."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(
            "import_observations", str(path), *options, "--language", "en", stdout=out, stderr=err
        )
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    lines = [line.split("\t") for line in out.getvalue().splitlines()]
    counts = [int(line[1]) for line in lines if len(line) == 2]
    said = [line[0] for line in lines if len(line) == 1]
    assert [line[0] for line in lines if len(line) == 2] == (list(COUNTS) if counts else [])
    return code, counts, [*said, *err.getvalue().splitlines()]


def nothing_was_written():
    return not (
        Attachment.objects.exists()
        or Import.objects.exists()
        or ObservationVersion.objects.exists()
        or Entry.objects.exists()
    )


@pytest.mark.parametrize("name", ["数据.csv", "数据.xlsx"])
@pytest.mark.parametrize("options", [[], ["--user", "wang"]])
def test_a_preview_writes_nothing(world, tmp_path, name, options):
    path = tmp_path / name
    path.write_bytes(as_file(name, changed_line()))

    assert run(path, *options) == (0, [1, 0, 0, 0, 0], [])
    assert nothing_was_written()


def test_without_a_user_neither_rights_nor_rounds_are_checked(world, path):
    path.write_bytes(csv_file(changed_line(年份="2019")))

    assert run(path)[0] == 0
    code, counts, said = run(path, "--user", "wang")
    assert (code, counts) == (1, [0, 0, 0, 0, 1])
    assert said[0] == "line 2, column 年份: No round asks your department for this year now."
    assert said[-1].endswith("The file is refused; nothing was stored.")


def test_commit_stores_drafts_of_the_official(world, path):
    path.write_bytes(csv_file(changed_line()))

    code, counts, said = run(path, "--commit", "--user", "wang")

    assert (code, counts, said) == (0, [1, 0, 0, 0, 0], ["Stored as drafts: 1"])
    version = ObservationVersion.objects.get()
    assert (version.entered_by, version.state) == (world.official, "draft")
    assert Entry.objects.get(action="import").actor == "wang"


def test_commit_of_what_is_stored_already(world, path):
    path.write_bytes(csv_file(changed_line()))
    run(path, "--commit", "--user", "wang")

    code, counts, said = run(path, "--commit", "--user", "wang")

    assert (code, counts, said) == (0, [0, 0, 1, 0, 0], ["There is nothing to store."])
    assert ObservationVersion.objects.count() == 1


def test_a_refused_file_is_not_stored(world, path):
    path.write_bytes(csv_file(changed_line(), changed_line(年份="2025", 数值="x")))

    code, counts, said = run(path, "--commit", "--user", "wang")

    assert (code, counts) == (1, [1, 0, 0, 0, 1])
    assert said[0] == "line 3, column 数值: “Value” takes a number only, for example 98.5."
    assert not ObservationVersion.objects.exists()


def test_questions_need_confirm(world, path):
    path.write_bytes(csv_file(changed_line(数值="0.95")))

    code, counts, said = run(path, "--commit", "--user", "wang")
    assert (code, counts) == (1, [1, 0, 0, 1, 0])
    assert said[-1] == "Confirm what is asked about first."
    assert Import.objects.get().state == ImportState.DISCARDED
    assert not ObservationVersion.objects.exists()

    assert run(path, "--commit", "--user", "wang", "--confirm")[0] == 0
    assert ObservationVersion.objects.count() == 1


def test_corrections_need_a_reason(world, path):
    make_figure(world.series, 2020, "97")
    path.write_bytes(csv_file(changed_line()))

    assert run(path, "--commit", "--user", "wang")[0] == 1
    assert run(path, "--commit", "--user", "wang", "--reason", " 修订 ")[0] == 0
    assert ObservationVersion.objects.get(number=2).correction_reason == "修订"


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--commit"], 2), (["--user", "nobody"], 2), (["--commit", "--user", "reviewer"], 1)],
)
def test_who_may_not(world, path, options, code):
    make_reviewer(area=world.series.area)
    path.write_bytes(csv_file(changed_line()))

    assert run(path, *options)[0] == code
    assert nothing_was_written()


@pytest.mark.parametrize("name", ["数据.pdf", "nothing.csv", "空.csv"])
def test_no_table(world, tmp_path, name):
    path = tmp_path / name
    if name != "nothing.csv":
        path.write_bytes(b"")

    code, counts, said = run(path)

    assert (code, counts) == (1, [])
    assert said[0].endswith("The file is refused; nothing was stored.")


def test_further_problems_are_counted(world, path):
    other = add_series(world, "0202")
    rows = [[other.code, "2020", "x"]] * 102
    path.write_bytes(csv_file(*rows, headings=["series", "year", "value"]))

    code, counts, said = run(path)

    assert (code, counts) == (1, [0, 0, 0, 0, 102])
    assert "2 further problems are not shown." in said
    assert len(said) == 102


def test_help_is_complete(capsys):
    with pytest.raises(SystemExit) as left:
        call_command("import_observations", "--help")

    assert left.value.code in {0, None}
    said = capsys.readouterr().out
    for option in ("--commit", "--user", "--reason", "--confirm", "Exit code"):
        assert option in said
