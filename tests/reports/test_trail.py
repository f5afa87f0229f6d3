"""The trail's pages: for whom, what they find, how an entry reads, and that looking is recorded."""

import ast
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports.forms.trail import TrailForm
from reports.queries.trail.values import FIELD_WORDS
from targets_site.accounts.models import Role
from targets_site.audit.actions import record
from targets_site.audit.chain import NOTHING_BEFORE, cells_of, digest
from targets_site.audit.models import Entry, Link
from tests.factories import (
    make_auditor,
    make_figure,
    make_post,
    make_series,
    make_target,
    make_user,
)
from tests.test_freshness import recordings_in_the_code

pytestmark = pytest.mark.django_db
FIGURE = "observation:460000.pass-rate.all:2015"


@pytest.fixture
def auditor(client):
    client.cookies["django_language"] = "en"
    user = make_auditor("shen")
    client.force_login(user)
    Entry.objects.all().delete()
    return client


def note(action="approve", about=FIGURE, **more):
    with transaction.atomic():
        return record(action, about, **more)


def chained(*entries):
    """As the sealer leaves them, one after the other."""
    before, links = NOTHING_BEFORE, []
    for position, entry in enumerate(entries, 1):
        entry.refresh_from_db()
        own = digest(before, cells_of(entry))
        links.append(Link.objects.create(
            position=position, entry=entry, prev_hash=before, hash=own
        ))  # fmt: skip
        before = own
    return links


def text_of(response):
    """What is read on the page, without tags, blanks run together."""
    main = re.search("<main.*</main>", response.text, re.S)[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", main))


def seqs_on(response):
    return [line.entry.seq for line in response.context["lines"]]


def searches():
    return list(Entry.objects.filter(action="search_trail").values_list("after", flat=True))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.AUDIT_ADMIN])
def test_auditors_and_audit_administrators_read_the_trail(client, role):
    user = make_user("shen")
    make_post(user, role)
    client.force_login(user)

    assert client.get("/trail/").status_code == 200
    assert client.get(f"/trail/{Entry.objects.latest('seq').seq}/").status_code == 200


@pytest.mark.parametrize(
    "role", [Role.REVIEWER, Role.LEADER, Role.STEWARD, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN]
)
def test_nobody_else_reads_it_and_the_attempt_is_recorded(client, role):
    user = make_user("somebody")
    make_post(user, role)
    client.force_login(user)
    entry = note()

    for address in ("/trail/", f"/trail/{entry.seq}/"):
        assert client.get(address).status_code == 403
        last = Entry.objects.latest("seq")
        assert (last.action, last.actor, last.object) == ("denied", "somebody", f"page:{address}")


def test_a_search_by_everything_at_once_finds_the_one_entry(auditor):
    make_user("wang", full_name="王敏")
    wanted = note(by="wang", reason="年报更正")
    note(by="li", reason="年报更正")
    note("return", by="wang", reason="年报更正")
    note(about="observation:460000.other.all:2015", by="wang", reason="年报更正")
    note(by="wang", reason="笔误")
    today = timezone.localdate().isoformat()

    response = auditor.get(
        "/trail/",
        {"who": "王敏", "kind": "observation", "key": "460000.pass-rate", "action": "approve",
         "since": today, "until": today, "text": "年报"},
    )  # fmt: skip

    assert seqs_on(response) == [wanted.seq]
    assert "1 entry, the newest first." in text_of(response)


@pytest.mark.parametrize("key", ["460000.pass", "observation:460000.pass"])
def test_a_key_is_found_with_its_kind_or_without(auditor, key):
    wanted = note()
    note(about="user:wang")

    assert seqs_on(auditor.get("/trail/", {"key": key})) == [wanted.seq]


@pytest.mark.parametrize(
    ("asked", "about"),
    [
        ({"key": "wang:0123"}, "token:wang:01234567"),
        ({"key": "jump:46"}, "question:jump:460000.pass-rate.all"),
        ({"kind": "notices"}, "notices"),
        ({"kind": "trail"}, "trail"),
    ],
)
def test_whatever_is_recorded_is_found_by_kind_and_key(auditor, asked, about):
    wanted = note(about=about)
    note(about="user:wang")

    assert seqs_on(auditor.get("/trail/", asked)) == [wanted.seq]


