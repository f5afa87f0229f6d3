"""A trail that cannot be written: whatever would stand in it is refused in words, pages go on, and
once it can be written again all goes on by itself."""

from http.client import IncompleteRead

import pytest
from django.conf import settings as project_settings
from django.core.management import call_command

from indicators.models import ObservationVersion
from targets_site.audit.models import Entry
from tests.operations.product import manage
from tests.services.after_fault import assert_holds
from tests.services.oracle import World
from tests.services.own_database import NAME
from tests.services.people import NOT_SAVED, Official, Person

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="SQLite has no roles"),
]
ROLE, PASSWORD = "targets_app", "only-for-the-test"


@pytest.fixture
def as_application(own_server, site, capsys):
    """The site under the role of the application, which owns nothing."""
    call_command("protect_audit", app_role=ROLE)
    own_server.run(f"ALTER ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}'")
    site.database_url = own_server.url(name=NAME, user=ROLE, password=PASSWORD)
    return own_server


def test_f25_trail_that_cannot_be_written(as_application, site, ledger, tmp_path):
    world = World(2)
    site.web()
    reviewer = Person.signed_in(site.url, "reviewer")
    series = world.series[world.codes[0]].code
    official = Official(Person.signed_in(site.url, "official"), series, ledger)
    world.approved(world.codes[1], "98.20", by=reviewer)
    assert official.save(2020, "62.10").outcome == "ok"
    waits = world.submitted(world.codes[1], "98.40")
    before = ObservationVersion.objects.count(), Entry.objects.count()

    as_application.run(f"REVOKE INSERT ON audit_entry FROM {ROLE}", name=NAME)
    saved = official.save(2020, "63.50", read_version=1)
    approved = reviewer.post("/review/approve/", version=f"figure:{waits}")
    signs_in = Person(site.url)
    signs_in.get("/accounts/login/")
    login = signs_in.post("/accounts/login/", username="official", password="Passw0rd-2026")
    wrong = signs_in.post("/accounts/login/", username="official", password="wrong")
    with pytest.raises(IncompleteRead):  # what would leave unseen never counts as a file
        reviewer.get("/exports/observations.csv")
    pages = [
        reviewer.get(path) for path in ("/", f"/targets/{world.codes[1]}/", "/review/", "/readyz")
    ]

    alarms = manage("alarms", database=site.database_url, room=tmp_path)
    assert "trail: 审计日志无法写入" in alarms.stdout

    assert (saved.status, saved.outcome) == (503, "fail")
    assert [each.status for each in (approved, login, wrong)] == [503] * 3
    for each in (approved, login, wrong):
        assert any(said in each.text for said in NOT_SAVED)
    assert [each.status for each in pages] == [200] * 4
    assert (ObservationVersion.objects.count(), Entry.objects.count()) == before

    as_application.run(f"GRANT INSERT ON audit_entry TO {ROLE}", name=NAME)
    assert official.save(2020, "63.50", read_version=1).outcome == "ok"
    assert_holds(ledger, site=site, reader=reviewer)
