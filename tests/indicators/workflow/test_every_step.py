"""Who may do which step in which state: each, by everybody."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from indicators.actions.workflow import Locked, StaleVersion, WrongState
from indicators.enums import State
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_department,
    make_post,
    make_user,
)
from tests.indicators.steps import (
    AFTERWARDS,
    STEPS,
    UNSIGNED,
    bring_to,
    close,
    make_hands,
    picture,
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