def test_a_day_begins_and_ends_in_shanghai(auditor):
    moments = {"2026-02-28T15:59:59": False, "2026-02-28T16:00:00": True,
               "2026-03-01T15:59:59": True, "2026-03-01T16:00:00": False}  # fmt: skip
    expected = []
    for moment, is_of_the_day in moments.items():
        one = Entry.objects.create(at=f"{moment}Z", action="login", object="user:wang")
        expected += [one.seq] if is_of_the_day else []

    response = auditor.get("/trail/", {"since": "2026-03-01", "until": "2026-03-01"})

    assert seqs_on(response) == expected[::-1]


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "until=2026-02-30", "since=2026-03-02&until=2026-03-01", "action=x",
     "kind=x", "before=0", "before=x", "after=99999999999999999999", "who=%00", "key=a%00b",
     "since=0001-01-01", "until=9999-12-31", "who=" + "x" * 151, "text=" + "x" * 101],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_and_looks_for_nothing(auditor, query):
    note()

    response = auditor.get(f"/trail/?{query}")

    assert response.status_code == 400
    assert 'class="message message--warning"' in response.text
    assert "lines" not in response.context
    assert searches() == []


def test_an_entry_says_who_what_and_from_what_to_what(auditor):
    make_user("wang", full_name="王敏")
    note(
        by="wang", role="reviewer", reason="年报更正",
        before={"version": 1, "state": "approved", "value": "63.1", "remark": ""},
        after={"version": 2, "state": "approved", "value": "63.10", "remark": ""},
    )  # fmt: skip

    read = text_of(auditor.get("/trail/"))

    assert "王敏 wang Reviewer" in read
    assert "Approved Figure 460000.pass-rate.all:2015" in read
    assert "Version 1 → 2 Value 63.1 → 63.10" in read
    assert "Reason 年报更正" in read
    assert "State" not in read
    assert "Remark" not in read


def test_a_list_leaves_out_what_is_empty_and_shortens_what_is_long(auditor):
    after = {"area": "", "complete": True, **{f"field_{n}": str(n) for n in range(7)}}
    entry = note(action="export", about="export:audit", after=after)

    read, whole = text_of(auditor.get("/trail/")), text_of(auditor.get(f"/trail/{entry.seq}/"))

    assert "Complete yes field_0 0" in read
    assert "field_4 4 2 fields more" in read
    assert "Area —" not in read
    assert "Area —" in whole
    assert "field_6 6" in whole


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("2026-03-01T04:30:15.123456+00:00", "2026-03-01 12:30:15"),
        ("2026-03-01", "2026-03-01"),
        ("2026-13-45T00:00", "2026-13-45T00:00"),
    ],
)
def test_moments_are_those_of_shanghai(auditor, said, shown):
    note(action="make_token", about="token:wang:12ab", after={"ends_at": said})

    assert f"Ends at {shown} " in text_of(auditor.get("/trail/"))


def test_figures_stay_as_stored_and_personal_numbers_are_hidden_in_the_list_alone(auditor):
    entry = note(
        after={"value": "13812345678", "remark": "电话13812345678"}, reason="wang@example.cn"
    )

    listed, whole = auditor.get("/trail/"), auditor.get(f"/trail/{entry.seq}/")

    assert "Value 13812345678" in text_of(listed)
    assert "电话138****5678" in text_of(listed)
    assert "wang@example.cn" not in listed.text
    assert "电话13812345678" in text_of(whole)
    assert "wang@example.cn" in text_of(whole)


@pytest.mark.parametrize(
    ("about", "address"),
    [
        (FIGURE, "/review/figure/460000.pass-rate.all/2015/"),
        ("reading:plan-2011-001", "/targets/plan-2011-001/"),
        ("document:plan-2011", "/documents/plan-2011/"),
        ("judgement:plan-2011-900:2015", "/review/judgement/plan-2011-900/2015/"),
        ("report:460000:2015::1", "/report/460000/2015/"),
        ("export:targets", "/exports/"),
    ],
)
def test_an_object_leads_to_its_page(auditor, about, address):
    note(about=about)

    (line,) = auditor.get("/trail/").context["lines"]

    assert line.address is not None
    assert line.address == address or line.address.startswith("/provenance/")


