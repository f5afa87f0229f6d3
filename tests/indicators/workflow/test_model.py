"""One cell, and people who do anything at any time, against a model of a few lines."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from indicators.actions import workflow
from indicators.actions.workflow import Locked, StaleVersion, TooLateToRecall, WrongState
from indicators.models import Round
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Post, Role
from targets_site.audit.models import Entry
from tests.factories import make_department, make_post, make_user
from tests.indicators.steps import KINDS, open_round, picture

REFUSALS = (NotAllowed, StaleVersion, WrongState, Locked, TooLateToRecall, ValidationError)
POSTS = {
    "official": [Role.OFFICIAL],
    "colleague": [Role.OFFICIAL],
    "signer": [Role.SIGNER],
    "reviewer": [Role.REVIEWER],
    "everything": [Role.OFFICIAL, Role.SIGNER, Role.REVIEWER],
    "both": [Role.OFFICIAL, Role.REVIEWER],
    "leader": [Role.LEADER],
    "nobody": [],
}
SIGNERS = ("signer", "everything")
WAITING = ("to_sign", "submitted")
# In the order in which hypothesis prefers them: what goes far first.
GO_ON = ["approve", "sign", "submit", "return", "recall"]
people = st.sampled_from(list(POSTS))
# Mostly those who can do something.
likely = st.one_of(st.sampled_from(["official", "colleague", "signer", "reviewer"]), people)


def statements(version):
    """The source of each figure and the outcome of each judgement are the same in all of them."""
    return {version["said"], version["reason"], "the same in all"} - {""}


class OneCell(RuleBasedStateMachine):
    """`versions` is the model: one dictionary a version, the first one is number 1."""

    kind = KINDS[0]

    @initialize()
    def start(self):
        self.savepoint = transaction.savepoint()
        department = make_department()
        self.people = {}
        for name, roles in POSTS.items():
            self.people[name] = make_user(name)
            for role in roles:
                at = department if role in {Role.OFFICIAL, Role.SIGNER} else None
                make_post(self.people[name], role, department.area, at)
        self.round = open_round(department)
        self.thing = self.kind(department)
        self.versions, self.in_force, self.entries = [], None, []
        self.is_open, self.signers = True, SIGNERS

    def teardown(self):
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    # What the model says

    @property
    def newest(self):
        return self.versions[-1] if self.versions else None

    def holds(self, name, role):
        return role in POSTS[name] and (role != Role.SIGNER or name in self.signers)

    def may_be_entered(self):
        since = self.versions[self.in_force or 0 :]
        # What its own signer returned has never been asked back.
        return self.is_open or any(each["returned by"] == "reviewer" for each in since)

    def refusal_of_save(self, name, said, read, reason):
        if not self.holds(name, Role.OFFICIAL):
            return NotAllowed
        if (read or 0) != len(self.versions):
            same = self.newest and (self.newest["said"], self.newest["author"]) == (said, name)
            same = same and self.newest["reason"] == (reason if self.in_force else "")
            undecided = self.newest and self.newest["state"] in ("draft", *WAITING)
            repeated = (read or 0) + 1 == len(self.versions) and same and undecided
            return "repeated" if repeated else StaleVersion
        if self.newest and self.newest["state"] in WAITING:
            return WrongState
        if not self.in_force and not self.may_be_entered():
            return Locked
        if self.in_force and not reason:
            return ValidationError
        # Nothing new was said of the draft that was read.
        is_as_read = (
            self.newest and self.newest["state"] == "draft" and self.is_as_stored(said, reason)
        )
        return "repeated" if is_as_read else None

    def is_as_stored(self, said, reason):
        stored = (self.newest["said"], self.newest["reason"])
        return stored == (said, reason if self.in_force else "")

    def hands_of(self, number):
        """Who sent or signed the version, or entered something that it says and what is in force
        does not."""
        version, since = self.versions[number - 1], self.in_force or 0
        # What all versions say alike counts from the first approval on as in force.
        decided = statements(self.versions[since - 1]) if since else set()
        stands = statements(version) - decided
        earlier = [each for each in self.versions[since : number - 1] if statements(each) & stands]
        authors = {each["author"] for each in [version, *earlier]}
        return authors | {version["sender"], version["signer"]}

    def refusal_of_step(self, step, name, number):
        version, is_newest = self.versions[number - 1], number == len(self.versions)
        hands = self.hands_of(number)
        needed = {"submit": Role.OFFICIAL, "recall": Role.OFFICIAL, "sign": Role.SIGNER}
        to_sign = step == "return" and version["state"] == "to_sign"
        role = needed.get(step, Role.SIGNER if to_sign else Role.REVIEWER)
        decides = step in {"sign", "return", "approve"}
        if not self.holds(name, role) or (decides and name in hands):
            return NotAllowed
        if step == "recall" and version["sender"] != name:
            return NotAllowed
        if not is_newest:
            return StaleVersion
        if step == "submit" and version["state"] in WAITING and version["sender"] == name:
            return "repeated"
        expected = {
            "submit": ["draft"],
            "sign": ["to_sign"],
            "recall": WAITING,
            "return": WAITING,
            "approve": ["submitted"],
        }
        if version["state"] not in expected[step]:
            return WrongState
        if not version["reason"] and not self.may_be_entered():
            return {"submit": Locked, "recall": TooLateToRecall}.get(step)
        return None

    # What people do

    @rule(
        how=st.sampled_from(["as allowed", "as allowed", "save", "go on"]),
        step=st.sampled_from(GO_ON),
        name=likely,
        second=st.booleans(),
        behind=st.sampled_from([0, 0, 0, 1, 2]),
        reason=st.booleans(),
        chosen=st.integers(0, 15),
    )
    def somebody_acts(self, how, step, name, second, behind, reason, chosen):
        allowed = [each for each in self.allowed() if how == "as allowed"]
        if allowed:
            # Every other time the first one: the step that goes furthest.
            self.go_on(*allowed[max(0, chosen - 8) % len(allowed)], len(self.versions))
        elif how == "go on" and len(self.versions) > behind:
            self.go_on(step, name, len(self.versions) - behind)
        else:
            self.save(name, second=second, behind=behind, reason="原数有误" if reason else "")

    def allowed(self):
        """Steps and people that the model lets go on; else nothing would come to its end."""
        newest = len(self.versions)
        return [
            (step, name)
            for step in GO_ON
            for name in POSTS
            if newest and self.refusal_of_step(step, name, newest) is None
        ]

    def save(self, name, *, second, behind, reason):
        said = self.thing.second if second else self.thing.first
        read = max(0, len(self.versions) - behind)
        refusal = self.refusal_of_save(name, said, read, reason)
        stored = self.try_it(
            refusal,
            lambda by: self.thing.save(said, by=by, read=read or None, reason=reason),
            name,
        )
        if refusal is None:
            author = name
            if (
                self.newest
                and self.newest["state"] == "returned"
                and self.is_as_stored(said, reason)
            ):
                author = self.newest["author"]
            self.append(said, author=author, reason=reason if self.in_force else "")
            self.entries.append(("save", name, len(self.versions)))
        if stored:
            assert stored.number == len(self.versions)

    def go_on(self, step, name, number):
        refusal = self.refusal_of_step(step, name, number)
        version = self.thing.versions.objects.get(number=number)
        do = {
            "submit": lambda by: self.thing.submit(version, by),
            "sign": lambda by: workflow.sign(version=version, by=by),
            "recall": lambda by: workflow.recall(version=version, by=by),
            "return": lambda by: workflow.return_to_official(
                version=version, by=by, reason="口径不符"
            ),
            "approve": lambda by: workflow.approve(version=version, by=by),
        }
        self.try_it(refusal, do[step], name)
        if refusal is None:
            self.move(step, name, self.newest)

    @rule(what=st.sampled_from([None, SIGNERS, ("everything",), ()]))
    def something_changes(self, what):
        """The round opens or closes, or the signers' posts are given or end: one of them enters
        figures too, and where nobody else signs he does not sign those."""
        if what is None:
            now, self.is_open = timezone.now(), not self.is_open
            ends = now + timedelta(1) if self.is_open else now - timedelta(seconds=1)
            Round.objects.filter(pk=self.round.pk).update(closes_at=ends, due_at=ends)
        else:
            self.signers = what
            posts = Post.objects.filter(role=Role.SIGNER)
            posts.update(to_date=timezone.localdate() - timedelta(1))
            posts.filter(user__in=[self.people[name] for name in what]).update(to_date=None)

    def try_it(self, refusal, do, name):
        before = picture()
        if refusal in REFUSALS:
            with pytest.raises(refusal), transaction.atomic():
                do(self.people[name])
            assert picture() == before
            return None
        stored = do(self.people[name])
        assert (picture() == before) == (refusal == "repeated")
        return stored

    def append(self, said, *, author, reason):
        version = {"state": "draft", "said": said, "author": author, "reason": reason}
        self.versions.append({**version, "sender": None, "signer": None, "returned by": None})

    def move(self, step, name, version):
        if step == "submit":
            version["sender"] = name
            others = set(self.signers) - self.hands_of(len(self.versions))
            version["state"] = "to_sign" if others else "submitted"
        elif step == "sign":
            version["signer"], version["state"] = name, "submitted"
        elif step == "recall":
            version["state"] = "recalled"
            self.append(version["said"], author=version["author"], reason=version["reason"])
        elif step == "return":
            role = "signer" if version["state"] == "to_sign" else "reviewer"
            version["state"], version["returned by"] = "returned", role
        else:
            version["state"], self.in_force = "approved", len(self.versions)
        self.entries.append((step, name, len(self.versions)))

    # What must hold after every step

    @invariant()
    def as_the_model_says(self):
        if not hasattr(self, "thing"):
            return
        stored = self.thing.versions.objects.order_by("number").select_related(
            "entered_by", "submitted_by", "signed_by"
        )
        assert [each.number for each in stored] == list(range(1, len(self.versions) + 1))
        assert [
            {
                "state": each.state,
                "said": self.thing.said_in(each),
                "author": each.entered_by.username,
                "reason": each.correction_reason,
                "sender": each.submitted_by and each.submitted_by.username,
                "signer": each.signed_by and each.signed_by.username,
                "returned by": {None: None, True: "signer", False: "reviewer"}[
                    each.returned_by_signer if each.state == "returned" else None
                ],
            }
            for each in stored
        ] == self.versions
        cell = self.thing.cells.objects.select_related("in_force", "working").first()
        assert (cell and cell.working and cell.working.number) == (len(self.versions) or None)
        assert (cell and cell.in_force and cell.in_force.number) == self.in_force

    @invariant()
    def the_last_approved_one_is_in_force(self):
        if not hasattr(self, "thing") or not self.thing.cells.objects.exists():
            return
        approved = self.thing.versions.objects.filter(state="approved").order_by("number").last()
        assert self.thing.cells.objects.get().in_force == approved
        decisions = [entry for entry in self.entries if entry[0] == "approve"]
        assert self.thing.stale().count() == len(decisions)

    @invariant()
    def every_step_stands_in_the_trail_once(self):
        if not hasattr(self, "thing"):
            return
        entries = Entry.objects.filter(object=self.thing.about).order_by("seq")
        found = [(each.action, each.actor, each.after["version"]) for each in entries]
        assert found == self.entries
        begun = [number for action, _name, number in found if action in {"save", "recall"}]
        assert begun == list(range(1, len(self.versions) + 1))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=["figure", "judgement"])
def test_whatever_people_do_the_cell_is_as_the_model_says(kind):
    machine = type(f"One{kind.__name__}", (OneCell,), {"kind": kind})

    run_state_machine_as_test(
        machine, settings=settings(max_examples=10, stateful_step_count=40, deadline=None)
    )
