"""The whole service mode, started from the compose file's own lines: each process is its own role,
no secret is seen where it should not be, and people can work."""

import json
import re
import socket
from pathlib import Path

import psycopg2
import pytest

from targets_site.operations.make_secrets import NAMES
from targets_site.operations.roles import APP, BACKUP, SEALER
from tests.services.people import Official, Person, approve, version_waiting
from tests.services.servers import LOCAL, wait_until
from tests.services.up import SERVICES, STEPS, deployment

# It brings its own database: one run is enough, and on PostgreSQL what asks for none is left out.
pytestmark = pytest.mark.services
SERIES, TARGET = (
    "460000.surface-water-class-1-3-share.rivers-lakes",
    "/targets/hainan-2018-018/",
)
OURS = ("web", "worker", "beat", "sealer", "backup")
CHANGES_OF_THE_TRAIL = [
    "UPDATE audit_entry SET actor = 'x'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry CASCADE",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "UPDATE audit_link SET hash = 'x'",
    "DELETE FROM audit_link",
    "INSERT INTO audit_link VALUES (1, '', '', 1)",
    "DROP TABLE audit_link",
    "CREATE TABLE mine (x int)",
]


def with_the_faults(test):
    """Slow; the faults run on PostgreSQL, where a test has to ask for a database to be kept."""
    return pytest.mark.faults(pytest.mark.django_db(test))


@pytest.fixture(scope="module")
def up(tmp_path_factory):
    from tests.services.servers import collect_static_files

    folder = tmp_path_factory.mktemp("up")
    collect_static_files(folder / "var")
    with deployment(folder, var=folder / "var") as one:
        one.password = one.demo()
        yield one


def processes(up, *files):
    """Of every service: itself and its children, by what these files of /proc say of them. A child
    that has ended meanwhile says nothing."""
    for name, server in up.running.items():
        for pid in (server.process.pid, *server.children()):
            try:
                said = [Path(f"/proc/{pid}/{file}").read_text(errors="replace") for file in files]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if all(said):
                yield name, "".join(said)


def as_role(up, role):
    return psycopg2.connect(
        up.cluster.url(name="targets", user=role.name, password=up.secret(role.secret))
    )


def test_a_figure_is_saved_approved_and_judged(up, ledger):
    official = Official(Person.signed_in(up.url, "official", up.password), SERIES, ledger)
    reviewer = Person.signed_in(up.url, "reviewer", up.password)
    assert reviewer.get(TARGET).light() == "grey"

    saved = official.save(2020, "90.00", step="submit", confirmed="90.00")
    approve(reviewer, version_waiting(reviewer))

    assert saved.outcome == "ok"

    took = wait_until(lambda: reviewer.get(TARGET).light() == "red", seconds=60)
    print(f"judged after {took:.2f} s")


def test_each_process_is_its_own_role(up):
    rows = up.cluster.run(
        "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'targets' ORDER BY 1"
    )
    assert [name for (name,) in rows] == [APP.name, BACKUP.name, SEALER.name]


@pytest.mark.parametrize("statement", CHANGES_OF_THE_TRAIL)
def test_the_application_cannot_change_the_trail(up, statement):
    connection = as_role(up, APP)
    with (
        connection.cursor() as cursor,
        pytest.raises(psycopg2.Error, match=r"denied|must be owner"),
    ):
        cursor.execute(statement)
    connection.close()


def test_the_application_owns_nothing_and_the_sealer_sees_no_figures(up):
    owned = up.cluster.run(
        "SELECT count(*) FROM pg_class JOIN pg_roles r ON r.oid = relowner"
        f" WHERE rolname IN ('{APP.name}', '{SEALER.name}')",
        name="targets",
    )
    connection = as_role(up, SEALER)
    with connection.cursor() as cursor, pytest.raises(psycopg2.Error, match="permission denied"):
        cursor.execute("SELECT * FROM indicators_observationversion")
    connection.close()
    assert owned == [(0,)]


