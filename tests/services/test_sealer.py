"""The sealer's own process on PostgreSQL: within a second, and whatever happens to it or to the
database's connections."""

import time

import pytest
from django.conf import settings as project_settings
from django.db import connection

from targets_site.audit.chain import head
from targets_site.audit.heads import noted
from targets_site.audit.models import Link
from tests.audit.trails import entries, hashes_by_hand, links
from tests.services.servers import wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="a thread of the web process chains"),
]
LIMIT, PATIENCE = 1.0, 20.0


def seconds_until_chained(entry):
    return wait_until(Link.objects.filter(entry=entry).exists, seconds=PATIENCE, every=0.02)


def test_an_entry_is_chained_within_a_second(site):
    """The best of three: a machine that is busy with other things proves nothing."""
    site.sealer()

    made, took = [], []
    for _ in range(3):
        made += entries(1)
        took.append(seconds_until_chained(made[-1]))
        time.sleep(0.3)

    print(f"chained after {', '.join(f'{each:.2f}' for each in took)} s")
    assert min(took) < LIMIT
    assert [link[3] for link in links()] == hashes_by_hand(made)


def test_it_ends_cleanly_when_told_to(site):
    sealer = site.sealer()
    (made,) = entries(1)
    seconds_until_chained(made)

    sealer.process.terminate()

    assert sealer.process.wait(5) == 0
    assert "Traceback" not in sealer.said()


def test_a_killed_one_leaves_a_chain_that_the_next_goes_on_with(site):
    sealer = site.sealer()
    made = entries(200)
    sealer.kill()
    made += entries(3)

    site.sealer()
    wait_until(lambda: Link.objects.count() == 203, seconds=PATIENCE)

    assert [link[3] for link in links()] == hashes_by_hand(made)
    folder = site.folder / "trail"
    wait_until(lambda: [*noted(folder)][-1].head == head(), seconds=PATIENCE)


def test_it_reconnects_where_its_connections_were_cut(site):
    sealer = site.sealer()
    seconds_until_chained(*entries(1))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    seconds_until_chained(*entries(1))

    assert sealer.process.poll() is None
