"""The queue of stale rows where workers meet, and where the database stops them."""

import pytest
from django.db import OperationalError, connection, transaction

from indicators.actions.verdicts import recomputing, stale, work_off_stale
from indicators.models import StaleRow, Verdict
from tests.factories import make_document, make_reading, make_series, make_target
from tests.indicators.threads import in_threads


@pytest.fixture
def stale_targets(db):
    """Of two documents, measured."""
    targets = [
        make_target(f"{slug}-001", make_document(slug)) for slug in ("plan-2011", "other-2011")
    ]
    for target in targets:
        make_reading(target, make_series(scope=target.code))
    StaleRow.objects.append_targets([target.pk for target in targets])
    return targets


@pytest.mark.django_db(transaction=True)
def test_what_was_just_claimed_is_claimed_by_nobody_else(stale_targets, monkeypatch):
    """Another worker looks after the claim is committed and before the rows are locked."""
    claim, found = stale._claim, []

    def claim_and_wait(batch):
        claimed = claim(batch)
        with monkeypatch.context() as patched:
            patched.setattr(stale, "_claim", claim)
            assert in_threads(lambda: found.append(work_off_stale())) == []
        return claimed

    monkeypatch.setattr(stale, "_claim", claim_and_wait)

    assert work_off_stale() == 2

    assert found == [0]
    assert not StaleRow.objects.exists()
    assert Verdict.objects.in_force().count() == 2 * 10


@pytest.mark.django_db
def test_who_was_too_slow_computes_nothing_that_another_has_claimed(stale_targets, monkeypatch):
    monkeypatch.setattr(stale, "LEASE", -stale.LEASE)
    slow, other = stale._claim(500), stale._claim(500)

    assert (len(slow.ids), len(other.ids)) == (2, 1), "what was tried comes alone"
    assert slow.rows().count() == 1
    slow.give_back()
    assert list(StaleRow.objects.order_by("pk").values_list("attempts", flat=True)) == [2, 0]


@pytest.mark.django_db
def test_rows_that_were_tried_come_alone_and_after_the_others(stale_targets):
    StaleRow.objects.append_targets([each.pk for each in stale_targets])
    StaleRow.objects.filter(pk__in=StaleRow.objects.order_by("pk")[:2]).update(attempts=1)

    assert [work_off_stale() for _ in range(4)] == [2, 1, 1, 0]


@pytest.mark.django_db
def test_a_statement_that_takes_too_long_is_an_attempt_of_its_row_alone(stale_targets, monkeypatch):
    """The database is there; it would stop the statement each time."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite knows no such limit")
    record, quick, slow = recomputing.record, *stale_targets

    def take_long(action, about, **options):
        if "other-2011" in options["after"]["documents"]:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 50; SELECT pg_sleep(10)")
        return record(action, about, **options)

    monkeypatch.setattr(recomputing, "record", take_long)
    while work_off_stale():
        continue

    assert set(Verdict.objects.values_list("target", flat=True)) == {quick.pk}
    left = StaleRow.objects.get()
    assert (left.target, left.attempts) == (slow, StaleRow.MAX_ATTEMPTS)
    assert "statement timeout" in left.error


@pytest.mark.django_db
def test_a_database_that_is_still_away_hides_not_what_happened_first(stale_targets, monkeypatch):
    def fail(message):
        def raise_it(*_args, **_options):
            raise OperationalError(message)

        return raise_it

    monkeypatch.setattr(recomputing, "record", fail("the first"))
    monkeypatch.setattr(stale._Claimed, "give_back", fail("the second"))

    with pytest.raises(OperationalError, match="the first"):
        work_off_stale()

    assert list(StaleRow.objects.values_list("attempts", flat=True)) == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_ended_costs_no_attempt(stale_targets, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no connections that others end")
    record = recomputing.record

    def end_it(*_args, **_options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(recomputing, "record", end_it)
    for _time in range(StaleRow.MAX_ATTEMPTS + 1):
        with pytest.raises(OperationalError):
            work_off_stale()
    monkeypatch.setattr(recomputing, "record", record)

    assert not transaction.get_connection().in_atomic_block
    assert work_off_stale() == 2
