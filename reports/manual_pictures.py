"""The pictures of the manual: one list for its pages and for the browser test that takes them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Picture:
    """One JPEG. width, height: of the file and of the page alike, in pixels; alt: what is to be
    seen, for who does not see it."""

    name: str
    width: int
    height: int
    alt: Any
    caption: Any

    @property
    def path(self) -> str:
        """Among the static files."""
        return f"reports/manual/{self.name}.jpg"


_LIST = (
    Picture(
        "tasks", 1068, 841,
        _("Four numbers on top; below them a returned figure with the reviewer's words, then a "
          "round with its deadline and what it still asks for."),
        _("The day begins here: one figure came back, and the round says what is still missing."),
    ),
    Picture(
        "grid", 1068, 737,
        _("A table with a row for each indicator and a column for each year; in each cell a field "
          "with its unit, and below it the state and the preview."),
        _("Below each field stands whether the figure is stored, where it is, and what verdict it "
          "would give."),
    ),
    Picture(
        "refused", 1068, 622,
        _("Three cells: “about 263” is refused; a number below 1 for a rate, and a figure far from "
          "the last one, are asked back."),
        _("What was typed stays; the reason or the question stands below it."),
    ),
    Picture(
        "details", 1068, 719,
        _("Below a row of the table the details are open: numerator, denominator, source, reason "
          "for the shortfall, next steps and evidence."),
        _("The details open below the row; here the figure falls short of its target."),
    ),
    Picture(
        "conflict", 1068, 259,
        _("A cell that shows two figures, the stored one and one's own, with a button to keep "
          "each."),
        _("Both figures stand side by side; nothing is overwritten unseen."),
    ),
    Picture(
        "import", 1068, 719,
        _("The preview of a file: how many figures would be stored, a question to confirm, and "
          "line by line the figure until now and the new one."),
        _("Before anything is stored the preview shows every line."),
    ),
    Picture(
        "judge", 1068, 486,
        _("A target in words, three choices of how far it was reached, and a field for the "
          "reasons."),
        _("A target without a figure is judged in words, with evidence."),
    ),
    Picture(
        "paper", 1068, 837,
        _("A form with number, period, department and deadline, a table of the figures and lines "
          "for signatures, telephone and stamp."),
        _("The form as it is printed: sign it, stamp it, scan it, hand it in."),
    ),
    Picture(
        "review", 1068, 384,
        _("A figure that waits, beside that of the year before, its target and other areas; below "
          "it source and evidence, and the buttons."),
        _("All that a decision needs stands beside the figure."),
    ),
    Picture(
        "progress", 1068, 550,
        _("A table of departments: how many figures each owes, where they stand, how many are "
          "overdue and what share has come in."),
        _("Who has submitted, and who has not."),
    ),
)  # fmt: skip
PICTURES = {picture.name: picture for picture in _LIST}
