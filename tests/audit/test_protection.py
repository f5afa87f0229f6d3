"""The database itself refuses to change what the trail says, whoever asks."""

import os
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from indicators.models import ObservationVersion
from targets_site.audit.actions import record
from targets_site.audit.models import Entry, Link
from targets_site.audit.protection import install, is_installed
from targets_site.audit.sealing import seal
from targets_site.audit.verifying import verify
from tests.audit.trails import entries
from tests.factories import make_department, make_official, make_round, make_series

# Roles belong to the whole server, where other tests may run beside these.
APP, SEALER = f"chain_app_{os.getpid()}", f"chain_sealer_{os.getpid()}"
pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles")


@contextmanager
def role(name):
    """What is done inside is done by this role of the database."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def refused(statement):
    """What the database has against it; empty where it did it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(error)
    return ""


CHANGES = [
    "UPDATE audit_entry SET actor = 'x'",
    "DELETE FROM audit_entry",
    "UPDATE audit_link SET hash = 'x'",
    "DELETE FROM audit_link",
]
TRUNCATES = [
    "TRUNCATE audit_link",
    "TRUNCATE audit_entry, audit_link",
    "TRUNCATE audit_entry CASCADE",
]
OF_THE_OWNER = [
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stays",
    "DROP TRIGGER audit_link_stays ON audit_link",
    "DROP TABLE audit_link",
    "ALTER TABLE audit_entry ALTER actor DROP NOT NULL",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION audit_stays_as_it_is() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RETURN NEW; END $$",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '0004', now())",
    "CREATE TABLE mine (x int)",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_a_change_is_refused_to_everybody(statement):
    install()
    entries(2)
    seal()

    assert "audit_stays_as_it_is" in refused(statement)
    assert verify_kinds() == {"heads_missing"}


def verify_kinds():
    return {each.kind for each in verify(patience_seconds=0)}


@on_postgresql
@pytest.mark.parametrize("statement", TRUNCATES)
def test_emptying_is_refused_to_everybody(statement):
    install()

    assert "audit_stays_as_it_is" in refused(statement)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a statement of SQLite")
def test_replacing_is_refused():
    install()
    (made,) = entries(1)
    seal()

    said = [
        refused(
            "INSERT OR REPLACE INTO audit_entry (seq, at, actor, role, action, object, reason)"
            f" VALUES ({made.seq}, '2020-01-01', 'x', '', 'x', 'x', '')"
        ),
        refused(f"INSERT OR REPLACE INTO audit_link VALUES (1, '', '', {made.seq})"),
    ]

    assert said == ["audit_stays_as_it_is"] * 2
    assert Entry.objects.get().actor == "wang"


def test_a_change_through_the_models_is_an_integrity_error():
    install()
    (made,) = entries(1)
    made.actor = "li"

    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def test_writing_and_chaining_go_on():
    install()
    entries(3)

    assert seal() == 3
    assert Link.objects.count() == 3


def test_installing_twice_does_no_harm(capsys):
    assert not is_installed()

    call_command("protect_audit")
    call_command("protect_audit")

    assert is_installed()
    assert "is installed" in capsys.readouterr().out


def test_the_sql_can_be_read_without_doing_it(capsys):
    call_command("protect_audit", "--print")

    assert "CREATE" in capsys.readouterr().out
    assert not is_installed()


@on_postgresql
@pytest.mark.parametrize("statement", [*CHANGES, *TRUNCATES, *OF_THE_OWNER])
def test_the_applications_role_may_not(statement):
    install(app_role=APP)

    with role(APP):
        assert refused(statement)


@on_postgresql
def test_the_applications_role_writes_and_reads_the_trail():
    install(app_role=APP)

    with role(APP):
        record("save", "observation:x:2020")
        assert seal() == 1
        assert Entry.objects.get().link.position == 1
        assert refused("CREATE TEMP VIEW audit_entry AS SELECT 1 AS seq") == ""
        assert refused("CREATE TEMP TABLE made (x int) ON COMMIT DELETE ROWS; TRUNCATE made") == ""


@on_postgresql
def test_beside_a_sealer_the_application_inserts_no_links():
    install(app_role=APP, sealer_role=SEALER)

    with role(APP):
        record("save", "observation:x:2020")
        said = refused("INSERT INTO audit_link VALUES (1, '', '', 1)")
    assert "permission denied" in said


@on_postgresql
def test_the_sealers_role_chains_and_does_nothing_else():
    install(app_role=APP, sealer_role=SEALER)
    entries(3)

    with role(SEALER):
        assert seal() == 3
        assert refused("UPDATE audit_link SET hash = ''")
        assert refused("INSERT INTO audit_entry (action) VALUES ('x')")
        assert refused("SELECT * FROM accounts_user")


@on_postgresql
def test_a_table_of_a_later_migration_is_the_applications_too():
    install(app_role=APP)
    refused("CREATE TABLE later (id serial PRIMARY KEY, x int)")

    with role(APP):
        assert refused("INSERT INTO later (x) VALUES (1); UPDATE later SET x = 2") == ""


@on_postgresql
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("postgres", id="superuser"),
        pytest.param('x"; DROP TABLE audit_entry; --', id="no-name"),
        pytest.param("Upper", id="capitals"),
    ],
)
def test_a_role_that_could_do_more_is_refused(name):
    with pytest.raises(CommandError) as raised:
        call_command("protect_audit", "--app-role", name)

    assert raised.value.returncode == 2
    assert not is_installed()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has roles")
def test_sqlite_has_no_roles():
    with pytest.raises(CommandError, match="SQLite has no roles"):
        call_command("protect_audit", "--app-role", "app")


@pytest.fixture
def saving(client):
    """Sends a figure by the form; returns the answer."""
    department = make_department()
    series = make_series(department=department)
    make_round(department.area, 2020)
    client.force_login(make_official(department=department))
    client.raise_request_exception = False
    address = f"/entry/series/{series.code}/2020/"

    def send():
        fields = {"value": "63.10", "source_title": "统计公报", "read_version": ""}
        return client.post(address, fields, headers={"X-Requested-With": "fetch"})

    return send


@on_postgresql
def test_a_figure_is_saved_under_the_applications_role(saving):
    install(app_role=APP, sealer_role=SEALER)

    with role(APP):
        answer = saving()

    assert answer.status_code == 200
    assert ObservationVersion.objects.get().value == Decimal("63.10")
    assert Entry.objects.filter(action="save").count() == 1


@on_postgresql
def test_where_the_trail_cannot_be_written_nothing_is(saving):
    install(app_role=APP, sealer_role=SEALER)
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE INSERT ON audit_entry FROM {APP}")

    with role(APP):
        answer = saving()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "未作任何保存" in answer.content.decode()
    assert not ObservationVersion.objects.exists()
    assert not Entry.objects.filter(action="save").exists()