def test_without_the_password_nobody_comes_in(up):
    with socket.create_connection((LOCAL, up.redis_port), 5) as client:
        client.sendall(b"PING\r\n")
        assert client.recv(1000).startswith(b"-NOAUTH")
    with pytest.raises(psycopg2.OperationalError, match="no password supplied"):
        psycopg2.connect(host=LOCAL, port=up.cluster.port, user=APP.name, dbname="targets")


def test_no_secret_stands_in_an_environment_a_command_line_or_a_log(up):
    secrets = {name: up.secret(name) for name in NAMES}
    seen = [up.logs(), up.cluster.said()]
    seen += [said for _name, said in processes(up, "environ", "cmdline")]

    found = [name for name, secret in secrets.items() if any(secret in text for text in seen)]

    assert len(seen) > 2 + len(OURS)
    assert found == []


def test_memory_stays_below_the_limits_of_the_compose_file(up):
    """Resident, children counted whole though they share pages."""
    used = dict.fromkeys(up.running, 0)
    for name, status in processes(up, "status"):
        # One that has just ended has no memory any more.
        if found := re.search(r"VmRSS:\s+(\d+) kB", status):
            used[name] += int(found[1]) // 1024

    print(", ".join(f"{name} {number} MB" for name, number in used.items()))
    for name in OURS:
        assert used[name] < megabytes(SERVICES[name]["mem_limit"])


def megabytes(limit):
    return int(limit[:-1]) * (1024 if limit.endswith("g") else 1)


def test_they_run_with_few_arenas_of_memory(up):
    seen = [said for name, said in processes(up, "environ") if name in OURS]

    assert len(seen) >= len(OURS)
    assert all("MALLOC_ARENA_MAX=2" in said for said in seen)


@with_the_faults
def test_the_steps_do_no_harm_a_second_time(up):
    for step in STEPS:
        up.manage(step, *up.command(step)[2:])

    assert "is intact" in up.manage("web", "verify_audit")


def test_a_setting_that_was_changed_stands_in_the_trail(up):
    """The first start noted all of them; the owner may insert, which is whose step it is."""
    up.manage("protect", *up.command("protect")[2:], LOGIN_FAILURES="9")
    up.manage("protect", *up.command("protect")[2:])

    noted = up.cluster.run(
        "SELECT before, after FROM audit_entry WHERE action = 'note_settings' ORDER BY seq",
        name="targets",
    )
    assert noted[0][0] is None
    assert noted[1:] == [
        ({"LOGIN_FAILURES": 5}, {"LOGIN_FAILURES": 9}),
        ({"LOGIN_FAILURES": 9}, {"LOGIN_FAILURES": 5}),
    ]


def test_the_log_is_one_object_a_line(up):
    for name in OURS:
        lines = up.running[name].said().splitlines()
        assert lines
        assert [line for line in lines if not line.startswith('{"at": ')] == []


@with_the_faults
def test_last_nights_backup_comes_back_as_the_guide_says(up):
    """Taken and tried by its own role, restored by the owner beside what was there."""
    figures = "SELECT count(*), sum(value) FROM indicators_observationversion"
    for name in ("beat", "worker", "web"):
        up.running[name].end()
    up.manage("backup", "nightly_backup", "--once")
    said = json.loads((up.var / "backups" / "status.json").read_text(encoding="utf-8"))
    assert (said["verified"], said["error"]) == (True, "")
    for name in ("sealer", "backup"):
        up.running[name].end()
    before = up.cluster.run(figures, name="targets")

    up.cluster.run("ALTER DATABASE targets RENAME TO targets_before")
    up.manage("roles", *up.command("roles")[2:])
    backup = str(up.var / "backups" / said["backup"])
    assert "Restored the backup" in up.manage("restore", "restore", backup, "--no-files")
    up.start_services()

    assert up.cluster.run(figures, name="targets") == before
    assert before[0][0] > 100
    assert "is intact" in up.manage("web", "verify_audit")
