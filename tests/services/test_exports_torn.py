"""A file that is too short never passes for whole: a server that dies, a database that fails, and
a reader who leaves."""

import subprocess
import threading
from urllib.request import urlopen

import pytest
from django.db import connection

from indicators.models import Job, Observation
from targets_site.audit.models import Entry
from tests import factories
from tests.services.people import Person
from tests.services.proxies import WEB
from tests.services.servers import CERTIFICATES, tls, wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the service mode"),
]
FIGURES = 60_000


@pytest.fixture
def web(site, proxy, monkeypatch):
    """With enough figures that no buffer holds the file: 15 MB. It is asked for through the proxy,
    which has to pass on that a file broke off."""
    monkeypatch.setenv("OPEN_READING", "1")
    figure = factories.make_figure(factories.make_series(), 2015, "63.10", remark="注" * 20)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO indicators_series
                (code, area_id, indicator_id, scope, scope_zh, scope_en, frequency)
            SELECT '990000.pass-rate.s' || n, area_id, indicator_id, 's' || n, '', '', 1
            FROM indicators_series, generate_series(1, %s) n
            """,
            [FIGURES],
        )
        cursor.execute(
            """
            INSERT INTO indicators_observation (series_id, year, in_force_id, working_id)
            SELECT id, 2016, %s, %s FROM indicators_series
            """,
            [figure.pk, figure.pk],
        )
    return site.web(WEB)


def asked(site):
    """curl, which reads a megabyte a second."""
    return subprocess.Popen(
        ["curl", "--silent", "--cacert", CERTIFICATES[site.url], "--limit-rate", "1M", "--output",
         str(site.folder / "file.csv"), f"{site.url}/exports/observations.csv"],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def has_begun(site):
    file = site.folder / "file.csv"
    return file.exists() and file.stat().st_size > 500_000


def statements():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE query LIKE 'COPY (SELECT%' AND"
            " state = 'active' AND pid <> pg_backend_pid() AND datname = current_database()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def end(statement):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [statement])


def test_f20_server_that_dies_leaves_a_file_that_curl_calls_torn(site, web):
    curl = asked(site)
    wait_until(lambda: has_begun(site), seconds=30)

    web.kill()

    assert curl.wait(30) == 18, "curl: transfer closed with outstanding read data remaining"
    wait_until(lambda: not statements(), seconds=30)


def test_f20_database_that_fails_breaks_the_connection(site, web):
    curl = asked(site)
    wait_until(lambda: has_begun(site), seconds=30)
    [statement] = statements()

    end(statement)

    assert curl.wait(60) != 0
    wait_until(lambda: Entry.objects.filter(action="export").exists(), seconds=30)
    assert Entry.objects.get(action="export").after["complete"] is False
    assert is_whole(site)


def test_f20_database_that_fails_under_a_job_leaves_no_file_that_is_too_short(site, web):
    """The worker stands still at half a file while its connection is ended."""
    factories.make_user("wang")
    worker = site.worker()
    wang = Person.signed_in(site.url, "wang")
    wang.get("/exports/")
    wang.post("/exports/large/", table="observations", format="jsonl")
    wait_until(
        lambda: any(size_of(each) for each in files(site, "*.part")), seconds=30, every=0.005
    )
    worker.freeze()
    [half] = files(site, "*.part")
    size = size_of(half)
    ended = transactions()
    for each in ended:
        end(each)
    worker.thaw()

    job = Job.objects.get()
    site.nudge("nudge_jobs")
    took = wait_until(lambda: fetched(wang, job).status == 200, seconds=60, every=0.1)

    print(f"{len(ended)} connection ended at {size} bytes; whole after {took:.1f} s")
    assert ended


def fetched(person, job):
    """The file, where it is called complete; too short it never is."""
    page = person.get(f"/exports/files/{job.pk}/")
    assert page.status in {200, 404}
    assert page.status == 404 or page.text.count("\n") == FIGURES + 2
    return page


def transactions():
    """That others have open."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE xact_start IS NOT NULL AND"
            " pid <> pg_backend_pid() AND datname = current_database()"
            " AND backend_type = 'client backend'"
        )
        return [pid for (pid,) in cursor.fetchall()]


def size_of(file):
    """0 also where it is gone."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def files(site, pattern):
    return list((site.var / "exports").rglob(pattern))


def test_reader_who_leaves_ends_the_statement(site, web):
    curl = asked(site)
    wait_until(lambda: has_begun(site), seconds=30)
    assert statements()

    curl.kill()
    curl.wait()

    wait_until(lambda: not statements(), seconds=30)
    wait_until(lambda: Entry.objects.filter(action="export").exists(), seconds=30)
    assert Entry.objects.get(action="export").after["complete"] is False
    assert is_whole(site)


def test_file_is_of_one_state_though_others_write_meanwhile(site, web):
    curl = asked(site)
    wait_until(lambda: has_begun(site), seconds=30)

    writer = threading.Thread(target=_write)
    writer.start()
    writer.join(30)

    assert curl.wait(120) == 0
    content = (site.folder / "file.csv").read_bytes()
    assert content.count(b"\r\n") == FIGURES + 3
    assert b",2017," not in content


def _write():
    try:
        series = factories.make_series(scope="zzz")
        factories.make_figure(series, 2017, "1")
    finally:
        connection.close()


def is_whole(site):
    """The same web process answers the next one with the whole file."""
    address = f"{site.url}/exports/observations.csv"
    with urlopen(address, timeout=120, context=tls(site.url)) as answer:
        rows = answer.read().count(b"\r\n") - 1
    return rows == Observation.objects.filter(in_force__isnull=False).count()
