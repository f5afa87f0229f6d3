"""A machine lost, a bad file imported: a base backup and the archived log bring any minute back."""

import datetime
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time

import pytest
from django.conf import settings

from targets_site.operations.roles import BACKUP
from tests.operations.product import manage as operator
from tests.services.clusters import PROGRAMS, SUPERUSER, Cluster, compose_settings
from tests.services.servers import wait_until

# django_db: they need no database of the test's, and run where others need one.
pytestmark = [pytest.mark.faults, pytest.mark.services, pytest.mark.django_db]

FIGURES = "SELECT id, observation_id, number, value FROM indicators_observationversion ORDER BY id"
# Python that a manage.py shell runs: an official with a round, and figures of the given years.
OFFICIAL = """
from tests.operations.product import Product
Product()
"""
SAVE = """
from decimal import Decimal
from indicators.actions import entry
from indicators.models import Series
from targets_site.accounts.models import User
for year in range({first}, {last}):
    for series in Series.objects.all():
        figure = entry.EnteredFigure(Decimal("{value}"), stated_decimals=2, source_title="统计公报")
        entry.save(series=series, year=year, figure=figure, read_version=None,
                   by=User.objects.get(username="official"))
"""


@pytest.fixture
def running():
    """Clusters that end with the test."""
    clusters = []
    yield clusters
    for each in clusters:
        each.end()


@pytest.fixture
def archived(running):
    """A cluster with the archive switched on."""
    cluster = Cluster()
    archive = archive_of(cluster)
    cluster.more = {
        "archive_mode": "on",
        "archive_command": archive_command(archive),
        "wal_level": "replica",
    }
    running.append(cluster)
    cluster.make()
    archive.mkdir()
    cluster._hand_over(archive)
    cluster.start()
    cluster.run(
        f"CREATE ROLE {BACKUP.name} LOGIN {BACKUP.attributes} PASSWORD '{cluster.password}'"
    )
    cluster.run(f"GRANT {', '.join(BACKUP.member_of)} TO {BACKUP.name}")
    return cluster


def archive_of(cluster):
    return cluster.folder / "archive"


def archive_command(archive):
    """The compose file's, into this folder."""
    name = "archive_command="
    [said] = [each for each in compose_settings() if each.startswith(name)]
    return said.removeprefix(name).replace("/var/lib/postgresql/wal", str(archive))


def restore_command(archive):
    """The guide's, out of this folder."""
    guide = (settings.BASE_DIR / "targets_site/operations/guide.en.md").read_text(encoding="utf-8")
    [said] = re.findall(r"restore_command = '(.+)'", guide)
    return said.replace("/ARCHIVE", str(archive))


@pytest.fixture
def product(archived, tmp_path):
    """With the product's tables in it."""
    archived.run("CREATE DATABASE targets")
    manage(archived, tmp_path, "migrate", "--verbosity=0")
    return archived


