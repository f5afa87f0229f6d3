"""Searching the trail: whatever is combined, a page holds what a plain look through finds."""

from datetime import UTC, datetime, timedelta

import pytest

from targets_site.audit.models import Entry
from targets_site.audit.queries import search as search_module
from targets_site.audit.queries.search import Cursor, Search, counted, cut, found

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, tzinfo=UTC)
ACTORS, ACTIONS = ["wang", "li", ""], ["save", "approve", "login"]
OBJECTS = ["observation:460000.a.all:2015", "observation:460000.b.all:2015", "user:wang"]


def make_entries(number):
    return [
        Entry.objects.create(
            at=START + timedelta(hours=index),
            actor=ACTORS[index % 3],
            action=ACTIONS[index % 2],
            object=OBJECTS[index % 3],
            reason="年报更正" if index % 5 == 0 else "",
        )
        for index in range(number)
    ]


def walked(entries, start=None):
    """Every page from the newest on, following what each says of the next."""
    pages, cursor = [], start or Cursor()
    while cursor is not None:
        page = cut(entries, cursor)
        pages.append([each.seq for each in page.entries])
        cursor = page.older
    return pages


@pytest.mark.parametrize(
    ("search", "is_meant"),
    [
        pytest.param(Search(), lambda _each: True, id="all"),
        pytest.param(Search(actors=["li", "nobody"]), lambda each: each.actor == "li", id="actor"),
        pytest.param(
            Search(abouts=["observation:460000."]),
            lambda each: each.object.startswith("observation:460000."),
            id="object-from-its-beginning",
        ),
        pytest.param(
            Search(abouts=["user:", "observation:460000.b"]),
            lambda each: each.object.startswith(("user:", "observation:460000.b")),
            id="one-of-several-objects",
        ),
        pytest.param(
            Search(action="save", text="年报"),
            lambda each: each.action == "save" and "年报" in each.reason,
            id="action-and-reason",
        ),
        pytest.param(
            Search(since=START + timedelta(hours=3), until=START + timedelta(hours=9)),
            lambda each: 3 <= (each.at - START).total_seconds() / 3600 < 9,
            id="from-the-first-moment-and-before-the-last",
        ),
        pytest.param(Search(abouts=["observation:4600_"]), lambda _each: False, id="no-wildcard"),
    ],
)
def test_a_search_finds_what_a_plain_look_through_finds(search, is_meant, monkeypatch):
    monkeypatch.setattr(search_module, "ENTRIES_A_PAGE", 4)
    entries = make_entries(23)
    expected = [each.seq for each in reversed(entries) if is_meant(each)]

    pages = walked(found(search))

    assert [seq for page in pages for seq in page] == expected
    assert all(len(page) <= 4 for page in pages)
    assert counted(found(search)) == len(expected)


def test_pages_lead_back_the_way_they_came(monkeypatch):
    monkeypatch.setattr(search_module, "ENTRIES_A_PAGE", 4)
    make_entries(11)
    entries = found(Search())
    forth = walked(entries)

    back, cursor = [], cut(entries, Cursor(before=forth[-1][0] + 1)).newer
    while cursor is not None:
        page = cut(entries, cursor)
        back.append([each.seq for each in page.entries])
        cursor = page.newer

    assert [len(page) for page in forth] == [4, 4, 3]
    assert back == [forth[1], forth[0]]


def test_what_comes_in_between_moves_no_page():
    make_entries(60)
    entries = found(Search())
    first = cut(entries, Cursor())
    make_entries(5)

    second = cut(entries, first.older)

    assert second.entries[0].seq == first.entries[-1].seq - 1


def test_no_more_is_counted_than_is_said(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(search_module, "COUNTED_UP_TO", 5)
    make_entries(20)

    with django_assert_num_queries(1):
        assert counted(found(Search())) == 6


@pytest.mark.parametrize("number", [1, 3, 30])
def test_a_page_costs_one_query(number, django_assert_num_queries):
    make_entries(number)

    with django_assert_num_queries(1):
        page = cut(found(Search()), Cursor())
        assert [getattr(each, "link", None) for each in page.entries] == [None] * number
