"""Targets that a later document restates, and targets that were recorded anew."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from plans.enums import DepartmentPart
from plans.models import Target, TargetDepartment
from reports.queries.revisions.entries import (
    Revision,
    RevisionKind,
    differing,
    next_row,
    text_of,
)
from targets_site.templatetags.shown import target_level


def ties() -> "QuerySet[Any]":
    """Which target (`from_target`) restates which (`to_target`)."""
    return Target.replaces.through._default_manager.all()


def restated(refs: Sequence[int]) -> dict[int, Revision]:
    """By the id of the tie. One query."""
    rows = ties().filter(pk__in=refs).select_related(
        "from_target__document", "from_target__area", "from_target__recorded_by",
        "to_target__document",
    )  # fmt: skip
    return {row.pk: _restatement(row.from_target, row.to_target) for row in rows}


def _restatement(target: Target, original: Target) -> Revision:
    changes = differing(
        (_("Stated phrase"), original.stated, target.stated),
        (_("Target level"), target_level(original), target_level(target)),
        (_("Kind"), original.get_kind_display(), target.get_kind_display()),
        (_("Target year"), text_of(original.target_year), text_of(target.target_year)),
        (_("Firmness"), original.get_firmness_display(), target.get_firmness_display()),
    )
    return Revision(
        target.recorded_at,
        RevisionKind.RESTATED,
        target,
        original,
        changes,
        [str(target.recorded_by)],
        target.document.title,
    )


def corrected(refs: Sequence[int]) -> dict[int, Revision]:
    """All rows of the codes in question, so that each finds the one that took its place;
    by the id of the row that was replaced. Two queries."""
    codes = Target.objects.filter(pk__in=refs).values("code")
    links = TargetDepartment.objects.select_related("department")
    rows = (
        Target.objects.filter(code__in=codes)
        .select_related("document", "area", "domain", "recorded_by")
        .prefetch_related(Prefetch("department_links", links))
        .order_by("recorded_at", "pk")
    )
    all_rows = list(rows) if refs else []
    return {
        row.pk: _correction(
            row, next_row([each for each in all_rows if each.code == row.code], row)
        )
        for row in all_rows
        if row.pk in set(refs)
    }


def _correction(before: Target, after: Target | None) -> Revision:
    by = [str(after.recorded_by)] if after else []
    old, new = _content(before), _content(after or before)
    changes = differing(*((label, old[label], new[label]) for label in old))
    return Revision(
        before.superseded_at or before.recorded_at,
        RevisionKind.CORRECTED,
        after or before,
        None,
        changes,
        by,
        "",
    )


def _content(target: Target) -> dict[str, str]:
    """What a document says, by the words for it."""

    def named(part: str) -> str:
        return _(", ").join(each.name for each in target.departments_as(part))

    return {
        _("Statement"): target.statement_zh,
        _("Statement, English"): target.statement_en,
        _("Stated phrase"): target.stated,
        _("Place in the text"): target.locator,
        _("Domain"): target.domain.name,
        _("Target level"): target_level(target),
        _("Kind"): target.get_kind_display(),
        _("Target year"): text_of(target.target_year),
        _("Firmness"): target.get_firmness_display(),
        _("Headline target"): _("yes") if target.key else _("no"),
        _("Lead"): named(DepartmentPart.LEAD),
        _("Responsible"): named(DepartmentPart.RESPONSIBLE),
    }
