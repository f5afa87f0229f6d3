"""The PostgreSQL that tests may harm can be harmed, and comes back."""

import psycopg2
import pytest

from tests.services.clusters import cluster

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def own():
    with cluster(max_connections="20") as one:
        one.run("CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (1)")
        yield one


def test_its_settings_are_those_that_were_asked_for(own):
    assert own.run("SHOW max_connections") == [("20",)]


def test_a_wrong_password_is_refused(own):
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(own.url(password="wrong"))


@pytest.mark.parametrize("how", ["stop_immediately", "kill", "stop"])
def test_what_was_committed_is_there_after(own, how):
    getattr(own, how)()
    with pytest.raises(psycopg2.OperationalError, match="refused"):
        own.run("SELECT 1")

    own.start()

    assert own.run("SELECT n FROM kept") == [(1,)]


def test_frozen_it_answers_nothing_until_thawed(own):
    connection = psycopg2.connect(own.url(), options="-c statement_timeout=1000")
    own.freeze()
    with pytest.raises(psycopg2.OperationalError, match="timeout"):
        psycopg2.connect(own.url(), connect_timeout=2)

    own.thaw()

    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT n FROM kept")
        assert cursor.fetchall() == [(1,)]
    connection.close()
