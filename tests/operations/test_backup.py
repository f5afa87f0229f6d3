"""A backup of the running product, restored into an empty one; and backups that are none."""

import json
import shutil
from collections import defaultdict
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from targets_site.audit.chain import head
from targets_site.audit.verifying.verify import MOST_NAMED
from targets_site.operations.backups import manifest
from targets_site.operations.backups.databases import this_database
from targets_site.operations.backups.taking import FILES, HEADS, UNFINISHED, backups, take
from tests.operations.product import YEARS, ask, manage
from tests.services.servers import wait_until

FIGURES_SQL = """
SELECT i.code, v.value FROM indicators_observationversion v
JOIN indicators_observation o ON o.id = v.observation_id
JOIN indicators_series s ON s.id = o.series_id JOIN indicators_indicator i ON i.id = s.indicator_id
WHERE v.value IS NOT NULL
"""
SAVES_SQL = "SELECT count(*) FROM audit_entry WHERE action = 'save'"


@pytest.fixture
def taken(product, settings):
    """A small one of a quiet product."""
    product.save(2019, "97.25")
    product.save(2020, "98.10")
    product.seal()
    return take(settings.BACKUPS_DIR)


def test_a_backup_of_the_running_product_comes_back_with_the_same_sums_and_head(
    product, settings, tmp_path, empty
):
    with product.busy():
        wait_until(lambda: head() and len(product.saved) >= 20, seconds=20)
        call_command("backup")
        saved_until_then = len(product.saved)
        wait_until(lambda: len(product.saved) >= saved_until_then + 10, seconds=20)
    [backup] = backups(settings.BACKUPS_DIR)
    said = manifest.read(backup)

    restored = manage("restore", backup, database=empty, room=tmp_path / "restored")

    assert restored.returncode == 0, restored.stderr
    assert sums_in(empty) == {
        code: (each["versions"], Decimal(each["sum"]))
        for code, each in said.contents["figures"].items()
    }
    assert sum(number for number, _sum in sums_in(empty).values()) >= 20
    assert sums_in(empty) == sums_of(product.saved[: saved_in(empty)])
    length, last = said.contents["chain"]["length"], said.contents["chain"]["head"]
    assert ask(empty, f"SELECT hash FROM audit_link WHERE position = {length}") == [(last,)]
    assert (tmp_path / "restored/files/attachments/2026/one").read_text() == "证明材料"
    again = manage("verify_audit", database=empty, room=tmp_path / "restored")
    assert again.returncode == 0, again.stdout + again.stderr


def test_what_was_saved_in_the_last_moment_is_chained_once_it_is_back(
    product, settings, tmp_path, empty
):
    """More of it than a check names one by one."""
    product.save(YEARS[0], "97.25")
    product.seal()
    for year in YEARS[1:]:
        product.save(year, "98.10")
        product.save(year, "98.20", number=1)
    backup = take(settings.BACKUPS_DIR)

    restored = manage("restore", backup, database=empty, room=tmp_path / "restored")

    assert restored.returncode == 0, restored.stderr
    [[unchained]] = ask(
        empty, "SELECT count(*) - (SELECT count(*) FROM audit_link) FROM audit_entry"
    )
    assert unchained == 0
    length = manifest.read(backup).contents["chain"]["length"]
    assert saved_in(empty) - length > MOST_NAMED


def saved_in(database):
    """How many saves the trail tells of."""
    [[number]] = ask(database, SAVES_SQL)
    return number


def sums_in(database):
    return _sums((code, Decimal(str(value))) for code, value in ask(database, FIGURES_SQL))


def sums_of(saved):
    return _sums((code.split(".")[1], value) for code, _year, value in saved)


def _sums(figures):
    found = defaultdict(list)
    for code, value in figures:
        found[code].append(value)
    return {code: (len(values), sum(values)) for code, values in found.items()}


def test_verifying_restores_and_leaves_nothing_behind(taken, capsys):
    call_command("verify_backup", taken)

    assert "whole" in capsys.readouterr().out
    assert sorted(each.name for each in taken.iterdir()) == sorted(
        [this_database().file, FILES, HEADS, manifest.NAME]
    )


def cut(path, share):
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * share))


def change_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def with_manifest_of_another(folder):
    said = json.loads((folder / manifest.NAME).read_text())
    said["files"][this_database().file]["sha256"] = "0" * 64
    (folder / manifest.NAME).write_text(json.dumps(said))


