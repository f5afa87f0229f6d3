"""The sealer chains every entry once, whatever order they come in."""

import threading
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from targets_site.audit import sealer as sealer_module
from targets_site.audit import sealing
from targets_site.audit.models import Entry, Link
from targets_site.audit.sealer import Sealer
from targets_site.audit.sealing import seal
from tests.audit.trails import entries, hashes_by_hand, links
from tests.services.servers import wait_until


@pytest.mark.django_db
def test_entries_are_chained_in_their_order_from_64_zeros():
    made = entries(3)

    assert seal() == 3

    first, second, third = hashes_by_hand(made)
    assert links() == [
        (1, made[0].seq, "0" * 64, first),
        (2, made[1].seq, first, second),
        (3, made[2].seq, second, third),
    ]


@pytest.mark.django_db
def test_sealing_again_goes_on_where_the_chain_ends():
    before = entries(2)
    seal()
    after = entries(2)

    assert (seal(), seal()) == (2, 0)

    assert [link[3] for link in links()] == hashes_by_hand([*before, *after])


@pytest.mark.django_db
def test_what_is_seen_late_is_chained_late():
    late, early = entries(2)
    Link.objects.create(position=1, entry=early, prev_hash="0" * 64, hash="a" * 64)

    assert seal() == 1

    assert [link[:3] for link in links()] == [
        (1, early.seq, "0" * 64),
        (2, late.seq, "a" * 64),
    ]


@pytest.mark.django_db
def test_what_lies_far_below_the_newest_is_found_by_a_sweep(monkeypatch):
    monkeypatch.setattr(sealing, "LOOKS_AT", 2)
    late, *others = entries(4)
    before = "0" * 64
    for position, each in enumerate(others, start=1):
        Link.objects.create(position=position, entry=each, prev_hash=before, hash="a" * 64)

    assert (seal(), seal(sweep=True)) == (0, 1)

    assert links()[-1][:2] == (4, late.seq)


@pytest.mark.django_db
def test_more_than_a_batch_are_all_chained_in_order(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    monkeypatch.setattr(sealing, "LOOKS_AT", 3)
    made = entries(7)

    assert seal() == 7

    # Those among the newest went first, then all others.
    newest = [made[4], made[5]]
    rest = [each for each in made if each not in newest]
    assert [link[3] for link in links()] == hashes_by_hand([*newest, *rest])


@pytest.mark.django_db
def test_looking_where_nothing_is_new_takes_two_small_reads(django_assert_num_queries):
    entries(5)
    seal()

    with django_assert_num_queries(2):
        assert seal() == 0


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 10)
    made = entries(60)
    gate, sealed = threading.Barrier(3), []

    def run():
        gate.wait(10)
        sealed.append(seal())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)

    assert sum(sealed) == 60
    assert [link[3] for link in links()] == hashes_by_hand(made)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer: none comes late")
def test_an_entry_of_a_long_transaction_is_chained_once_it_is_committed():
    begun, may_commit = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            entries(1)
            begun.set()
            assert may_commit.wait(10)
        connection.close()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    assert begun.wait(10)
    (quick,) = entries(1)

    assert seal() == 1
    may_commit.set()
    slow.join(10)
    assert seal() == 1

    late = Entry.objects.order_by("seq").first()
    assert late.seq < quick.seq
    assert [link[3] for link in links()] == hashes_by_hand([quick, late])


@contextmanager
def running(sealer):
    stopped = threading.Event()

    def run():
        sealer.run_until(stopped)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield
    stopped.set()
    thread.join(20)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_the_thread_chains_within_a_second():
    entries(2)

    with running(Sealer()):
        wait_until(lambda: Link.objects.count() == 2, seconds=10)
        took = []
        for _ in range(3):
            (made,) = entries(1)
            took.append(wait_until(Link.objects.filter(entry=made).exists, seconds=10))

    assert min(took) < 1


@pytest.mark.django_db(transaction=True)
def test_a_sealer_goes_on_after_the_database_was_away(monkeypatch, tmp_path):
    monkeypatch.setattr(sealer_module, "TRIES_AGAIN_AFTER_SECONDS", 0.05)
    fails, heartbeat = [OperationalError("away"), OSError("no space left")], tmp_path / "alive"
    real = sealer_module.note_head

    def note_head():
        if fails:
            raise fails.pop()
        return real()

    monkeypatch.setattr(sealer_module, "note_head", note_head)
    (made,) = entries(1)

    with running(Sealer(heartbeat=heartbeat)):
        wait_until(heartbeat.exists, seconds=10)

    assert fails == []
    assert [link[3] for link in links()] == hashes_by_hand([made])


@pytest.mark.django_db
def test_a_sealer_sweeps_first_and_then_once_an_hour(monkeypatch):
    swept, clock = [], [1000.0]
    monkeypatch.setattr(sealer_module, "seal", lambda *, sweep: swept.append(sweep) or 0)
    monkeypatch.setattr(sealer_module.time, "monotonic", lambda: clock[0])
    sealer = Sealer()

    for seconds in [0, 1, 3598, 1, 1]:
        clock[0] += seconds
        sealer.look()

    assert swept == [True, False, False, True, False]