def manage(cluster, room, *arguments, user=SUPERUSER):
    environment = {
        **os.environ,
        "DATABASE_URL": cluster.url(name="targets", user=user),
        "VAR_DIR": str(room),
        "TRAIL_HEADS_DIR": str(room / "trail"),
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    ended = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def save(cluster, room, first, last, value):
    code = SAVE.format(first=first, last=last, value=value)
    manage(cluster, room, "shell", "--no-imports", "--command", code)


def figures_of(cluster):
    rows = cluster.run(FIGURES, name="targets")
    return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()


def nightly(cluster, room):
    """What the service of the backup does at night, as its role. The base backups that there are
    then, oldest first."""
    manage(cluster, room, "nightly_backup", "--once", user=BACKUP.name)
    return sorted((room / "backups").glob("base-*"))


def restored(lost, base, moment):
    """A new cluster of what outlived the old one: the base backup and the archive."""
    new = Cluster({**lost.more, "archive_mode": "off"}, password=lost.password)
    new.more = {
        "restore_command": restore_command(archive_of(new)),
        "recovery_target_time": moment,
        "recovery_target_action": "promote",
    }
    shutil.copytree(base, new.data)
    shutil.copytree(archive_of(lost), archive_of(new))
    shutil.copy(lost.folder / "pg_hba.conf", new.folder)
    (new.data / "recovery.signal").touch()
    for each in [new.folder, *new.folder.rglob("*")]:
        new._hand_over(each)
    new.data.chmod(0o700)
    return new


def test_a_bad_import_is_undone_to_the_moment_before_it(product, running, tmp_path, capsys):
    manage(product, tmp_path, "shell", "--no-imports", "--command", OFFICIAL)
    save(product, tmp_path, 1990, 1995, "97.25")
    [base] = nightly(product, tmp_path)
    save(product, tmp_path, 1995, 2000, "98.10")
    manage(product, tmp_path, "seal_audit", "--once")
    wanted = figures_of(product)
    heads = shutil.copytree(tmp_path / "trail", tmp_path / "then")
    [[moment]] = product.run("SELECT now()::text")
    time.sleep(1)
    save(product, tmp_path, 2000, 2010, "1.00")
    assert figures_of(product) != wanted
    product.run("SELECT pg_switch_wal()")
    wait_for_archive(product)
    product.kill()
    clean(archive_of(product))

    started = time.monotonic()
    new = restored(product, base, moment)
    running.append(new)
    new.start()
    wait_until_promoted(new)
    took = time.monotonic() - started

    assert figures_of(new) == wanted
    assert wanted[0] == 20
    manage(new, tmp_path, "verify_audit", "--heads", str(heads))
    manage(new, tmp_path, "seal_audit", "--once")
    with capsys.disabled():
        print(f"\npoint in time: restored to {moment} in {took:.1f} s")


def clean(archive):
    """Of what only older base backups need, as the guide says."""
    before = len(list(archive.iterdir()))
    [of_base] = archive.glob("*.backup.gz")
    oldest = of_base.name.removesuffix(".gz")
    subprocess.run([PROGRAMS / "pg_archivecleanup", "-x", ".gz", archive, oldest], check=True)
    assert len(list(archive.iterdir())) < before


def test_a_file_that_is_archived_again_is_compared(tmp_path):
    """A crash may lie between the archive and PostgreSQL's note that it is there."""
    (tmp_path / "archive").mkdir()
    file = tmp_path / "000000010000000000000001"
    line = archive_command(tmp_path / "archive").replace("%p", str(file)).replace("%f", file.name)

    def archive(content):
        file.write_bytes(content)
        return subprocess.run(line, shell=True, check=False).returncode

    assert [archive(b"changes"), archive(b"changes")] == [0, 0]
    assert archive(b"others") != 0
    back = tmp_path / "back"
    line = restore_command(tmp_path / "archive").replace("%p", str(back)).replace("%f", file.name)
    assert subprocess.run(line, shell=True, check=False).returncode == 0
    assert back.read_bytes() == b"changes"
    assert [each.name for each in (tmp_path / "archive").iterdir()] == [f"{file.name}.gz"]


def test_an_archive_that_stands_still_is_an_alarm(product, tmp_path):
    archive = archive_of(product)
    away = archive.rename(archive.with_name("away"))
    product.run("SELECT pg_switch_wal()")
    wait_until(lambda: archiver(product, "failed_count") > 0, seconds=60)
    told = alarms_of(product, tmp_path)
    away.rename(archive)
    before = archiver(product, "archived_count")
    wait_until(lambda: archiver(product, "archived_count") > before, seconds=90)

    assert "archive: 数据库改动日志自" in told
    assert "archive:" not in alarms_of(product, tmp_path)


def archiver(cluster, name):
    [[number]] = cluster.run(f"SELECT {name} FROM pg_stat_archiver")
    return number


def alarms_of(cluster, room):
    return operator("alarms", database=cluster.url(name="targets"), room=room).stdout


def wait_for_archive(cluster):
    until = time.monotonic() + 30
    sql = "SELECT archived_count, failed_count, last_archived_wal FROM pg_stat_archiver"
    [[before, _failed, _last]] = cluster.run(sql)
    while time.monotonic() < until:
        [[archived, failed, _last]] = cluster.run(sql)
        assert failed == 0, cluster.said()
        ready = list((cluster.data / "pg_wal" / "archive_status").glob("*.ready"))
        if archived >= before and not ready:
            return
        time.sleep(0.1)
    raise AssertionError("the log was not archived")


def wait_until_promoted(cluster):
    until = time.monotonic() + 60
    while cluster.run("SELECT pg_is_in_recovery()") != [(False,)]:
        assert time.monotonic() < until, cluster.said()[-2000:]
        time.sleep(0.1)


def test_a_base_backup_is_taken_each_week_and_two_are_kept(product, tmp_path):
    assert "base: 没有数据库基础备份" in alarms_of(product, tmp_path)
    [first] = nightly(product, tmp_path)
    assert nightly(product, tmp_path) == [first], "it is not a week old"
    assert "base:" not in alarms_of(product, tmp_path)

    first = aged(first, days=14)
    second = aged(nightly(product, tmp_path)[-1], days=10)
    assert "base: 最近一次数据库基础备份过旧" in alarms_of(product, tmp_path)
    *kept, third = nightly(product, tmp_path)

    assert kept == [second]
    assert third != second
    assert not first.exists()


def aged(base, *, days):
    """As if it had been taken so long ago."""
    at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)
    return base.rename(base.with_name(f"base-{at:%Y%m%dT%H%M%SZ}"))


def test_a_base_backup_with_a_changed_byte_is_refused(product, tmp_path):
    [base] = nightly(product, tmp_path)
    files = [each for each in sorted((base / "base").rglob("1*")) if each.is_file()]
    file = next(each for each in files if each.stat().st_size)
    content = bytearray(file.read_bytes())
    content[0] ^= 1
    file.write_bytes(content)

    said = subprocess.run(
        [PROGRAMS / "pg_verifybackup", base], capture_output=True, text=True, check=False
    )

    assert said.returncode == 1
    assert "checksum mismatch" in said.stderr