@pytest.mark.parametrize("about", ["stale", "observation:x", "observation:Ä:2015", "user:wang"])
def test_an_object_without_a_page_is_shown_all_the_same(auditor, about):
    note(about=about)

    (line,) = auditor.get("/trail/").context["lines"]

    assert line.address is None


def test_texts_of_people_are_escaped(auditor):
    entry = note(
        "login_failed", "user:<b>x</b>", by="<i>who</i>",
        before={"<u>f</u>": "<s>old</s>"}, after={"<u>f</u>": ["<s>new</s>"]}, reason="<q>why</q>",
    )  # fmt: skip

    for address in ("/trail/", f"/trail/{entry.seq}/"):
        page = auditor.get(address).text
        assert not re.search("<(b|i|u|s|q)>", page)


def test_a_search_is_recorded_once_and_turning_its_pages_is_not(auditor):
    for _each in range(60):
        note()
    first = auditor.get("/trail/", {"action": "approve"})
    older = first.context["page"].older

    auditor.get("/trail/", {"action": "approve", "before": older.before})
    auditor.get("/trail/", {"action": "approve"})
    auditor.get("/trail/", {"action": "return"})
    auditor.get("/trail/")

    assert searches() == [{"action": "approve"}, {"action": "return"}, {}]
    entry = Entry.objects.filter(action="search_trail").first()
    assert (entry.actor, entry.role, entry.object) == ("shen", "auditor", "trail:search")


def test_a_page_far_down_that_nobody_searched_for_is_recorded(auditor):
    note()

    auditor.get("/trail/", {"who": "wang", "before": 10})

    assert searches() == [{"who": "wang"}]


def test_the_same_search_by_another_person_or_later_is_another(auditor, client):
    auditor.get("/trail/", {"who": "wang"})
    Entry.objects.update(at=timezone.now() - timedelta(hours=2))
    auditor.get("/trail/", {"who": "wang"})
    client.force_login(make_auditor("other"))
    client.get("/trail/", {"who": "wang"})

    assert searches() == [{"who": "wang"}] * 3


def test_reading_one_entry_whole_is_recorded(auditor):
    entry = note()

    auditor.get(f"/trail/{entry.seq}/")

    assert searches() == [{"seq": str(entry.seq)}]


def test_the_page_says_how_far_the_trail_is_chained(auditor):
    first, second = note(), note()
    assert "nothing is chained yet" in text_of(auditor.get("/trail/"))
    Entry.objects.filter(action="search_trail").delete()
    links = chained(first, second)
    note()

    response = auditor.get("/trail/")

    read = text_of(response)
    assert f"position 2, entry {second.seq}" in read
    assert links[-1].hash in read
    assert response.context["state"].chain.unchained == 1
    assert "Last checked not yet" in read


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"trail": 0, "reports": 2}, "unchanged"),
        ({"trail": 3, "reports": 0}, "changes found what was found"),
    ],
)
def test_the_page_says_when_the_trail_was_last_checked_and_what_was_found(auditor, counts, said):
    note("run_checks", "checks", after={"trail": 9})
    last = note("run_checks", "checks", after=counts)

    response = auditor.get("/trail/")

    day = timezone.localtime(last.at).strftime("%Y-%m-%d %H:%M")
    assert re.search(rf"Last checked {day} . {said} ", text_of(response))
    assert (f'href="{reverse("indicators:notices")}">what' in response.text) == (
        counts["trail"] > 0
    )


def test_an_entry_shows_its_place_in_the_chain_and_its_neighbours(auditor):
    entries = [note(reason=str(number)) for number in range(3)]
    links = chained(*entries)

    response = auditor.get(f"/trail/{entries[1].seq}/")

    proof = response.context["proof"]
    assert (proof.fits, proof.follows) == (True, True)
    assert proof.beside.before == links[0]
    assert proof.beside.after == links[2]
    for entry in (entries[0], entries[2]):
        assert f'href="/trail/{entry.seq}/"' in response.text


def test_an_entry_that_was_changed_after_it_was_chained_is_told(auditor):
    entries = [note(reason=str(number)) for number in range(3)]
    chained(*entries)
    Entry.objects.filter(pk=entries[1].pk).update(reason="never mind")

    changed = auditor.get(f"/trail/{entries[1].seq}/")
    beside = auditor.get(f"/trail/{entries[2].seq}/")

    assert "The hash is not that of this entry" in changed.text
    assert "goes on from the one before" in beside.text


