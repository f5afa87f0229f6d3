"""Four eyes on readings: one steward proposes, another confirms."""

import pytest
from django.urls import reverse

from indicators.actions import proposals
from indicators.actions.verdicts import work_off_stale
from indicators.models import ReadingProposal, TargetReading, Verdict
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_figure,
    make_indicator,
    make_post,
    make_reading,
    make_series,
    make_target,
    make_text_target,
    make_user,
)

pytestmark = pytest.mark.django_db


def make_steward(username, area=None):
    user = make_user(username)
    make_post(user, Role.STEWARD, area=area or make_area())
    return user


@pytest.fixture
def first():
    return make_steward("first")


@pytest.fixture
def second():
    return make_steward("second")


@pytest.fixture
def target():
    return make_target()


def post(client, target, measured_by, **fields):
    fields = {"series": measured_by.code, "note_zh": "口径一致", **fields}
    return client.post(reverse("indicators:reading", args=[target.code]), fields)


def decide(client, name, **fields):
    proposal = ReadingProposal.objects.get(state="proposed")
    return client.post(reverse(f"indicators:{name}_reading", args=[proposal.pk]), fields)


def test_a_proposal_counts_once_another_steward_confirms_it(client, target, first, second):
    old, new = make_series(), make_series(scope="national")
    make_reading(target, old)
    make_figure(new, 2020, "98.5")
    client.force_login(first)

    assert post(client, target, new, tolerance="0.5").status_code == 302
    assert TargetReading.objects.in_force().get().series == old
    assert decide(client, "confirm").status_code == 403
    client.force_login(second)
    assert decide(client, "confirm").status_code == 302
    work_off_stale()

    reading = TargetReading.objects.in_force().get()
    assert (reading.series, reading.read_by, reading.confirmed_by) == (new, first, second)
    assert str(reading.tolerance) == "0.500000"
    assert Verdict.objects.in_force().get(as_of=2020).status == "achieved"
    entries = Entry.objects.filter(object=f"reading:{target.code}").order_by("seq")
    assert list(entries.values_list("action", "actor")) == [
        ("propose_reading", "first"),
        ("denied", "first"),
        ("confirm_reading", "second"),
    ]
    assert entries[2].before["series"] == old.code
    assert entries[2].after["series"] == new.code


def test_a_refusal_needs_its_reason_and_changes_nothing(client, target, first, second):
    make_reading(target, make_series())
    client.force_login(first)
    post(client, target, make_series(scope="national"))
    client.force_login(second)

    assert decide(client, "refuse", reason=" ").status_code == 422
    assert decide(client, "refuse", reason="抽样范围不同").status_code == 302

    assert TargetReading.objects.in_force().get().series.scope == "all"
    proposal = ReadingProposal.objects.get()
    assert (proposal.state, proposal.decided_by) == ("refused", second)
    assert (
        "抽样范围不同"
        in client.get(reverse("indicators:reading", args=[target.code])).content.decode()
    )


def test_the_proposer_may_withdraw_his_own(client, target, first):
    client.force_login(first)
    post(client, target, make_series())

    assert decide(client, "refuse", reason="填错了").status_code == 302
    assert (ReadingProposal.objects.get().decided_by, TargetReading.objects.count()) == (None, 0)


def test_one_proposal_at_a_time(client, target, first):
    client.force_login(first)
    post(client, target, make_series())

    assert post(client, target, make_series(scope="national")).status_code == 422
    assert ReadingProposal.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        pytest.param({"series": "990000.none.all"}, "series", id="no-such-series"),
        pytest.param({"note_zh": ""}, "note_zh", id="no-note"),
        pytest.param({"tolerance": "-1"}, "tolerance", id="negative-tolerance"),
        pytest.param({"tolerance": "NaN"}, "tolerance", id="no-number"),
        pytest.param({"baseline_year": "2010"}, "baseline_value", id="half-a-baseline"),
        pytest.param({"hold_from": "20"}, "hold_from", id="no-year"),
    ],
)
def test_what_makes_no_reading_is_refused_by_field(client, target, first, fields, named):
    client.force_login(first)

    response = post(client, target, make_series(), **fields)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [named]
    assert not ReadingProposal.objects.exists()


def test_the_series_must_be_of_the_area_and_the_unit(client, target, first):
    client.force_login(first)
    count = make_series(indicator=make_indicator("count", unit="个", largest=None))
    foreign = make_series(area=make_area("980000"))

    assert post(client, target, count).status_code == 422
    assert post(client, target, foreign).status_code == 422
    assert not ReadingProposal.objects.exists()


def test_a_proposal_against_a_reading_that_changed_meanwhile_is_a_conflict(
    client, target, first, second
):
    client.force_login(first)
    post(client, target, make_series())
    make_reading(target, make_series(scope="national"))
    client.force_login(second)

    assert decide(client, "confirm").status_code == 409
    assert TargetReading.objects.in_force().get().series.scope == "national"


def test_stewards_of_other_areas_and_other_roles_keep_out(client, target, first):
    client.force_login(first)
    post(client, target, make_series())
    reviewer = make_user("reviewer")
    make_post(reviewer, Role.REVIEWER, area=target.area)
    address = reverse("indicators:reading", args=[target.code])

    for user in [make_steward("elsewhere", make_area("980000")), reviewer]:
        client.force_login(user)
        assert client.get(address).status_code == 403
        assert decide(client, "confirm").status_code == 404
        with pytest.raises(NotAllowed):
            proposals.confirm(proposal=ReadingProposal.objects.get(), by=user)
    assert Entry.objects.filter(action="denied").count() == 4


def test_targets_in_words_are_not_measured(client, first):
    client.force_login(first)

    address = reverse("indicators:reading", args=[make_text_target().code])

    assert client.get(address).status_code == 404


def test_the_list_costs_the_same_queries_at_any_length(client, first, django_assert_num_queries):
    make_reading(make_target(), make_series())
    client.force_login(first)
    address = reverse("indicators:readings")
    client.get(address)
    with django_assert_num_queries(8) as one:
        client.get(address)
    for number in range(2, 31):
        target = make_target(f"plan-2011-{number:03}")
        make_reading(target, make_series(scope=f"s{number}"))

    with django_assert_num_queries(len(one)):
        assert "plan-2011-030" in client.get(address).content.decode()
