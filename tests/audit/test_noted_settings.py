"""Who changes a setting that security rests on finds it in the trail once the step has run."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings as now
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from targets_site.audit.models import Entry
from targets_site.audit.noted_settings import NOTED
from targets_site.audit.protection import is_installed
from tests.audit.tampering import as_owner
from tests.factories import make_auditor
from tests.test_deployment_files import example, read_as_secrets

NAMES_OF_LIMITS = ("SESSION_", "LOGIN_", "PASSWORD_", "SECOND_FACTOR", "FRESH_", "ACCOUNT_")


def start():
    """The step of the deployment that runs before its services."""
    call_command("protect_audit")


@pytest.fixture
def to_be_flushed(transactional_db):
    """Without the protection afterwards, which would refuse it."""
    yield
    with as_owner():
        pass


def noted():
    return list(Entry.objects.filter(object="settings").order_by("seq"))


@pytest.mark.django_db
def test_the_first_start_notes_all_of_them(settings):
    settings.SECOND_FACTOR_ROLES = ["steward", "reviewer"]
    settings.LOGIN_FAILURES = 5

    start()

    (entry,) = noted()
    assert (entry.action, entry.actor, entry.before) == ("note_settings", "", None)
    assert set(entry.after) == set(NOTED)
    assert entry.after["SECOND_FACTOR_ROLES"] == ["reviewer", "steward"]
    assert entry.after["LOGIN_FAILURES"] == 5


@pytest.mark.django_db
def test_a_start_with_the_same_settings_notes_nothing(settings):
    settings.SECOND_FACTOR_ROLES = ["steward", "reviewer"]
    start()
    settings.SECOND_FACTOR_ROLES = ["reviewer", "steward"]

    start()

    assert len(noted()) == 1


@pytest.mark.django_db
def test_what_was_changed_is_noted_from_what_to_what_and_nothing_else(settings):
    settings.SECOND_FACTOR_ROLES, settings.OPEN_READING = ["steward"], False
    start()
    settings.SECOND_FACTOR_ROLES = []
    start()
    settings.OPEN_READING = True
    start()
    settings.SECOND_FACTOR_ROLES = ["steward"]
    start()

    assert [(each.before, each.after) for each in noted()[1:]] == [
        ({"SECOND_FACTOR_ROLES": ["steward"]}, {"SECOND_FACTOR_ROLES": []}),
        ({"OPEN_READING": False}, {"OPEN_READING": True}),
        ({"SECOND_FACTOR_ROLES": []}, {"SECOND_FACTOR_ROLES": ["steward"]}),
    ]


@pytest.mark.django_db
def test_a_setting_that_a_later_version_brings_is_noted_without_a_before(monkeypatch):
    earlier = tuple(name for name in NOTED if name != "PROXIES")
    monkeypatch.setattr("targets_site.audit.noted_settings.NOTED", earlier)
    start()
    monkeypatch.setattr("targets_site.audit.noted_settings.NOTED", NOTED)

    start()

    assert [(each.before, each.after) for each in noted()[1:]] == [(None, {"PROXIES": now.PROXIES})]


@pytest.mark.django_db
def test_showing_the_sql_notes_nothing():
    call_command("protect_audit", "--print")

    assert noted() == []


@pytest.mark.django_db
def test_where_it_cannot_be_noted_the_step_fails(monkeypatch):
    def refuse(*_args, **_fields):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(Entry.objects, "create", refuse)

    with pytest.raises(CommandError, match="nothing was changed"):
        start()

    assert not is_installed()


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_note_it_once(to_be_flushed):
    """PostgreSQL refuses one of them where both make the same function; it changes nothing then."""
    barrier = Barrier(2)

    def at_once(_which):
        try:
            barrier.wait(10)
            start()
        except CommandError as error:
            return str(error)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(at_once, range(2)))

    assert len(noted()) == 1
    assert [each for each in said if each and "nothing was changed" not in each] == []


def test_none_of_them_is_a_secret():
    """A secret is a text, and of these only lists of words are none of numbers and yes or no."""
    suspect = re.compile(r"SECRET|CERTIFICATE|(KEY|PASSWORD|TOKEN|URL|USER|FILE)$")
    texts = {name for name in NOTED if not isinstance(getattr(now, name), int)}

    assert [name for name in NOTED if suspect.search(name)] == []
    assert set(NOTED) & set(read_as_secrets()) == set()
    assert texts == {
        "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SECOND_FACTOR_ROLES", "UPLOAD_SCAN_COMMAND",
    }  # fmt: skip


def test_no_limit_that_can_be_set_is_forgotten():
    can_be_set = set(example())

    assert {name for name in can_be_set if name.startswith(NAMES_OF_LIMITS)} <= set(NOTED)
    assert set(NOTED) <= can_be_set


@pytest.mark.django_db
def test_an_auditor_reads_what_was_changed(client, settings):
    settings.SECOND_FACTOR_ROLES, settings.DEBUG = ["reviewer", "system_admin"], False
    start()
    settings.SECOND_FACTOR_ROLES = []
    start()
    client.cookies["django_language"] = "en"
    client.force_login(make_auditor("shen"))

    first, changed = (client.get(f"/trail/{each.seq}/").text for each in noted())
    listed = client.get("/trail/?action=note_settings").text

    assert "a command of the system" in listed
    assert "Settings of the site" in listed
    assert "<del>Reviewer, System administrator</del> → <ins>—</ins>" in listed
    assert "Reviewer, System administrator" in changed
    assert "LOGIN_FAILURES_BY_ADDRESS" in first
