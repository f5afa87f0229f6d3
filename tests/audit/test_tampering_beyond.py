"""What the owner writes past every constraint of the tables: found and named, never a crash."""

import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from targets_site.audit.chain import cells_of, digest
from targets_site.audit.models import Entry, Link
from targets_site.audit.sealer import Sealer
from targets_site.audit.verifying import say, verify
from tests.audit.tampering import as_owner
from tests.audit.trails import entries

pytestmark = pytest.mark.django_db(transaction=True)
ON_POSTGRESQL = connection.vendor == "postgresql"
NO_CONSTRAINT = {
    "position": "ALTER TABLE audit_link DROP CONSTRAINT IF EXISTS link_position_from_1",
    "key": "ALTER TABLE audit_link DROP CONSTRAINT audit_link_pkey",
}


@pytest.fixture
def trail():
    made = entries(6)
    Sealer().look()
    return made


@pytest.fixture
def unchecked():
    """Tables without the constraints that a test takes away; they are back afterwards."""
    with connection.cursor() as cursor:
        if not ON_POSTGRESQL:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        yield cursor
        if not ON_POSTGRESQL:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
            return
        cursor.execute("TRUNCATE audit_link, audit_entry CASCADE")
        cursor.execute("ALTER TABLE audit_entry ALTER at SET NOT NULL")
        cursor.execute(
            "ALTER TABLE audit_link DROP CONSTRAINT IF EXISTS link_position_from_1, "
            "ADD CONSTRAINT link_position_from_1 CHECK (position >= 1)"
        )


def found():
    return [(each.kind, each.facts.get("seq")) for each in verify(patience_seconds=0)]


@pytest.mark.parametrize("position", [0, -5])
def test_an_entry_linked_before_the_first_position(trail, unchecked, position):
    extra = entries(1)[0]
    extra.refresh_from_db()
    if ON_POSTGRESQL:
        unchecked.execute(NO_CONSTRAINT["position"])
    own = digest("0" * 64, cells_of(extra))
    Link.objects.create(position=position, entry=extra, prev_hash="0" * 64, hash=own)

    assert found() == [("inserted", extra.seq)]


# What no program of ours writes, and Python cannot read or chain.
UNREADABLE = (
    ["at = 'infinity'", "at = '4000-01-01 BC'", "at = NULL", "before = '1" + "0" * 5000 + "'"]
    if ON_POSTGRESQL
    else ["at = 'never'", "actor = x'00ff'", "actor = CAST(x'ff' AS TEXT)"]
)


def spoil(cursor, seq, change):
    with as_owner():
        if ON_POSTGRESQL:
            cursor.execute("ALTER TABLE audit_entry ALTER at DROP NOT NULL")
        cursor.execute(f"UPDATE audit_entry SET {change} WHERE seq = {seq}")


@pytest.mark.parametrize("change", UNREADABLE, ids=range(len(UNREADABLE)))
def test_an_entry_that_cannot_be_read_any_more(trail, unchecked, change, capsys):
    spoil(unchecked, trail[2].seq, change)

    assert found() == [("unreadable", trail[2].seq)]
    (finding,) = verify(patience_seconds=0)
    assert str(trail[2].seq) in say(finding)
    with pytest.raises(CommandError) as failed:
        call_command("verify_audit")
    assert failed.value.returncode == 1
    assert str(trail[2].seq) in capsys.readouterr().out


@pytest.mark.parametrize("change", UNREADABLE, ids=range(len(UNREADABLE)))
def test_an_entry_that_cannot_be_read_keeps_no_other_from_the_chain(trail, unchecked, change):
    first, second = entries(2)
    spoil(unchecked, first.seq, change)

    assert Sealer().look() == 1
    assert Link.objects.filter(entry=second.seq).exists()
    assert found() == [("unchained_between", first.seq)]


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite keeps its primary key")
def test_two_links_at_one_position_between_two_pages_of_links(trail, unchecked, monkeypatch):
    monkeypatch.setattr("targets_site.audit.verifying.rows.AT_A_TIME", 3)
    extra = entries(1)[0]
    unchecked.execute(NO_CONSTRAINT["key"])
    unchecked.execute(
        "INSERT INTO audit_link (position, entry_id, prev_hash, hash) "
        "SELECT position, %s, prev_hash, hash FROM audit_link "
        "WHERE position = 3",
        [extra.seq],
    )
    try:
        assert found()
    finally:
        unchecked.execute("TRUNCATE audit_link")
        unchecked.execute("ALTER TABLE audit_link ADD PRIMARY KEY (position)")


def test_that_every_entry_was_edited_is_found_in_a_moment():
    entries(1500)
    Sealer().look()
    with as_owner():
        Entry.objects.update(reason="补")
    started = time.monotonic()

    kinds = {each.kind for each in verify(patience_seconds=0)}

    assert kinds == {"edited"}
    assert time.monotonic() - started < 4
