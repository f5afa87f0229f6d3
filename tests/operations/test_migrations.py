"""Migrations that run while people work, beside a program that is one version older."""

import threading
import time
from decimal import Decimal

import psycopg2
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django_migration_linter import MigrationLinter

from targets_site.operations.management.commands import migrate_patiently
from tests.factories import make_target
from tests.services.servers import database_url

pytestmark = pytest.mark.skipif(settings.EMBEDDED, reason="SQLite has one writer anyway")

# Older than the rule, and run before anybody worked with the product. New ones must pass.
BEFORE_THE_RULE = {
    "0003_post_granted": "a constraint and an index of a small table",
    "0003_chain_in_links_of_its_own": "drops the columns that links took over",
    "0007_move_imports_to_jobs": "drops columns that jobs took over",
    "0009_move_reminders_to_notices": "drops a table that notices took over",
    "0018_questions": "a unique constraint on a new table's foreign key",
    "0019_notices_of_checks": "a column without default on a small table",
    "0003_issued_reports_stay_as_they_are": "a column without default on a small table",
    "0002_auto_20190420_0723": "django-otp's own, whose table is made just before",
}


def lint(**which):
    linter = MigrationLinter(str(settings.BASE_DIR), no_cache=True, no_output=True, **which)
    linter.lint_all_migrations()
    return linter


@pytest.mark.django_db
def test_no_migration_takes_away_what_the_last_version_asks_for():
    """By the rules of a linter; the older program itself is not run."""
    linter = lint(ignore_name=list(BEFORE_THE_RULE))

    assert linter.nb_erroneous == 0, "see `lintmigrations`, and the README of operations"
    assert linter.nb_valid + linter.nb_warnings > 20


@pytest.mark.django_db
def test_a_migration_that_takes_a_column_away_at_once_is_found():
    assert lint(include_name=["0003_chain_in_links_of_its_own"]).has_errors


@pytest.mark.django_db
def test_a_constraint_on_a_large_table_keeps_nobody_waiting(capsys):
    """Rows that stand there are looked at by a step of their own, which locks nobody out."""
    call_command("sqlmigrate", "indicators", "0020")
    assert capsys.readouterr().out.count(" NOT VALID;") == 1

    call_command("sqlmigrate", "indicators", "0021")
    said = capsys.readouterr().out
    assert "SET LOCAL statement_timeout = 0" in said
    assert 'VALIDATE CONSTRAINT "version_decimals_stated"' in said


def test_a_range_that_was_stored_with_too_few_decimals_is_stated_with_those_it_has(
    transactional_db,
):
    call_command("migrate", "plans", "0002", verbosity=0)
    ends = {"value": 97, "value_upper": Decimal("98.5"), "stated_decimals": 0}
    target = make_target(comparator="between", **ends)

    call_command("migrate", "plans", verbosity=0)

    target.refresh_from_db()
    assert (target.value_as_stated, target.value_upper_as_stated) == ("97.0", "98.5")


@pytest.fixture
def behind(transactional_db):
    """The tables of a version ago; what comes next drops an index, which asks for all of it."""
    call_command("migrate", "audit", "0003", verbosity=0)
    yield
    call_command("migrate", "audit", verbosity=0)


@pytest.fixture
def long_reader():
    one = psycopg2.connect(database_url())
    with one.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry")
    yield one
    one.close()


def is_migrated():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM django_migrations WHERE app = 'audit' AND name LIKE '0004%'"
        )
        return cursor.fetchone() is not None


class Reader(threading.Thread):
    """Somebody who reads the same table all the time, and how long he waited at most."""

    def __init__(self):
        super().__init__(daemon=True)
        self.stopped, self.longest, self.number = threading.Event(), 0.0, 0

    def run(self):
        one = psycopg2.connect(database_url())
        one.autocommit = True
        with one.cursor() as cursor:
            while not self.stopped.wait(0.02):
                started = time.monotonic()
                cursor.execute("SELECT count(*) FROM audit_entry")
                self.longest = max(self.longest, time.monotonic() - started)
                self.number += 1
        one.close()


def test_a_migration_gives_way_to_readers_and_goes_through_later(
    behind, long_reader, monkeypatch, capsys
):
    monkeypatch.setattr(migrate_patiently, "PAUSE_SECONDS", 0.5)
    reader = Reader()
    reader.start()
    threading.Timer(3.0, long_reader.rollback).start()

    call_command("migrate_patiently", verbosity=0)

    reader.stopped.set()
    reader.join(10)
    assert is_migrated()
    assert "A table is in use; tries left: 19" in capsys.readouterr().err
    assert reader.number > 10
    assert reader.longest < 5


def test_a_table_that_stays_in_use_ends_the_migration_with_words(behind, long_reader, monkeypatch):
    monkeypatch.setattr(migrate_patiently, "TRIES", 1)

    with pytest.raises(CommandError, match="End the long transaction"):
        call_command("migrate_patiently", verbosity=0)

    assert not is_migrated()
    long_reader.rollback()
