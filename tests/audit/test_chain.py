"""What the hash of a link covers, worked out by hand from the definition's words."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from targets_site.audit.chain import NOTHING_BEFORE, Head, cells_of, digest, head
from targets_site.audit.models import Entry, Link


def stored_entry(**fields):
    about = {"action": "approve", "object": "observation:x:2020", **fields}
    return Entry.objects.get(pk=Entry.objects.create(**about).pk)


@pytest.mark.django_db
def test_cells_are_texts_that_do_not_depend_on_the_database_or_the_active_zone():
    entry = stored_entry(
        at=datetime(2026, 11, 29, 1, 20, 46, 123456, tzinfo=UTC),
        actor="wang",
        role="reviewer",
        before={"value": None, "年": [1, "63.10"]},
        reason="年报，第3页",
        ip="10.0.0.7",
    )

    with timezone.override("America/New_York"):
        cells = cells_of(entry)

    assert cells == [
        str(entry.seq),
        "2026-11-29T09:20:46.123456+08:00",
        "wang",
        "reviewer",
        "approve",
        "observation:x:2020",
        '{"value":null,"年":[1,"63.10"]}',
        "",
        "年报，第3页",
        "10.0.0.7",
    ]


@pytest.mark.django_db
def test_keys_stand_in_order_and_a_full_second_has_its_microseconds():
    entry = stored_entry(at=datetime(2026, 1, 1, tzinfo=UTC), after={"b": 1, "a": {}}, ip=None)

    assert cells_of(entry)[1] == "2026-01-01T08:00:00.000000+08:00"
    assert cells_of(entry)[6:] == ["", '{"a":{},"b":1}', "", ""]


def test_digest_is_that_of_the_hash_before_and_the_cells():
    said = NOTHING_BEFORE + '\n["1","数据 \\"x\\"",""]'

    made = digest(NOTHING_BEFORE, ["1", '数据 "x"', ""])

    assert made == hashlib.sha256(said.encode("utf-8")).hexdigest()


def test_half_a_pair_of_surrogates_stops_no_chain():
    assert len(digest(NOTHING_BEFORE, [json.loads('"\\ud800"')])) == 64


@pytest.mark.django_db
def test_head_is_the_last_link():
    assert head() is None

    first, second = stored_entry(), stored_entry()
    Link.objects.create(position=1, entry=second, prev_hash=NOTHING_BEFORE, hash="a" * 64)
    Link.objects.create(position=2, entry=first, prev_hash="a" * 64, hash="b" * 64)

    assert head() == Head(2, first.seq, "b" * 64)
