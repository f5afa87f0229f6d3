"""The chapters of the manual, in the order in which they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Chapter:
    """number: counted through all parts, so that one can name it on the telephone."""

    number: int
    anchor: str
    title: Any

    @property
    def template(self) -> str:
        return f"reports/_manual_{self.anchor}.html"


@dataclass(frozen=True)
class Part:
    """The chapters for one kind of reader."""

    anchor: str
    title: Any
    chapters: tuple[Chapter, ...]


_PARTS = (
    (
        "everybody", _("For everybody"),
        (
            ("sign_in", _("Signing in, and your password")),
            ("who", _("Who does what")),
        ),
    ),
    (
        "officials", _("For officials"),
        (
            ("tasks", _("My tasks")),
            ("grid", _("Entering the figures of a round")),
            ("signs", _("What the signs mean")),
            ("keys", _("Keyboard, and pasting from Excel")),
            ("refused", _("What is refused or asked back, and why")),
            ("missing", _("No figure, or a rate from two counts")),
            ("source", _("Source and evidence")),
            ("shortfall", _("When a target is not reached")),
            ("submit", _("Submitting and recalling")),
            ("returned", _("When a figure comes back")),
            ("correction", _("Correcting an approved figure")),
            ("two", _("Two people at once")),
            ("connection", _("When the connection breaks off")),
            ("import", _("Importing a file from Excel")),
            ("words", _("Judging targets in words")),
            ("paper", _("The stamped form, and other material")),
        ),
    ),
    (
        "signers", _("For signers"),
        (("sign", _("Signing for the department")),),
    ),
    (
        "reviewers", _("For reviewers"),
        (
            ("review", _("Approving and returning")),
            ("corrections", _("Corrections, and all versions")),
            ("rounds", _("Rounds, deadlines and more time")),
            ("progress", _("Who owes what, and reminders")),
        ),
    ),
    (
        "users", _("For whoever works with the data"),
        (("exports", _("Exporting the data")),),
    ),
)  # fmt: skip


def _numbered() -> Iterator[Part]:
    number = 0
    for anchor, title, chapters in _PARTS:
        numbered = tuple(
            Chapter(number + position, *chapter) for position, chapter in enumerate(chapters, 1)
        )
        yield Part(anchor, title, numbered)
        number += len(chapters)


PARTS = tuple(_numbered())
