"""The way of a version: who may do which step in which state, what is stored, what the trail says.

Figures and judgements go the same way, so every test here runs for both.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from indicators.actions import workflow
from indicators.actions.workflow import Locked, StaleVersion, WrongState
from indicators.enums import State
from indicators.models import RoundException
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_department,
    make_figure,
    make_official,
    make_post,
    make_signer,
    make_text_target,
    make_user,
    name_department,
)
from tests.indicators.steps import (
    KINDS,
    STEPS,
    UNSIGNED,
    YEAR,
    Figure,
    InWords,
    bring_to,
    make_hands,
    open_round,
    picture,
    trail_of,
)

pytestmark = pytest.mark.django_db

# The specification, written down once more: who may do a step, and from which states.
WHO = {
    "save": "enters",
    "submit": "enters",
    "sign": "signs",
    "recall": "sent",
    "approve": "reviews",
}
FROM = {
    "save": {"draft", "returned", "returned unsigned", "approved"},
    "submit": {"draft"},
    "sign": {"to_sign"},
    "recall": {"to_sign", "submitted"},
    "return": {"to_sign", "submitted"},
    "approve": {"submitted"},
}
AFTERWARDS = {
    "save": "draft",
    "submit": "to_sign",
    "sign": "submitted",
    "recall": "draft",
    "return": "returned",
    "approve": "approved",
}
# Who had it in his hands when it came to that state, and so neither signs nor decides on it.
HANDS = {
    "draft": {"author"},
    "to_sign": {"author", "sender"},
    "submitted": {"author", "sender", "who signed"},
    "returned": {"author", "sender", "who signed"},
    "returned unsigned": {"author", "sender"},
    "recalled": {"author", "sender"},
    "approved": {"author", "sender", "who signed"},
}
SENT = {state: "sender" for state in HANDS if state != "draft"}
# What is refused once the round has closed: what a reviewer returned stays open, and so does what
# is in force, since its next version is a correction.
AFTER_CLOSING = {
    ("save", "draft"): "Locked",
    ("save", "returned unsigned"): "Locked",
    ("submit", "draft"): "Locked",
    ("recall", "to_sign"): "TooLateToRecall",
    ("recall", "submitted"): "TooLateToRecall",
}


def specified(state, step, person, rights, *, is_closed):
    """What comes of it; `rights` are what the person's posts give: enters, signs, reviews, and
    signs too for another department that reports the cell."""
    needed = WHO.get(step) or ("signs" if state == "to_sign" else "reviews")
    if needed == "sent":
        allowed = SENT.get(state) == person and "enters" in rights
    elif needed == "enters":
        allowed = "enters" in rights
    else:
        allowed = needed in rights and person not in HANDS[state]
        # Before anybody has sent it, nobody knows whose it is.
        allowed = allowed or (needed == "signs" and state == "draft" and "signs too" in rights)
    if not allowed:
        return "NotAllowed"
    if state == "recalled":
        return "StaleVersion"  # the draft that followed took its place
    if step == "submit" and SENT.get(state) == person and state in {"to_sign", "submitted"}:
        return "as it stands"  # a doubled submit
    if state not in FROM[step]:
        return "WrongState"
    return AFTER_CLOSING.get((step, state), "done") if is_closed else "done"


@pytest.fixture
def department():
    return make_department()


@pytest.fixture
def hands(department):
    return make_hands(department)


@pytest.fixture(params=KINDS, ids=["figure", "judgement"])
def kind(request):
    return request.param


@pytest.fixture
def thing(kind, department):
    open_round(department)
    return kind(department)


def everybody(department, hands, *, beside):
    """Name → person and rights: those through whose hands it went hold all three posts, others
    each post of each place. beside: another department that reports the cell."""
    foreign = make_department(name_zh="省林业厅")
    far = make_department(make_area("980000"), name_zh="省水利厅")
    successor = make_department(name_zh="省农业农村厅")
    department.successor = successor
    department.save(update_fields=["successor"])
    yesterday, tomorrow = timezone.localdate() - timedelta(1), timezone.localdate() + timedelta(1)
    enters, signs, reviews = {"enters"}, {"signs"}, {"reviews"}
    every = enters | signs | reviews
    found = {
        "author": (hands.author, every),
        "sender": (hands.sender, every),
        "who signed": (hands.signer, every),
        "who decided": (hands.reviewer, every),
    }
    own = {
        Role.OFFICIAL: (department, enters),
        Role.SIGNER: (department, signs),
        Role.REVIEWER: (None, reviews),
    }
    posts = {
        **{role: [(role, *own.get(role, (None, set())), {})] for role in Role.values},
        "all three": [(role, at, rights, {}) for role, (at, rights) in own.items()],
        "official of the successor": [(Role.OFFICIAL, successor, enters, {})],
        "signer of the successor": [(Role.SIGNER, successor, signs, {})],
        "official of the other that reports": [(Role.OFFICIAL, beside, enters, {})],
        "signer of the other that reports": [(Role.SIGNER, beside, {"signs too"}, {})],
        "official elsewhere": [(Role.OFFICIAL, foreign, set(), {})],
        "signer elsewhere": [(Role.SIGNER, foreign, set(), {})],
        "official far away": [(Role.OFFICIAL, far, set(), {})],
        "signer far away": [(Role.SIGNER, far, set(), {})],
        "reviewer far away": [(Role.REVIEWER, None, set(), {"area": far.area})],
        "until yesterday": [
            (role, at, set(), {"to_date": yesterday}) for role, (at, _rights) in own.items()
        ],
        "from tomorrow": [
            (role, at, set(), {"from_date": tomorrow}) for role, (at, _rights) in own.items()
        ],
        "requested": [
            (role, at, set(), {"granted_at": None}) for role, (at, _rights) in own.items()
        ],
        "nobody": [],
    }
    for name, held in posts.items():
        user = make_user(f"person {name}")
        for role, at, _rights, fields in held:
            area = fields.get("area") or (at or department).area
            make_post(user, role, department=at, **{**fields, "area": area})
        found[name] = (user, set().union(*(rights for _role, _at, rights, _fields in held)))
    return found


def attempted(step, thing, version, by, before):
    """What came of the step, whether anything changed, and what was stored; then undone."""
    fresh = thing.versions.objects.get(pk=version.pk)
    with transaction.atomic():
        try:
            with transaction.atomic():
                outcome, after = "done", STEPS[step](thing, fresh, by)
        except (NotAllowed, WrongState, StaleVersion, Locked) as refused:
            outcome, after = type(refused).__name__, None
        changed = picture() != before
        stored = after and thing.versions.objects.get(pk=after.pk).state
        entries = [(each.action, each.actor) for each in Entry.objects.all()[len(before[-1]) :]]
        transaction.set_rollback(True)
    return outcome, changed, stored, entries


@pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize("state", [*State.values, UNSIGNED])
def test_every_step_in_every_state_by_everybody(thing, department, state, is_closed):
    beside = make_department(name_zh="省海洋厅")
    thing.reported_too_by(beside)
    version = bring_to(state, thing, hands := make_hands(department, every_post=True))
    people = everybody(department, hands, beside=beside)
    assert set(Role.values) < set(people)
    assert set(HANDS) == {*State.values, UNSIGNED}
    if is_closed:
        close(department)

    before = picture()
    found = {
        (step, name): attempted(step, thing, version, user, before)
        for step in STEPS
        for name, (user, _rights) in people.items()
    }

    wanted = {}
    for step, name in found:
        user, rights = people[name]
        outcome = specified(state, step, name, rights, is_closed=is_closed)
        if outcome == "done":
            wanted[step, name] = ("done", True, AFTERWARDS[step], [(step, user.username)])
        elif outcome == "as it stands":
            wanted[step, name] = ("done", False, version.state, [])
        else:
            wanted[step, name] = (outcome, False, None, [])
    assert found == wanted
    assert picture() == before


def in_force(thing):
    return thing.cells.objects.get().in_force


def working(thing):
    return thing.cells.objects.get().working


def test_the_way_to_the_approved_figure(thing, hands):
    version = bring_to(State.APPROVED, thing, hands)

    stored = thing.versions.objects.get()
    assert stored == version == in_force(thing) == working(thing)
    assert (stored.number, stored.state, thing.said_in(stored)) == (1, "approved", thing.first)
    assert (stored.entered_by, stored.submitted_by) == (hands.author, hands.sender)
    assert (stored.signed_by, stored.reviewed_by) == (hands.signer, hands.reviewer)
    assert stored.entered_at < stored.submitted_at < stored.signed_at < stored.reviewed_at
    assert (stored.correction_reason, stored.return_reason, stored.recalled_at) == ("", "", None)
    assert thing.stale().count() == 1


def test_the_trail_of_the_way(thing, hands):
    bring_to(State.APPROVED, thing, hands)

    entries = Entry.objects.filter(object=thing.about).order_by("seq")
    states = [
        (each.action, each.actor, each.role, each.before and each.before["state"])
        for each in entries
    ]
    assert states == [
        ("save", hands.author.username, "official", None),
        ("submit", hands.sender.username, "official", "draft"),
        ("sign", hands.signer.username, "signer", "to_sign"),
        ("approve", hands.reviewer.username, "reviewer", None),
    ]
    assert [(each.after["version"], each.after["state"]) for each in entries] == [
        (1, "draft"),
        (1, "to_sign"),
        (1, "submitted"),
        (1, "approved"),
    ]
    said = {"value": "62.10"} if isinstance(thing, Figure) else {"narrative": "制度已建立"}
    for each in entries:
        assert said.items() <= each.after.items()
    assert Entry.objects.count() == 4


def test_only_an_approval_puts_in_force_and_marks_stale(thing, hands):
    bring_to(State.RETURNED, thing, hands)

    assert in_force(thing) is None
    assert thing.stale().count() == 0


def anywhere(name_zh):
    return make_department(name_zh=name_zh)


@pytest.mark.parametrize(
    "held",
    [
        pytest.param(lambda department: None, id="nobody"),
        pytest.param(lambda department: {"department": anywhere("省林业厅")}, id="elsewhere"),
        pytest.param(
            lambda department: {
                "department": department,
                "to_date": timezone.localdate() - timedelta(1),
            },
            id="until-yesterday",
        ),
        pytest.param(
            lambda department: {
                "department": department,
                "from_date": timezone.localdate() + timedelta(1),
            },
            id="from-tomorrow",
        ),
        pytest.param(lambda department: {"department": department, "granted_at": None}, id="asked"),
    ],
)
def test_submit_goes_to_the_reviewers_where_nobody_signs(thing, department, held):
    if fields := held(department):
        make_post(make_user("late signer"), Role.SIGNER, **fields)
    official = make_official(department=department)

    version = thing.submit(thing.save(by=official), official)

    assert version.state == State.SUBMITTED
    assert (version.submitted_by, version.signed_by) == (official, None)


def test_submit_goes_to_the_signer_of_what_took_the_departments_place(thing, department):
    successor = anywhere("省农业农村厅")
    department.successor = successor
    department.save(update_fields=["successor"])
    official = make_official(department=successor)
    signer = make_signer(department=successor)

    version = thing.submit(thing.save(by=official), official)

    assert version.state == State.TO_SIGN
    assert workflow.sign(version=version, by=signer).state == State.SUBMITTED


@pytest.mark.parametrize("named", [0, 2])
def test_what_several_may_judge_is_signed_where_its_sender_has_a_signer(department, named):
    """A document that names several departments, or none so that all of the area may judge."""
    other = anywhere("省林业厅")
    make_signer(department=other)
    target = make_text_target()
    for each in [department, other][:named]:
        name_department(target, each)
    open_round(department)
    thing = InWords(department)
    thing.target = target
    official, forester = make_official(department=department), make_official("forester", other)

    first = thing.submit(thing.save(by=official), official)
    draft = workflow.recall(version=first, by=official)
    mended = thing.save(thing.second, by=forester, read=draft.number)
    second = thing.submit(mended, forester)

    assert (first.state, second.state) == (State.SUBMITTED, State.TO_SIGN)


# Recall


@pytest.mark.parametrize("state", [State.TO_SIGN, State.SUBMITTED])
def test_recall_leaves_a_draft_that_says_the_same(thing, hands, state):
    sent = bring_to(state, thing, hands)

    draft = workflow.recall(version=sent, by=hands.sender)

    sent.refresh_from_db()
    assert (sent.number, sent.state, sent.submitted_by) == (1, "recalled", hands.sender)
    assert sent.recalled_at is not None
    assert draft == thing.versions.objects.get(number=2) == working(thing)
    assert draft.state == State.DRAFT
    assert {name: getattr(draft, name) for name in draft.COPIED} == {
        name: getattr(sent, name) for name in sent.COPIED
    }
    assert (draft.submitted_by, draft.submitted_at, draft.signed_by) == (None, None, None)
    assert trail_of(thing)[-1] == ("recall", hands.sender.username, 2)


def test_recall_leaves_the_authors_name_on_what_he_entered(thing, hands):
    make_post(hands.author, Role.REVIEWER)
    sent = bring_to(State.SUBMITTED, thing, hands)
    draft = workflow.recall(version=sent, by=hands.sender)
    sent_again = workflow.sign(version=thing.submit(draft, hands.sender), by=hands.signer)

    with pytest.raises(NotAllowed):
        workflow.approve(version=sent_again, by=hands.author)

    assert (draft.entered_by, draft.entered_at) == (sent.entered_by, sent.entered_at)


def test_recall_keeps_the_reason_of_a_correction(thing, hands):
    bring_to(State.APPROVED, thing, hands)
    draft = thing.save(thing.second, by=hands.author, read=1, reason="原数有误")
    sent = thing.submit(draft, hands.sender)

    draft = workflow.recall(version=sent, by=hands.sender)

    assert draft.correction_reason == "原数有误"
    assert thing.submit(draft, hands.sender).state == State.TO_SIGN


def test_recall_is_not_for_a_sender_who_left_the_department(thing, hands):
    sent = bring_to(State.SUBMITTED, thing, hands)
    hands.sender.posts.update(to_date=timezone.localdate() - timedelta(1))
    before = picture()

    with pytest.raises(NotAllowed):
        workflow.recall(version=sent, by=hands.sender)

    assert picture() == before


# Return


@pytest.mark.parametrize("reason", ["", "  \n", "\u200b\u202e"])
@pytest.mark.parametrize("state", [State.TO_SIGN, State.SUBMITTED])
def test_return_needs_a_reason(thing, hands, state, reason):
    version = bring_to(state, thing, hands)
    by = hands.signer if state == State.TO_SIGN else hands.reviewer
    before = picture()

    with pytest.raises(ValidationError) as refused:
        workflow.return_to_official(version=version, by=by, reason=reason)

    assert list(refused.value.error_dict) == ["reason"]
    assert picture() == before


@pytest.mark.parametrize(
    ("state", "role"), [(State.TO_SIGN, "signer"), (State.SUBMITTED, "reviewer")]
)
def test_return_says_who_and_why(thing, hands, state, role):
    version = bring_to(state, thing, hands)
    by = getattr(hands, role)

    returned = workflow.return_to_official(version=version, by=by, reason="口径不符")

    returned.refresh_from_db()
    assert (returned.state, returned.reviewed_by) == ("returned", by)
    assert (returned.return_reason, thing.said_in(returned)) == ("口径不符", thing.first)
    entry = Entry.objects.last()
    assert (entry.action, entry.actor, entry.role) == ("return", by.username, role)
    assert (entry.before["state"], entry.after["state"]) == (state, "returned")
    assert entry.reason == "口径不符"


def test_a_returned_version_is_mended_by_the_next_one(thing, hands):
    bring_to(State.RETURNED, thing, hands)

    mended = thing.save(thing.second, by=hands.author, read=1)
    sent = workflow.sign(version=thing.submit(mended, hands.sender), by=hands.signer)
    approved = workflow.approve(version=sent, by=hands.reviewer)

    assert in_force(thing) == approved
    versions = thing.versions.objects.order_by("number")
    assert [(each.number, each.state, thing.said_in(each)) for each in versions] == [
        (1, "returned", thing.first),
        (2, "approved", thing.second),
    ]
    assert [number for _action, _actor, number in trail_of(thing)] == [1, 1, 1, 1, 2, 2, 2, 2]


# Versions that were read


def test_a_stale_save_is_told_the_newer_version(thing, hands):
    first = thing.save(by=hands.author)
    newer = thing.save(thing.second, by=hands.sender, read=1)
    before = picture()

    with pytest.raises(StaleVersion) as refused:
        thing.save(thing.second, by=hands.author, read=1)

    assert refused.value.newer == newer
    assert picture() == before
    assert first.number == 1


def test_a_replaced_draft_is_not_sent(thing, hands):
    first = thing.save(by=hands.author)
    newer = thing.save(thing.second, by=hands.sender, read=1)
    before = picture()

    with pytest.raises(StaleVersion) as refused:
        thing.submit(first, hands.author)

    assert refused.value.newer == newer
    assert picture() == before


def test_a_doubled_save_is_one_version(thing, hands):
    first = thing.save(by=hands.author)
    before = picture()

    assert thing.save(by=hands.author) == first
    assert picture() == before


@pytest.mark.parametrize("state", [State.TO_SIGN, State.SUBMITTED])
def test_a_doubled_save_and_submit_is_one_version(thing, hands, state):
    """The second click arrives when the first one has sent it on already."""
    sent = bring_to(state, thing, make_hands_of_one(hands))
    before = picture()

    again = thing.submit(thing.save(by=hands.author), hands.author)

    assert (again, again.state) == (sent, state)
    assert picture() == before


def make_hands_of_one(hands):
    """The author sends it himself."""
    return type(hands)(hands.author, hands.author, hands.signer, hands.reviewer)


@pytest.mark.parametrize("state", [State.RETURNED, State.APPROVED])
def test_what_was_decided_meanwhile_is_no_doubled_save(thing, hands, state):
    decided = bring_to(state, thing, hands)

    with pytest.raises(StaleVersion) as refused:
        thing.save(by=hands.author)

    assert refused.value.newer == decided


def test_the_same_said_by_somebody_else_is_no_doubled_save(thing, hands):
    thing.save(by=hands.author)

    with pytest.raises(StaleVersion):
        thing.save(by=hands.sender)


def test_the_same_said_for_another_reason_is_no_doubled_save(thing, hands):
    bring_to(State.APPROVED, thing, hands)
    thing.save(thing.second, by=hands.author, read=1, reason="原数有误")

    with pytest.raises(StaleVersion):
        thing.save(thing.second, by=hands.author, read=1, reason="统计局修订")


# Corrections


@pytest.mark.parametrize("reason", ["", " \n", "\u200b\u202e"])
def test_a_correction_needs_a_reason(thing, hands, reason):
    bring_to(State.APPROVED, thing, hands)
    before = picture()

    with pytest.raises(ValidationError) as refused:
        thing.save(thing.second, by=hands.author, read=1, reason=reason)

    assert list(refused.value.error_dict) == ["correction_reason"]
    assert picture() == before


@pytest.mark.parametrize(
    ("reason", "code"),
    [("原\x07因", "control"), ("长" * 2001, "too_long")],
    ids=["control", "long"],
)
def test_a_reason_is_a_text_of_ours(thing, hands, reason, code):
    sent = bring_to(State.SUBMITTED, thing, hands)

    with pytest.raises(ValidationError) as returned:
        workflow.return_to_official(version=sent, by=hands.reviewer, reason=reason)
    workflow.approve(version=sent, by=hands.reviewer)
    with pytest.raises(ValidationError) as corrected:
        thing.save(thing.second, by=hands.author, read=1, reason=reason)

    for refused, name in [(returned, "reason"), (corrected, "correction_reason")]:
        [error] = refused.value.error_dict[name]
        assert error.code == code


def test_reasons_are_stored_without_what_cannot_be_seen(thing, hands):
    sent = bring_to(State.SUBMITTED, thing, hands)
    workflow.approve(version=sent, by=hands.reviewer)
    draft = thing.save(
        thing.second, by=hands.author, read=1, reason="\u200b 原数\u202e有误\r\n详见附件 "
    )
    sent = workflow.sign(version=thing.submit(draft, hands.sender), by=hands.signer)
    returned = workflow.return_to_official(
        version=sent, by=hands.reviewer, reason="\u2066口径不符\u2069"
    )

    assert draft.correction_reason == "原数有误\n详见附件"
    assert returned.return_reason == "口径不符"
    assert Entry.objects.get(action="return").reason == "口径不符"


def test_a_first_figure_has_no_correction_reason(thing, hands):
    version = thing.save(by=hands.author, reason="原数有误")

    assert (version.correction_reason, version.is_correction) == ("", False)


def test_the_approved_one_stays_in_force_until_the_correction_is_approved(thing, hands):
    approved = bring_to(State.APPROVED, thing, hands)
    steps = [
        lambda _before: thing.save(thing.second, by=hands.author, read=1, reason="原数有误"),
        lambda before: thing.submit(before, hands.sender),
        lambda before: workflow.sign(version=before, by=hands.signer),
    ]
    version, seen = None, []
    for step in steps:
        version = step(version)
        seen.append((version.state, in_force(thing), thing.stale().count()))

    corrected = workflow.approve(version=version, by=hands.reviewer)

    assert seen == [("draft", approved, 1), ("to_sign", approved, 1), ("submitted", approved, 1)]
    assert in_force(thing) == corrected
    assert thing.stale().count() == 2
    entry = Entry.objects.last()
    assert (entry.action, entry.reason) == ("approve", "原数有误")
    assert (entry.before["version"], entry.before["state"]) == (1, "approved")
    assert (entry.after["version"], entry.after["state"]) == (2, "approved")


def test_the_replaced_one_stays_readable_for_everybody(thing, hands):
    bring_to(State.APPROVED, thing, hands)
    draft = thing.save(thing.second, by=hands.author, read=1, reason="原数有误")
    sent = workflow.sign(version=thing.submit(draft, hands.sender), by=hands.signer)
    workflow.approve(version=sent, by=hands.reviewer)

    readable = thing.versions.objects.readable_by(make_user("somebody")).order_by("number")

    assert [(each.number, thing.said_in(each)) for each in readable] == [
        (1, thing.first),
        (2, thing.second),
    ]


def test_a_returned_correction_leaves_in_force_what_was(thing, hands):
    approved = bring_to(State.APPROVED, thing, hands)
    draft = thing.save(thing.second, by=hands.author, read=1, reason="原数有误")
    sent = workflow.sign(version=thing.submit(draft, hands.sender), by=hands.signer)

    returned = workflow.return_to_official(version=sent, by=hands.reviewer, reason="依据不足")

    assert (in_force(thing), working(thing)) == (approved, returned)
    with pytest.raises(ValidationError):
        thing.save(thing.second, by=hands.author, read=2)


def test_a_loaded_figure_is_corrected_like_one_that_was_approved(department, hands):
    figure = Figure(department)
    loaded = make_figure(figure.series, YEAR, "61.5")

    draft = figure.save("62.10", by=hands.author, read=1, reason="统计局修订")

    assert (draft.number, draft.state, draft.correction_reason) == (2, "draft", "统计局修订")
    assert in_force(figure) == loaded
    assert Entry.objects.get().before["value"] == "61.5"


# Closed rounds


SAVE_AND_SUBMIT = pytest.mark.parametrize("step", ["save", "submit"])


def closing(department, at):
    """A round that closes at that moment, open since a month before."""
    return open_round(
        department,
        opens_at=at - timedelta(30),
        due_at=at - timedelta(1),
        closes_at=at,
    )


def at(monkeypatch, moment):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


# Midnight in Beijing after New Year's Eve, when the clock of the database says 16:00.
MIDNIGHT = datetime(2025, 12, 31, 16, 0, 0, tzinfo=UTC)
ONE_SECOND = timedelta(seconds=1)


@SAVE_AND_SUBMIT
@pytest.mark.parametrize(
    ("moment", "outcome"),
    [
        pytest.param(MIDNIGHT - ONE_SECOND, None, id="15:59:59Z"),
        pytest.param(MIDNIGHT, Locked, id="16:00:00Z"),
    ],
)
def test_a_round_closes_at_the_second(kind, department, hands, monkeypatch, step, moment, outcome):
    closing(department, MIDNIGHT)
    thing = kind(department)
    at(monkeypatch, MIDNIGHT - timedelta(2))
    draft = thing.save(by=hands.author)
    at(monkeypatch, moment)
    before = picture()

    if outcome is None:
        version = STEPS[step](thing, draft, hands.author)
        assert version.state == AFTERWARDS[step]
    else:
        with pytest.raises(outcome):
            STEPS[step](thing, draft, hands.author)
        assert picture() == before


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        pytest.param(MIDNIGHT - ONE_SECOND, False, id="15:59:59Z"),
        pytest.param(MIDNIGHT, True, id="16:00:00Z"),
    ],
)
def test_a_round_opens_at_the_second(kind, department, hands, monkeypatch, moment, is_open):
    open_round(
        department,
        opens_at=MIDNIGHT,
        due_at=MIDNIGHT + timedelta(30),
        closes_at=MIDNIGHT + timedelta(40),
    )
    thing = kind(department)
    at(monkeypatch, moment)

    if is_open:
        assert thing.save(by=hands.author).number == 1
    else:
        with pytest.raises(Locked):
            thing.save(by=hands.author)
        assert thing.cells.objects.count() == 0


@pytest.mark.parametrize(
    "round_of",
    [
        pytest.param(lambda department: None, id="no-round"),
        pytest.param(lambda department: open_round(department, YEAR - 1), id="of-another-year"),
        pytest.param(
            lambda department: open_round(make_department(make_area("980000"))), id="elsewhere"
        ),
    ],
)
def test_what_no_round_asks_for_is_not_entered(kind, department, hands, round_of):
    round_of(department)
    thing = kind(department)

    with pytest.raises(Locked):
        thing.save(by=hands.author)

    assert thing.versions.objects.count() == 0
    assert Entry.objects.count() == 0


def test_a_correction_needs_no_round(thing, department, hands, monkeypatch):
    bring_to(State.APPROVED, thing, hands)
    close(department)

    draft = thing.save(thing.second, by=hands.author, read=1, reason="原数有误")
    sent = workflow.sign(version=thing.submit(draft, hands.sender), by=hands.signer)

    assert workflow.approve(version=sent, by=hands.reviewer) == in_force(thing)


def test_what_was_sent_in_time_is_signed_and_decided_on_afterwards(thing, department, hands):
    sent = bring_to(State.TO_SIGN, thing, hands)
    close(department)

    signed = workflow.sign(version=sent, by=hands.signer)

    assert workflow.approve(version=signed, by=hands.reviewer).state == State.APPROVED


def close(department):
    now = timezone.now()
    department.area.rounds.update(closes_at=now - ONE_SECOND, due_at=now - timedelta(1))


def test_what_was_returned_stays_open_until_it_is_decided_on(thing, department, hands):
    bring_to(State.RETURNED, thing, hands)
    close(department)

    mended = thing.save(thing.second, by=hands.author, read=1)
    sent = workflow.sign(version=thing.submit(mended, hands.sender), by=hands.signer)
    workflow.approve(version=sent, by=hands.reviewer)

    with pytest.raises(ValidationError):
        thing.save(thing.first, by=hands.author, read=2)


def grant(department, until, year=YEAR):
    one = department.area.rounds.get(year_rows__year=year)
    return RoundException.objects.create(
        round=one,
        department=department,
        until=until,
        reason="机构改革",
        granted_by=make_user("steward"),
    )


@SAVE_AND_SUBMIT
def test_an_exception_opens_for_its_department_until_its_end(
    kind, department, hands, monkeypatch, step
):
    closing(department, MIDNIGHT - timedelta(10))
    thing = kind(department)
    at(monkeypatch, MIDNIGHT - timedelta(11))
    draft = thing.save(by=hands.author)
    grant(department, until=MIDNIGHT)

    at(monkeypatch, MIDNIGHT - ONE_SECOND)
    assert STEPS[step](thing, draft, hands.author).state == AFTERWARDS[step]
    at(monkeypatch, MIDNIGHT)
    with pytest.raises(Locked):
        kind(department).save(by=hands.author)


def test_an_exception_does_not_open_for_another_department(kind, department, hands):
    """Not even for somebody who enters for both."""
    other = anywhere("省林业厅")
    make_post(hands.author, Role.OFFICIAL, department=other)
    open_round(department)
    close(department)
    grant(other, until=timezone.now() + timedelta(1))

    with pytest.raises(Locked):
        kind(department).save(by=hands.author)

    assert kind(other).save(by=hands.author).number == 1


def test_an_exception_for_a_successor_opens_what_its_predecessor_reported(kind, department):
    successor = anywhere("省农业农村厅")
    department.successor = successor
    department.save(update_fields=["successor"])
    official = make_official(department=successor)
    open_round(department)
    close(department)
    grant(successor, until=timezone.now() + timedelta(1))

    assert kind(department).save(by=official).number == 1
