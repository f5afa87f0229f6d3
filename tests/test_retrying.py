"""Two that wanted the same rows in the other order: the one that lost is answered all the same."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from indicators.models import Observation, ObservationVersion
from targets_site.audit.models import Entry
from targets_site.retrying import ATTEMPTS
from tests.factories import (
    make_department,
    make_figure,
    make_official,
    make_round,
    make_series,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite has one writer at a time, so no deadlock"
    ),
]

CORRECTION = {
    "value": "98.1", "source_title": "公报", "correction_reason": "笔误", "read_version": "1",
}  # fmt: skip
LOCK = 4711


@pytest.fixture
def series():
    series = make_series(department=make_department())
    make_figure(series, 2020, "97.5")
    make_round(series.area, 2021)
    return series


@pytest.fixture
def official(client, series):
    client.raise_request_exception = False
    client.force_login(make_official(department=series.department_links.get().department))
    return client


@contextmanager
def on_every_new_version(does, *, when="INSERT"):
    """While the figure is locked, the database does this before a version of it is stored."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE attempts")
        cursor.execute(
            "CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"PERFORM nextval('attempts'); {does} RETURN NEW; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER meet BEFORE {when} ON indicators_observationversion "
            "FOR EACH ROW EXECUTE FUNCTION meet()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER meet ON indicators_observationversion")
            cursor.execute("DROP FUNCTION meet")
            cursor.execute("DROP SEQUENCE attempts")


def attempts():
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM attempts")
        return cursor.fetchone()[0]


def somebody_waits(cursor):
    """Of this database only: the server lists the locks of the tests beside this one too."""
    cursor.execute(
        "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON oid = database"
        " WHERE datname = current_database() AND objid = %s AND NOT granted)",
        [LOCK],
    )
    return cursor.fetchone()[0]


@contextmanager
def the_other_way_round():
    """Another transaction holds the second lock, and asks for the first once somebody waits for
    the second. It has more patience than the request, so it is the request that is ended."""
    holding = threading.Event()

    def work():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '20s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            holding.set()
            while not somebody_waits(cursor):
                pass
            list(Observation.objects.select_for_update())
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert holding.wait(10)
    yield
    thread.join(30)
    assert not thread.is_alive()


def by_form(client, series):
    return client.post(f"/entry/series/{series.code}/2020/", CORRECTION)


def by_program(client, series):
    return client.put(
        f"/api/v1/figures/{series.code}/2020/",
        {**CORRECTION, "read_version": 1},
        content_type="application/json",
    )


@pytest.mark.parametrize("send", [by_form, by_program])
def test_a_deadlock_is_tried_again_and_stored_once(official, series, send):
    before = Entry.objects.count()

    with on_every_new_version(f"PERFORM pg_advisory_xact_lock({LOCK});"):
        with the_other_way_round():
            answer = send(official, series)
        tried = attempts()

    assert answer.status_code in {200, 302}, answer.content.decode()
    assert tried == 2
    assert ObservationVersion.objects.filter(observation__year=2020).count() == 2
    assert Entry.objects.count() == before + 1


@pytest.mark.parametrize("send", [by_form, by_program])
def test_who_loses_each_time_is_told_so_and_nothing_is_stored(official, series, send):
    before = Entry.objects.count()

    with on_every_new_version("RAISE 'lost again' USING ERRCODE = '40001';"):
        answer = send(official, series)
        tried = attempts()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "未作任何保存" in said_by(answer)
    assert tried == ATTEMPTS
    assert ObservationVersion.objects.filter(observation__year=2020).count() == 1
    assert Entry.objects.count() == before


def said_by(answer):
    in_json = answer.headers["Content-Type"] == "application/json"
    return answer.json()["errors"][""][0] if in_json else answer.content.decode()


@pytest.mark.parametrize("code", ["55P03", "57014"])
def test_what_took_too_long_is_not_tried_again(official, series, code):
    with on_every_new_version(f"RAISE 'too long' USING ERRCODE = '{code}';"):
        answer = by_form(official, series)
        tried = attempts()

    assert (answer.status_code, tried) == (503, 1)


def test_what_is_saved_and_sent_on_in_one_is_stored_whole_or_not_at_all(official, series):
    sent = {**CORRECTION, "step": "submit", "shortfall_reason": "旱灾", "next_steps": "补种"}
    address = f"/entry/series/{series.code}/2020/"
    with on_every_new_version("RAISE 'too long' USING ERRCODE = '57014';", when="UPDATE"):
        refused = official.post(address, sent)
    after_refusal = ObservationVersion.objects.filter(observation__year=2020).count()
    done = official.post(address, sent)

    assert (refused.status_code, "未作任何保存" in said_by(refused)) == (503, True)
    assert after_refusal == 1
    assert done.status_code == 302
    newest = ObservationVersion.objects.filter(observation__year=2020).latest("number")
    assert (newest.number, newest.state) == (2, "submitted")


def test_a_file_is_stored_whole_the_second_time(official, series, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content = b"%PDF-1.4\n" + b"x" * 5000 + b"\n%%EOF"
    material = tmp_path / "material.pdf"
    material.write_bytes(content)
    at_first = "IF (SELECT last_value FROM attempts) < 2 THEN"
    fails_once = f"{at_first} RAISE 'lost' USING ERRCODE = '40001'; END IF;"

    with on_every_new_version(fails_once), material.open("rb") as file:
        answer = official.post(
            f"/entry/series/{series.code}/2020/", {**CORRECTION, "evidence_file": file}
        )

    newest = ObservationVersion.objects.filter(observation__year=2020).latest("number")
    assert answer.status_code == 302
    with newest.evidence.get().file as stored:
        assert stored.read() == content
