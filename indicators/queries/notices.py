"""A person's notices, as the page and the mail show them."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators import finding_words, notice_words
from indicators.enums import NoticeKind
from indicators.models import Notice
from targets_site.accounts.models import User
from targets_site.places.models import Area

NOTICES_A_PAGE = 25


@dataclass(frozen=True)
class NoticeLine:
    """One notice in words, in the language of whoever reads it now."""

    notice: Notice

    @property
    def is_of_round(self) -> bool:
        return self.notice.round_id is not None

    @property
    def is_of_check(self) -> bool:
        return bool(self.notice.finding)

    @property
    def kind_word(self) -> str:
        return str(NoticeKind(self.notice.kind).label)

    @property
    def name(self) -> str:
        """Of the round or the check, or what the target promises."""
        if self.notice.round is not None:
            return self.notice.round.name
        if self.is_of_check:
            return finding_words.check_label(self.notice)
        return self.notice.verdict.target.statement if self.notice.verdict else ""

    @property
    def title(self) -> str:
        """For the subject of a mail."""
        return _("%(kind)s: %(name)s") % {"kind": self.kind_word, "name": self.name}

    @property
    def area(self) -> Area | None:
        if self.notice.round is not None:
            return self.notice.round.area
        return self.notice.verdict.target.area if self.notice.verdict else None

    @property
    def address(self) -> str:
        """Of the target, seen from the year that is spoken of; of the tasks, or for reviewers of
        who owes what."""
        if self.is_of_check:
            return finding_words.address(self.notice)
        if self.notice.verdict is not None:
            return f"{self.notice.verdict.target.get_absolute_url()}?as_of={self.notice.as_of}"
        if self.notice.kind == NoticeKind.REPORTS_OVERDUE and self.area is not None:
            return (
                f"{reverse('indicators:owed')}?area={self.area.code}&round={self.notice.round_id}"
            )
        return reverse("indicators:entry")

    @property
    def found(self) -> str:
        """What a check found."""
        return finding_words.sentence(self.notice)

    @property
    def step(self) -> str:
        return notice_words.step(self.notice)

    @property
    def figures(self) -> list[str]:
        return notice_words.figures(self.notice)

    @property
    def causes(self) -> list[str]:
        return notice_words.causes(self.notice)

    @property
    def needed(self) -> str:
        return notice_words.needed(self.notice)


def with_facts(notices: "QuerySet[Notice]") -> "QuerySet[Notice]":
    """With all that a line says."""
    return notices.select_related(
        "person",
        "round__area",
        "before__target",
        "verdict__target__area",
        "verdict__reading__series__indicator",
    )


def notices_page(person: User, *, number: int) -> Page[Notice]:
    """Newest first; those that were withdrawn are not among them. Two queries."""
    notices = with_facts(Notice.objects.of_person(person).given())
    return Paginator(notices.order_by("-made_at", "-pk"), NOTICES_A_PAGE).get_page(number)


def newest_of(person: User) -> int:
    """The highest id among the person's notices, 0 where there is none."""
    newest = Notice.objects.of_person(person).order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0