def test_a_cut_before_an_entry_is_told(auditor):
    entries = [note(reason=str(number)) for number in range(3)]
    chained(*entries)
    Link.objects.get(position=2).delete()

    assert "The chain is broken before this entry." in auditor.get(f"/trail/{entries[2].seq}/").text


def test_an_entry_that_there_is_not_is_no_page(auditor):
    assert auditor.get("/trail/999999999/").status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.AUDIT_ADMIN, Role.REVIEWER])
def test_figures_targets_and_judgements_lead_to_the_trail_for_those_who_audit(client, role):
    user = make_user("somebody")
    make_post(user, role)
    client.force_login(user)
    target, series = make_target(), make_series()
    make_figure(series, 2020, "98")
    addresses = {
        target.get_absolute_url(): f"?key={target.code}",
        f"/review/figure/{series.code}/2020/": f"?about=observation:{series.code}:2020",
    }

    shown = {
        address: f'href="/trail/{query.replace(":", "%3A")}"' in client.get(address).text
        for address, query in addresses.items()
    }

    assert set(shown.values()) == {role != Role.REVIEWER}


def test_an_object_is_asked_for_by_its_whole_name(auditor):
    wanted = note("start_job", "job:1")
    note("start_job", "job:12")

    response = auditor.get("/trail/?about=job%3A1")

    assert seqs_on(response) == [wanted.seq]
    assert searches() == [{"about": "job:1"}]


def test_a_page_costs_the_same_however_many_entries_it_shows(auditor):
    costs = []
    for number in (1, 12, 60):
        for each in range(number):
            make_user(f"person-{number}-{each}", full_name=str(each))
            note(by=f"person-{number}-{each}", before={"a": 1}, after={"a": 2})
        with CaptureQueriesContext(
            connection,
        ) as asked:
            auditor.get("/trail/", {"action": "approve"})
        costs.append(len(asked))
    # The first one is recorded, the others are the same search.
    assert costs[1] == costs[2] < costs[0] <= 20


def test_what_was_looked_for_and_asked_for_is_told_in_words(auditor):
    criteria = dict.fromkeys(TrailForm.CRITERIA, "") | {"door": "exports"}
    note("search_trail", "trail:search", by="shen", after=criteria)
    materials = [["self_report", "2026-12-09T18:00:00+08:00"]]
    note("open_round", "round:460000:one", by="li", after={"materials": materials})

    page = text_of(auditor.get("/trail/"))

    assert "on the page of exports" in page
    assert "Self-assessment report, 2026-12-09 18:00:00" in page
    assert [name for name in TrailForm.CRITERIA if name not in FIELD_WORDS] == []


def test_what_became_of_an_account_is_told_in_words(auditor):
    until = datetime(2026, 12, 9, 10, 0, tzinfo=UTC)
    note("lock_account", "user:wang", by="", after={"failures": 5, "locked_until": until})
    note("login_failed", "user:wang", by="", after={"step": "code"})
    note("use_recovery_code", "user:wang", by="wang", after={"left": 9})

    page = text_of(auditor.get("/trail/"))

    assert "Failed logins 5" in page
    assert "Locked until 2026-12-09 18:00:00" in page
    assert "code of the app" in page
    assert "Recovery codes left 9" in page


def test_every_field_that_an_action_names_has_words():
    assert [name for name in fields_in_the_code() if name not in FIELD_WORDS] == []


def fields_in_the_code():
    """Those that are written out where an action is recorded."""
    named = set()
    for call in recordings_in_the_code():
        told = [each.value for each in call.keywords if each.arg in {"before", "after", "also"}]
        for part in [node for value in told for node in ast.walk(value)]:
            if isinstance(part, ast.Dict):
                named |= {each.value for each in part.keys if isinstance(each, ast.Constant)}
    assert len(named) > 20
    return sorted(named)


@pytest.mark.parametrize(
    ("ip", "said"), [("10.0.0.7", "nobody signed in"), (None, "a command of the system")]
)
def test_an_entry_without_a_person_says_where_it_came_from(auditor, ip, said):
    entry = note()
    Entry.objects.filter(pk=entry.pk).update(ip=ip, actor="")

    assert said in text_of(auditor.get(f"/trail/?about={FIGURE}"))
