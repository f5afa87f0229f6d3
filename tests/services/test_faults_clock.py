"""The clock of a machine is put right by an hour, or the year turns, under people at work and
workers."""

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings as project_settings
from django.utils import timezone

from indicators.models import Observation, Round, StaleRow
from targets_site.accounts.models import RecoveryCode
from targets_site.audit.models import Entry
from tests.accounts.second_factor_steps import some_time_passes
from tests.accounts.totp import STEP, shown_by_app
from tests.benchmarks.office_day import APP_KEY, give_app
from tests.conftest import leave_out
from tests.services.after_fault import assert_holds
from tests.services.clock import LIBRARY, Clock
from tests.services.oracle import World
from tests.services.people import PASSWORD, Official, Person, approve, version_waiting
from tests.services.servers import wait_until

HOUR = 3600
CODE_PAGE = "/accounts/login/code/"
pytestmark = [
    pytest.mark.faults,
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="the embedded mode has no worker"),
]


@pytest.fixture
def clock(tmp_path, site):
    if LIBRARY is None:
        leave_out("libfaketime is missing (apt-get install libfaketime)")
    clock = Clock(tmp_path)
    site.more = clock.environment
    return clock


def test_f23_an_hour_back_and_forth_ends_sessions_only_as_time_does(site, clock, ledger):
    world = World(2)
    entered, decided = world.codes
    site.web(), site.worker(), site.sealer()
    reviewer = Person.signed_in(site.url, "reviewer")
    official = Official(Person.signed_in(site.url, "official"), world.series[entered].code, ledger)
    assert official.save(2020, "97.10").outcome == "ok"
    world.approved(decided, "97.50", by=reviewer)

    clock.put(seconds=-HOUR)
    assert official.save(2020, "97.20", read_version=1).outcome == "ok", "it is still open"
    world.approved(decided, "98.50", by=reviewer)
    wait_until(lambda: not StaleRow.objects.exists(), seconds=30)

    clock.put(seconds=HOUR)
    late = official.save(2020, "97.30", read_version=2)
    assert (late.outcome, late.status) == ("fail", 401), "idle for an hour, and told"
    official.person = Person.signed_in(site.url, "official")
    reviewer = Person.signed_in(site.url, "reviewer")
    assert official.save(2020, "97.40", read_version=2).outcome == "ok"
    world.approved(decided, "97.60", by=reviewer)
    wait_until(lambda: not StaleRow.objects.exists(), seconds=30)

    clock.put(seconds=0)
    assert official.save(2020, "97.50", read_version=3).outcome == "ok"
    world.approved(decided, "99.10", by=reviewer)
    wait_until(lambda: not StaleRow.objects.exists(), seconds=30)

    saves = Entry.objects.filter(action="save", actor="official", object__contains=official.series)
    steps = list(saves.order_by("seq").values_list("at", flat=True))
    assert [steps.index(each) for each in sorted(steps)] == [1, 0, 3, 2], "by number, not by clock"
    assert_holds(ledger, site=site, reader=reviewer)
    world.assert_effective_once()


def test_f23_a_figure_keeps_its_year_over_the_turn_of_the_year(site, clock, ledger):
    world = World(1)
    site.web(), site.worker()
    Round.objects.update(closes_at=timezone.now() + timedelta(days=400))
    turn = datetime(timezone.localtime().year + 1, 1, 1, tzinfo=timezone.get_default_timezone())
    before = (turn - timedelta(seconds=30)).astimezone(UTC).timestamp() - time.time()
    clock.put(seconds=before)
    reviewer = Person.signed_in(site.url, "reviewer")
    official = Official(
        Person.signed_in(site.url, "official"), world.series[world.codes[0]].code, ledger
    )
    assert official.save(2020, "97.10").outcome == "ok"

    clock.put(seconds=before + 60)
    assert official.save(2020, "98.30", read_version=1, step="submit").outcome == "ok"
    approve(reviewer, version_waiting(reviewer))
    world.values[world.codes[0]].append(Decimal("98.30"))
    wait_until(lambda: not StaleRow.objects.exists(), seconds=30)

    assert list(Observation.objects.values_list("year", flat=True)) == [2020]
    at = Entry.objects.filter(action="save", actor="official").order_by("seq").values_list("at")
    assert [timezone.localtime(each).year - turn.year for (each,) in at][:2] == [-1, 0]
    assert_holds(ledger, site=site, reader=reviewer)
    world.assert_effective_once()


def test_f23_a_code_that_was_used_opens_nothing_once_the_clock_was_put_back(site, clock):
    world = World(1)
    give_app(world.reviewer)
    on_paper = RecoveryCode.drawn()
    RecoveryCode.objects.create(user=world.reviewer, digest=RecoveryCode.digest_of(on_paper))
    site.web()

    assert opened(site, code=shown_by_app(APP_KEY))
    for seconds, steps in ((-10, 0), (-HOUR, 0), (-HOUR, -HOUR // STEP)):
        clock.put(seconds=seconds)
        some_time_passes(world.reviewer, days=1)
        assert not opened(site, code=shown_by_app(APP_KEY, steps=steps)), (seconds, steps)
    some_time_passes(world.reviewer, days=1)
    assert opened(site, code=on_paper, by="?recovery"), "one on paper knows no time"

    clock.put(seconds=0)
    assert opened(site, code=shown_by_app(APP_KEY, steps=1))


def opened(site, *, code, by=""):
    """Whether the reviewer is signed in, password first."""
    person = Person(site.url)
    person.get("/accounts/login/")
    page = person.post("/accounts/login/", username="reviewer", password=PASSWORD)
    assert page.url.endswith(CODE_PAGE), page.url
    return "/accounts/login/" not in person.post(CODE_PAGE + by, code=code).url
