"""The chain's head stands in a file outside the database, whatever stopped in between."""

import re
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from targets_site.audit import heads
from targets_site.audit.chain import head
from targets_site.audit.heads import note_head, noted
from targets_site.audit.sealer import Sealer
from targets_site.audit.sealing import seal
from tests.audit.trails import entries


def lines(settings):
    return [
        line
        for path in sorted(settings.TRAIL_HEADS_DIR.iterdir())
        for line in path.read_text().splitlines()
    ]


@pytest.mark.django_db
def test_each_batch_adds_a_line_with_its_head(settings):
    sealer = Sealer()
    for number in (2, 3):
        entries(number)
        sealer.look()
        sealer.look()

    first, second = lines(settings)
    last = head()
    assert first.startswith("2 ")
    assert second.startswith(f"5 {last.seq} {last.hash} ")
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", second.split()[3])
    assert [each.head.position for each in noted()] == [2, 5]


@pytest.mark.django_db
def test_a_crash_between_chaining_and_noting_is_made_good(settings):
    entries(2)
    seal()  # and here it died

    Sealer().look()

    assert [each.head for each in noted()] == [head()]


@pytest.mark.django_db
def test_what_is_noted_is_not_noted_again_after_a_start(settings):
    entries(1)
    Sealer().look()
    Sealer().look()

    assert len(lines(settings)) == 1


@pytest.mark.django_db
def test_an_empty_trail_makes_no_file(settings):
    assert note_head() is None
    assert not settings.TRAIL_HEADS_DIR.exists()


@pytest.mark.django_db
def test_a_line_that_a_crash_cut_short_counts_for_nothing(settings):
    entries(1)
    Sealer().look()
    (path,) = settings.TRAIL_HEADS_DIR.iterdir()
    path.write_bytes(path.read_bytes()[:-10])
    assert list(noted()) == []

    Sealer().look()

    assert [each.head for each in noted()] == [head()]
    assert len(lines(settings)) == 2


@pytest.mark.django_db
def test_a_month_has_a_file_of_its_own(settings, monkeypatch):
    moments = [
        datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC),
        datetime(2026, 11, 30, 16, tzinfo=UTC),
    ]
    real = heads.timezone.localtime
    monkeypatch.setattr(
        heads.timezone, "localtime", lambda timezone: real(moments.pop(0), timezone)
    )
    for _ in range(2):
        entries(1)
        Sealer().look()

    names = [path.name for path in heads.files()]
    assert names == ["heads-2026-11.txt", "heads-2026-12.txt"]
    assert [each.at[:13] for each in noted()] == ["2026-11-30T23", "2026-12-01T00"]


@pytest.mark.django_db
def test_the_command_chains_once_and_says_how_many(capsys):
    entries(3)

    call_command("seal_audit", "--once")

    assert capsys.readouterr().out == "已入链 / chained: 3\n"
    assert [each.head for each in noted()] == [head()]


@pytest.mark.django_db
def test_the_command_says_where_the_file_cannot_be_written(settings, tmp_path):
    entries(1)
    (tmp_path / "taken").write_text("a file")
    settings.TRAIL_HEADS_DIR = tmp_path / "taken"

    with pytest.raises(CommandError, match="file of heads cannot be written"):
        call_command("seal_audit", "--once")
