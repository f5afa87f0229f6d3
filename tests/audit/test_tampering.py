"""Whatever the database's owner does to the trail is found, and named."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from targets_site.audit.chain import NOTHING_BEFORE, cells_of, digest, head
from targets_site.audit.heads import files, note_head
from targets_site.audit.models import Entry, Link
from targets_site.audit.protection import install
from targets_site.audit.sealer import Sealer
from targets_site.audit.sealing import seal
from targets_site.audit.verifying import say, verify
from targets_site.audit.verifying.words import address
from tests.audit.tampering import as_owner, exchange_contents, hash_anew, move_links
from tests.audit.trails import entries

# SQLite heeds `PRAGMA foreign_keys` outside of transactions only.
pytestmark = pytest.mark.django_db(transaction=connection.vendor == "sqlite")


@pytest.fixture
def protected():
    """Before anything is written: PostgreSQL alters no table that a transaction has written to."""
    install()


@pytest.fixture
def trail():
    """Ten entries, chained in two batches, each head noted."""
    made = []
    for number in (6, 4):
        made += entries(number)
        Sealer().look()
    return made


def found():
    """Kind and number of the entry, of each finding."""
    return [(each.kind, each.facts.get("seq")) for each in verify(patience_seconds=0)]


def test_nothing_is_found_in_a_trail_that_nobody_touched(trail):
    assert found() == []


def test_nothing_is_found_in_an_empty_trail():
    assert found() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": "li"},
        {"after": {"value": "9.99"}},
        {"before": None},
        {"reason": "补"},
        {"ip": "10.0.0.1"},
        {"at": timezone.now() + timedelta(microseconds=1)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_an_edited_entry(trail, changes):
    with as_owner():
        Entry.objects.filter(pk=trail[4].pk).update(**changes)

    assert found() == [("edited", trail[4].seq)]


def test_an_edited_entry_is_named_with_object_and_action(trail):
    with as_owner():
        Entry.objects.filter(pk=trail[4].pk).update(reason="补")

    (finding,) = verify(patience_seconds=0)
    assert finding.facts == {
        "position": 5,
        "seq": trail[4].seq,
        "action": "approve",
        "object": "observation:x:2004",
    }
    assert address(finding) == f"/trail/{trail[4].seq}/"
    assert say(finding) == (f"第{trail[4].seq}条（审核通过，observation:x:2004）入链后被修改。")


def test_an_edited_entry_where_the_owner_switched_the_protection_off(protected, trail):
    with as_owner():
        Entry.objects.filter(pk=trail[4].pk).update(reason="补")

    assert found() == [("edited", trail[4].seq)]


def test_several_edited_entries_are_each_named(trail):
    with as_owner():
        Entry.objects.filter(pk__in=[trail[2].pk, trail[7].pk]).update(actor="li")

    assert found() == [("edited", trail[2].seq), ("edited", trail[7].seq)]


def test_an_edited_entry_with_its_hash_computed_anew(trail):
    with as_owner():
        Entry.objects.filter(pk=trail[3].pk).update(actor="li")
        link = Link.objects.get(position=4)
        own = digest(link.prev_hash, cells_of(link.entry))
        Link.objects.filter(position=4).update(hash=own)

    assert found() == [("rehashed", trail[3].seq)]


def test_a_deleted_entry(trail):
    with as_owner() as cursor:
        cursor.execute("DELETE FROM audit_entry WHERE seq = %s", [trail[4].seq])

    assert found() == [("deleted", trail[4].seq)]


def test_a_deleted_entry_and_link(trail):
    with as_owner():
        Link.objects.filter(position=5).delete()
        Entry.objects.filter(pk=trail[4].pk).delete()

    (finding,) = verify(patience_seconds=0)
    assert (finding.kind, finding.facts["first"], finding.facts["last"]) == ("missing", 5, 5)
    assert say(finding) == (
        f"链上第5至5位缺失，位于第{trail[3].seq}条（审核通过，observation:x:2003）与"
        f"第{trail[5].seq}条（审核通过，observation:x:2005）之间。"
    )


def test_a_deleted_entry_whose_gap_was_closed(trail):
    with as_owner():
        Link.objects.filter(position=5).delete()
        Entry.objects.filter(pk=trail[4].pk).delete()
        move_links(6, by=-1)

    kinds = found()
    assert kinds[0] == ("cut_out", trail[5].seq)
    assert verify(patience_seconds=0)[0].facts["seqs"] == str(trail[4].seq)


def test_the_first_entries_deleted(trail):
    with as_owner():
        Link.objects.filter(position__lte=2).delete()
        Entry.objects.filter(pk__in=[trail[0].pk, trail[1].pk]).delete()
        move_links(3, by=-2)

    finding = verify(patience_seconds=0)[0]
    assert (finding.kind, finding.facts["seq"]) == ("cut_out", trail[2].seq)
    assert say(finding).endswith("之前有记录被删除：原链起点更早。")


def test_an_entry_inserted_past_the_application(trail):
    with as_owner():
        (inserted,) = entries(1)

    assert found() == [("unchained", inserted.seq)]


def test_an_entry_inserted_with_a_number_between(trail):
    with as_owner():
        Link.objects.filter(position=10).delete()
        Entry.objects.filter(pk=trail[9].pk).delete()
        inserted = Entry.objects.create(seq=trail[9].seq + 5, action="save", object="x")
        Sealer().look()
        between = Entry.objects.create(seq=trail[9].seq + 2, action="save", object="y")

    assert ("unchained_between", between.seq) in found()
    assert inserted.seq > between.seq


def test_an_entry_inserted_with_an_earlier_time_and_chained_by_the_sealer(trail):
    with as_owner():
        (inserted,) = entries(1, at=timezone.now() - timedelta(days=3))
    Sealer().look()

    assert found() == [("backdated", inserted.seq)]


def insert_link(position, entry):
    """Between others, and its own hash right."""
    move_links(position, by=1)
    before = Link.objects.filter(position=position - 1).first()
    prev_hash = before.hash if before else NOTHING_BEFORE
    own = digest(prev_hash, cells_of(entry))
    return Link.objects.create(position=position, entry=entry, prev_hash=prev_hash, hash=own)


@pytest.mark.parametrize("position", [1, 5])
def test_an_entry_inserted_into_the_chain(trail, position):
    with as_owner():
        (inserted,) = entries(1)
        inserted.refresh_from_db()
        insert_link(position, inserted)

    assert found()[0] == ("inserted", inserted.seq)


def test_an_inserted_entry_that_the_next_link_names(trail):
    with as_owner():
        (inserted,) = entries(1)
        inserted.refresh_from_db()
        link = insert_link(5, inserted)
        Link.objects.filter(position=6).update(prev_hash=link.hash)

    assert found()[:2] == [("inserted", inserted.seq), ("link_changed", trail[4].seq)]


@pytest.mark.parametrize(("one", "other"), [(2, 3), (2, 7)])
def test_two_entries_whose_contents_changed_places(trail, one, other):
    with as_owner():
        exchange_contents(trail[one], trail[other])

    (finding,) = verify(patience_seconds=0)
    named = (finding.kind, finding.facts["seq"], finding.facts["other"]["seq"])
    assert named == ("swapped", trail[one].seq, trail[other].seq)


@pytest.mark.parametrize(("one", "other"), [(2, 3), (2, 7)])
def test_two_links_that_changed_their_entries(trail, one, other):
    with as_owner():
        Link.objects.filter(position=one + 1).delete()
        left = Link.objects.get(position=other + 1)
        was = Link(position=one + 1, entry=left.entry, prev_hash="", hash="")
        first = verify_row(trail, one)
        Link.objects.filter(position=other + 1).update(entry=trail[one])
        was.prev_hash, was.hash = first
        was.save(force_insert=True)

    (finding,) = verify(patience_seconds=0)
    named = (finding.kind, {finding.facts["seq"], finding.facts["other"]["seq"]})
    assert named == ("swapped", {trail[one].seq, trail[other].seq})


def verify_row(trail, number):
    """Hash before and hash of a link, worked out anew."""
    prev_hash = Link.objects.get(position=number).hash if number else NOTHING_BEFORE
    trail[number].refresh_from_db()
    return prev_hash, digest(prev_hash, cells_of(trail[number]))


@pytest.mark.parametrize(("one", "other"), [(2, 3), (2, 7), (0, 9)])
def test_two_links_that_changed_their_positions(trail, one, other):
    with as_owner():
        Link.objects.filter(position=one + 1).update(position=1000)
        Link.objects.filter(position=other + 1).update(position=one + 1)
        Link.objects.filter(position=1000).update(position=other + 1)

    (finding,) = verify(patience_seconds=0)
    named = (finding.kind, {finding.facts["seq"], finding.facts["other"]["seq"]})
    assert named == ("swapped", {trail[one].seq, trail[other].seq})


@pytest.mark.parametrize("field", ["hash", "prev_hash"])
@pytest.mark.parametrize("position", [1, 5, 10])
def test_a_changed_link(trail, field, position):
    with as_owner():
        Link.objects.filter(position=position).update(**{field: "f" * 64})

    kind, seq = found()[0]
    # Of the last link nothing after it says what its hash was: only the noted head does.
    assert kind == ("edited" if (position, field) == (10, "hash") else "link_changed")
    assert seq == trail[position - 1].seq


def test_the_last_three_cut_off(trail):
    with as_owner():
        Link.objects.filter(position__gt=7).delete()
        Entry.objects.filter(pk__in=[each.pk for each in trail[7:]]).delete()

    (finding,) = verify(patience_seconds=0)
    assert (finding.kind, finding.facts["cut"]) == ("cut", 3)
    assert (finding.facts["noted_position"], finding.facts["noted_seq"]) == (10, trail[9].seq)
    assert finding.facts["seq"] == trail[6].seq


def test_a_cut_end_that_grew_again(trail):
    with as_owner():
        Link.objects.filter(position__gt=7).delete()
        Entry.objects.filter(pk__in=[each.pk for each in trail[7:]]).delete()
    entries(5)
    Sealer().look()

    assert [kind for kind, _seq in found()] == ["rewritten"]


def test_everything_cut_off(trail):
    with as_owner():
        Link.objects.all().delete()
        Entry.objects.all().delete()

    assert [kind for kind, _seq in found()] == ["cut"]


def test_links_cut_off_are_made_again_and_are_the_same(trail):
    """Nothing is lost with them."""
    with as_owner():
        Link.objects.filter(position__gt=7).delete()
    Sealer().look()

    assert found() == []


@pytest.mark.parametrize("changed", [0, 3, 9])
def test_all_hashes_computed_anew(trail, changed):
    with as_owner():
        Entry.objects.filter(pk=trail[changed].pk).update(actor="li")
        hash_anew(1)

    (finding,) = verify(patience_seconds=0)
    assert finding.kind == "rewritten"
    # The heads of positions 6 and 10 were noted.
    assert (finding.facts["position"], finding.facts["agreed"]) == (
        (10, 6) if changed >= 6 else (6, 0)
    )


def test_missing_heads_are_a_finding(trail):
    for path in files():
        path.unlink()

    assert [kind for kind, _seq in found()] == ["heads_missing"]


def test_heads_that_end_early_are_a_finding(trail):
    (path,) = files()
    path.write_text(path.read_text().splitlines(keepends=True)[0])

    assert found() == [("heads_behind", trail[9].seq)]


def test_a_line_that_is_no_head_is_a_finding(trail):
    (path,) = files()
    path.write_text("rubbish\n" + path.read_text())

    (finding,) = verify(patience_seconds=0)
    assert (finding.kind, finding.about) == ("heads_unreadable", f"{path.name}:1")


def test_a_folder_of_heads_that_cannot_be_read_is_a_finding(trail):
    (path,) = files()
    path.rename(path.with_suffix(".old"))
    path.mkdir()

    assert [kind for kind, _seq in found()] == ["heads_unreadable"]


@pytest.mark.django_db(transaction=True)
def test_what_the_sealer_chains_meanwhile_is_no_finding(trail):
    from tests.audit.test_sealing import running

    entries(3)
    with running(Sealer()):
        assert verify(patience_seconds=20) == []


def test_a_copy_of_the_heads_is_compared_with(trail, tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in files():
        (copy / path.name).write_text(path.read_text())
    with as_owner():
        Entry.objects.filter(pk=trail[3].pk).update(actor="li")
        hash_anew(1)
    for path in files():
        path.unlink()
    note_head()

    assert found() == []
    assert [each.kind for each in verify(heads=copy, patience_seconds=0)] == ["rewritten"]


def test_the_command_says_that_all_is_well(trail, capsys):
    call_command("verify_audit")

    assert capsys.readouterr().out == (
        f"审计日志完好。已入链：10条；链尾：{head().hash} / "
        f"The trail is intact. Entries chained: 10; head: {head().hash}\n"
    )


def test_the_command_names_what_is_wrong_and_fails(trail, capsys):
    with as_owner():
        Entry.objects.filter(pk=trail[4].pk).update(reason="补")

    with pytest.raises(CommandError) as raised:
        call_command("verify_audit")

    seq = trail[4].seq
    assert raised.value.returncode == 1
    assert str(raised.value) == (
        "审计日志已被改动。发现问题：1处 / The trail is not intact. Findings: 1"
    )
    assert capsys.readouterr().out == (
        f"第{seq}条（审核通过，observation:x:2004）入链后被修改。\n"
        f"  Entry {seq} (Approved, observation:x:2004) was edited after it had been chained.\n"
    )


def test_the_command_refuses_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="No such folder") as raised:
        call_command("verify_audit", "--heads", str(tmp_path / "away"))

    assert raised.value.returncode == 2


def test_the_check_takes_few_queries_however_long_the_chain(trail, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        verify(patience_seconds=0)
    entries(50)
    seal()
    note_head()
    with django_assert_max_num_queries(12):
        verify(patience_seconds=0)
    assert connection.vendor in {"sqlite", "postgresql"}