DAMAGE = {
    "cut at 60 %": lambda folder: cut(folder / this_database().file, 0.6),
    "emptied": lambda folder: cut(folder / this_database().file, 0),
    "a byte changed": lambda folder: change_a_byte(folder / this_database().file),
    "files emptied": lambda folder: cut(folder / FILES, 0),
    "heads changed": lambda folder: change_a_byte(folder / HEADS),
    "dump missing": lambda folder: (folder / this_database().file).unlink(),
    "manifest missing": lambda folder: (folder / manifest.NAME).unlink(),
    "manifest cut": lambda folder: cut(folder / manifest.NAME, 0.6),
    "manifest of another backup": with_manifest_of_another,
}


def test_a_damaged_backup_is_refused(taken, tmp_path):
    said = {}
    for name, damage in DAMAGE.items():
        damaged = shutil.copytree(taken, tmp_path / name)
        damage(damaged)
        with pytest.raises(CommandError) as refused:
            call_command("verify_backup", damaged)
        said[name] = (refused.value.returncode, str(refused.value))

    assert {code for code, _words in said.values()} == {1}
    assert all("CANNOT be relied on" in words for _code, words in said.values())
    file = this_database().file
    for name in ("cut at 60 %", "emptied", "a byte changed", "dump missing"):
        assert f"{file}: " in said[name][1], name


def fit_manifest(folder, **contents):
    """As somebody would who damages a backup on purpose, or a program that is wrong."""
    said = json.loads((folder / manifest.NAME).read_text())
    said["files"] = manifest.described(folder)
    said["contents"].update(contents)
    (folder / manifest.NAME).write_text(json.dumps(said))


def test_a_cut_dump_is_refused_also_where_its_digest_fits_and_the_database_stays_empty(
    taken, tmp_path, empty
):
    cut(taken / this_database().file, 0.6)
    fit_manifest(taken)

    restored = manage("restore", taken, database=empty, room=tmp_path / "restored")

    assert restored.returncode == 1
    assert "Nothing was restored" in restored.stderr
    assert tables_in(empty) == 0


def test_a_dump_that_holds_something_else_than_the_manifest_says_is_taken_out_again(
    taken, tmp_path, empty
):
    figures = {"pass-rate": {"versions": 2, "sum": "195.36"}}
    fit_manifest(taken, figures=figures)

    restored = manage("restore", taken, database=empty, room=tmp_path / "restored")

    assert restored.returncode == 1
    assert "figures.pass-rate.sum: 195.36 ≠ 195.35" in restored.stderr.replace("0000", "")
    assert tables_in(empty) == 0


def test_where_the_heads_cannot_be_put_the_database_stays_empty(taken, tmp_path, empty):
    """As in a container that does not have their folder."""
    (tmp_path / "restored").mkdir()
    (tmp_path / "restored" / "trail").touch()

    restored = manage("restore", taken, database=empty, room=tmp_path / "restored")

    assert restored.returncode == 1
    assert "Nothing was restored" in restored.stderr
    assert tables_in(empty) == 0


def tables_in(database):
    if database.startswith("postgres"):
        sql = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    else:
        sql = "SELECT count(*) FROM sqlite_master"
    [[number]] = ask(database, sql)
    return number


def test_a_database_with_anything_in_it_is_not_restored_into(taken):
    with pytest.raises(CommandError, match="is not empty") as refused:
        call_command("restore", taken)

    assert refused.value.returncode == 1


def test_a_trail_that_was_tampered_with_before_is_told_of(product, settings, tmp_path, empty):
    product.save(2019, "97.25")
    product.seal()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET actor = 'nobody' WHERE action = 'save'")
    backup = take(settings.BACKUPS_DIR)

    restored = manage("restore", backup, database=empty, room=tmp_path / "restored")

    assert restored.returncode == 3
    assert "its trail is not intact" in restored.stderr


def test_what_was_begun_and_not_finished_is_no_backup(product, settings, monkeypatch):
    def fail(_folder, _path):
        raise OSError("the disk is full")

    monkeypatch.setattr("targets_site.operations.backups.taking.manifest.write", fail)
    with pytest.raises(CommandError, match="the disk is full"):
        call_command("backup")
    assert [each.name for each in settings.BACKUPS_DIR.iterdir()] == [".lock"]

    monkeypatch.undo()
    (settings.BACKUPS_DIR / f"{UNFINISHED}1").mkdir()
    call_command("backup")
    assert [each.name for each in settings.BACKUPS_DIR.iterdir() if each.name != ".lock"] == [
        backups(settings.BACKUPS_DIR)[0].name
    ]
