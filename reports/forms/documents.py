"""What a reader may ask of documents in the query string."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from indicators.enums import Light
from plans.models import Document, Domain
from reports.enums import Change
from reports.forms.goals import QueryForm
from reports.queries.rows import TargetLine, this_year

FIGURES, WORDS = "figures", "words"


def years_to_look_from(documents: Iterable[Document]) -> list[tuple[int, str]]:
    """The years of the documents' periods that have begun, the latest first."""
    periods = [(each.start_year, min(each.end_year, this_year())) for each in documents]
    first, last = min(start for start, _ in periods), max(end for _, end in periods)
    return [(year, str(year)) for year in range(last, first - 1, -1)]


class LookBackForm(QueryForm):
    """Seen from which year; `chosen("as_of")` is a year, None for the final verdicts."""

    as_of = forms.TypedChoiceField(label=_("As of"), required=False, coerce=int)

    def __init__(self, data: QueryDict, *, documents: Sequence[Document], **options: Any) -> None:
        """documents: those whose years can be chosen."""
        super().__init__(data, label_suffix="", **options)
        years = years_to_look_from(documents) if documents else []
        self.fields["as_of"].choices = [("", _("Final")), *years]  # type: ignore[attr-defined]


class DocumentForm(LookBackForm):
    """Which targets of a document, and seen from which year; all parts can be combined."""

    goal = forms.TypedChoiceField(label=_("Goal year"), required=False, coerce=int)
    domain = forms.ChoiceField(label=_("Domain"), required=False)
    key = forms.ChoiceField(label=_("Headline"), required=False)
    part = forms.ChoiceField(label=pgettext_lazy("targets", "Kind"), required=False)
    light = forms.ChoiceField(label=_("Light"), required=False)

    NARROWING = ("goal", "domain", "key", "part", "light")

    def __init__(self, data: QueryDict, *, document: Document, lines: Sequence[TargetLine]) -> None:
        """lines: all targets of the document, whose goal years and domains can be chosen."""
        super().__init__(data, documents=[document], auto_id="filter_%s")
        goals = sorted({line.target.target_year or 0 for line in lines}, reverse=True)
        choices: dict[str, Sequence[tuple[Any, Any]]] = {
            "goal": [(year, str(year) if year else _("no target year")) for year in goals],
            "domain": [(each.code, each.name) for each in _domains(lines)],
            "key": [("1", _("Headline targets only"))],
            "part": [(FIGURES, _("With a figure")), (WORDS, pgettext_lazy("coverage", "In words"))],
            "light": Light.choices,
        }
        for name, options in choices.items():
            self.fields[name].choices = [("", _("All")), *options]  # type: ignore[attr-defined]

    def narrowed(self) -> dict[str, str]:
        """What narrows the list, by field."""
        chosen = {name: self.chosen(name) for name in self.NARROWING}
        return {name: str(value) for name, value in chosen.items() if value is not None}

    def controls(self) -> list[forms.BoundField]:
        return [self[name] for name in ("as_of", *self.NARROWING)]


class NamedDocuments(QueryForm):
    """The slugs of two documents that may not exist; `chosen` is None where it is no slug."""

    a = forms.SlugField(required=False)
    b = forms.SlugField(required=False)


class CompareForm(LookBackForm):
    """Which two documents, and which class of what became of their targets."""

    a = forms.ChoiceField(label=_("First document"), required=False)
    b = forms.ChoiceField(label=_("Second document"), required=False)
    change = forms.ChoiceField(label=_("What became of it"), required=False, choices=Change.choices)

    def __init__(self, data: QueryDict, *, documents: Sequence[Document]) -> None:
        """documents: those to choose from."""
        super().__init__(data, documents=documents)
        options = [(each.slug, f"{each.area.name} · {each.title}") for each in documents]
        for name in ("a", "b"):
            self.fields[name].choices = [("", "—"), *options]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("a") and cleaned.get("a") == cleaned.get("b"):
            self.add_error("b", forms.ValidationError("", code="same"))
        return cleaned

    def problems(self) -> list[str]:
        if self.has_error("b", code="same"):
            return [gettext("Choose two different documents.")]
        return super().problems()


def _domains(lines: Sequence[TargetLine]) -> list[Domain]:
    found = {line.target.domain for line in lines}
    return sorted(found, key=lambda each: (each.position, each.code))
