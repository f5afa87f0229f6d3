"""Services that are told to end or to begin anew while people and work are under way: nobody is
refused, nothing is lost, nothing is done twice."""

import signal
import threading
import time
from collections import Counter
from contextlib import contextmanager
from urllib.request import HTTPRedirectHandler

import pytest
from django.conf import settings as project_settings

from indicators.models import StaleRow
from tests.services.after_fault import assert_holds
from tests.services.crowd import CONFLICT, Crowd
from tests.services.held import Held
from tests.services.oracle import Slowed, World
from tests.services.people import Official, Person
from tests.services.proxies import NEXT_WEB, WEB
from tests.services.servers import answers, free_port, wait_until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="the embedded mode restarts whole"),
]

WRITERS, READERS, RESTARTS = 4, 2, 3
TARGETS = 40
# The grace that the compose file gives the worker.
GRACE_SECONDS = 90


@contextmanager
def reading(site, world):
    """Inside, people read pages without end; gives the answers so far, or what went wrong."""
    readers = [Person.signed_in(site.url, "reviewer") for _reader in range(READERS)]
    pages, stopped = [], threading.Event()

    def read(person):
        while not stopped.is_set():
            for path in ("/", *(f"/targets/{code}/" for code in world.codes)):
                try:
                    pages.append(person.get(path))
                except OSError as error:
                    pages.append(error)
                stopped.wait(0.1)

    threads = [threading.Thread(target=read, args=[each], daemon=True) for each in readers]
    for each in threads:
        each.start()
    try:
        yield pages
    finally:
        stopped.set()
        for each in threads:
            each.join(60)


def assert_nobody_was_refused(pages, ledger, site):
    """A conflict is an answer: two share a cell. Who asks while a web starts waits for it, or for
    the cores that it takes."""
    assert [each for each in pages if isinstance(each, OSError) or each.status != 200] == []
    statuses = Counter(each.status for each in ledger.attempts)
    assert set(statuses) <= {200, CONFLICT}, statuses
    assert ledger.outcomes()["unknown"] == 0
    reader = Person.signed_in(site.url, "reviewer")
    assert_holds(ledger, site=site, reader=reader, answered=30)


def test_f17_web_begins_anew_while_people_save_and_read(site, ledger, capsys):
    """SIGHUP, as the README of operations has it: the port stays open, who asks meanwhile waits."""
    world = World(2)
    web = site.web()
    crowd = Crowd.of(world, WRITERS, site=site, ledger=ledger)
    took = []
    with reading(site, world) as pages, crowd:
        for _restart in range(RESTARTS):
            done, before = len(ledger.attempts), set(web.children())
            web.process.send_signal(signal.SIGHUP)
            took.append(wait_until(lambda: not before & set(web.children()), seconds=60))  # noqa: B023
            wait_until(lambda: len(ledger.attempts) > done + 2 * WRITERS, seconds=60)  # noqa: B023

    assert_nobody_was_refused(pages, ledger, site)
    with capsys.disabled():
        slowest = max(each.seconds for each in pages)
        print(
            f"\n{RESTARTS} restarts, exchanged after {', '.join(f'{each:.1f}' for each in took)} s;"
            f" {len(pages)} pages, {slowest:.2f} s at most; {ledger}"
        )


def test_f17_a_new_version_takes_over_while_people_save_and_read(site, proxy, ledger, capsys):
    """As the guide upgrades: the next web comes up beside the one before, which then ends."""
    world = World(2)
    webs = {WEB: site.web(WEB)}
    crowd = Crowd.of(world, WRITERS, site=site, ledger=ledger)
    with reading(site, world) as pages, crowd:
        for before, after in [(WEB, NEXT_WEB), (NEXT_WEB, WEB)] * 2:
            # Docker knows it by name before it answers.
            proxy.tell_of(before, after)
            webs[after] = site.web(after)
            done = len(ledger.attempts)
            webs[before].process.terminate()
            webs[before].process.wait(40)
            time.sleep(1)
            proxy.tell_of(after)
            wait_until(lambda: len(ledger.attempts) > done + 2 * WRITERS, seconds=60)  # noqa: B023

    assert_nobody_was_refused(pages, ledger, site)
    with capsys.disabled():
        slowest = max(each.seconds for each in pages)
        print(f"\n4 times taken over; {len(pages)} pages, {slowest:.2f} s at most; {ledger}")


class ChangesOver(HTTPRedirectHandler):
    """Where a person is sent on to, the new web answers."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        newurl = newurl.replace(self.old, self.new)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def test_f17_the_old_web_answers_what_it_was_asked_once_a_new_one_took_over(site, ledger):
    """As behind a proxy that hands new requests to the new one, before the old one is ended."""
    world = World(2)
    series = [one.code for one in world.series.values()]
    old, old_url, old_port = site.web(), site.url, site.port
    before = Official(Person.signed_in(site.url, "official"), series[0], ledger, "before")
    site.port = free_port()
    site.web()
    after = Official(Person.signed_in(site.url, "official"), series[1], ledger, "after")
    before.person.handle(ChangesOver(old_url, site.url))

    with Held() as held:
        threads = [
            threading.Thread(target=one.save, args=[2020, "98.10"]) for one in (before, after)
        ]
        threads[0].start()
        held.wait()
        old.process.terminate()
        # It refuses at once, or a proxy would leave people to wait there.
        wait_until(lambda: not answers(old_port), seconds=5)
        threads[1].start()
        held.wait(number=2)
        held.release()
        for each in threads:
            each.join(30)
    old.process.wait(30)

    assert [each.outcome for each in ledger.attempts] == ["ok", "ok"]
    assert_holds(ledger, site=site, reader=Person.signed_in(site.url, "reviewer"))


def test_f17_a_worker_told_to_end_finishes_its_batch_and_leaves_the_rest_to_the_next(site, capsys):
    world = World(TARGETS, documents=4)
    slow = world.codes[TARGETS // 2]
    with Slowed(world.target(slow), seconds=5) as slowed:
        first = site.worker("first")
        world.put_in_force("97.95")
        site.nudge()
        slowed.wait()
        first.process.terminate()
        wait_until(lambda: "Warm shutdown" in first.said(), seconds=20)
        world.put_in_force("98.60", world.codes[:3])
        site.nudge()
        took = wait_until(lambda: first.process.poll() is not None, seconds=GRACE_SECONDS)
    left = StaleRow.objects.count()

    site.worker("second")
    wait_until(lambda: not StaleRow.objects.exists(), seconds=30)

    assert first.process.returncode == 0
    assert left < TARGETS, "it finished what it had begun"
    world.assert_effective_once()
    with capsys.disabled():
        print(f"\na worker told to end: ended after {took:.1f} s, left {left} rows")
