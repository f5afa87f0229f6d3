"""What to export: which table, how narrowed, in which format."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.enums import State
from plans.models import Document, Domain
from plans.validators import FIRST_YEAR, LAST_YEAR
from reports.exports.asked import BUNDLE, ZIP, Asked, formats_of, understood_by
from targets_site.places.models import Area
from targets_site.reading.then import Then, cleaned_then

# With more of them than this, a code is typed: a list of thousands helps nobody and weighs more
# than the page.
MOST_LISTED = 400

TABLE_NAMES = {
    "targets": _("Targets, with their readings"),
    "observations": _("Yearly figures in force"),
    "verdicts": _("Verdicts in force"),
    "versions": _("All versions of figures that you may read"),
    "audit": pgettext_lazy("table", "Audit trail"),
    BUNDLE: _("Bundle of all tables (ZIP)"),
}
FORMAT_NAMES = {
    "csv": "CSV",
    "xlsx": _("Excel workbook (XLSX)"),
    "jsonl": _("JSON lines"),
    ZIP: "ZIP",
}
# The day is chosen as on every page, at its foot or in its banner.
SHOWN = ("area", "below", "domain", "document", "year", "state")
FILTERS = (*SHOWN, "at")


class CodeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Rows by their code; chosen from a list where there are few, else typed."""

    def __init__(self, rows: "QuerySet[Any]", *, code: str, **options: Any) -> None:
        super().__init__(rows, to_field_name=code, required=False, **options)
        self.code = code

    def label_from_instance(self, obj: Any) -> str:
        name = obj.title if isinstance(obj, Document) else obj.name
        return f"{getattr(obj, self.code)} {name}"

    def list_if_few(self) -> None:
        rows = self.queryset
        if rows is not None and rows.order_by()[: MOST_LISTED + 1].count() > MOST_LISTED:
            self.widget = forms.TextInput(attrs={"autocomplete": "off"})


class ExportForm(forms.Form):
    """`asked` is what was asked for, `left_out` the filters that the table has no meaning for.
    `then`: the day of a form that was looked at, None for now.

    tables: those that the person may choose. strict: such a filter is an error, as in the address
    of a file, which must not hold more than its name says.
    """

    table = forms.ChoiceField(required=False, label=_("Table"))
    format = forms.ChoiceField(
        choices=list(FORMAT_NAMES.items())[:-1], required=False, label=_("Format")
    )
    bom = forms.ChoiceField(
        choices=[
            ("1", _("For Excel (UTF-8 with byte-order mark)")),
            ("0", _("For programs (UTF-8 without byte-order mark)")),
        ],
        required=False,
        label=_("Encoding of CSV"),
    )
    area = CodeChoice(
        Area.objects.all(),
        code="code",
        label=_("Area"),
        empty_label=_("All areas"),
        error_messages={"invalid_choice": _("Unknown area: %(value)s")},
    )
    below = forms.BooleanField(required=False, label=_("With all areas below it"))
    domain = CodeChoice(
        Domain.objects.all(),
        code="code",
        label=_("Domain"),
        empty_label=_("All"),
        error_messages={"invalid_choice": _("Unknown domain: %(value)s")},
    )
    document = CodeChoice(
        Document.objects.select_related("area"),
        code="slug",
        label=_("Document"),
        empty_label=_("All"),
        error_messages={"invalid_choice": _("Unknown document: %(value)s")},
    )
    year = forms.IntegerField(
        required=False, label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR
    )
    state = forms.ChoiceField(
        choices=[("", _("All")), *State.choices], required=False, label=_("State")
    )
    at = forms.CharField(required=False, label=_("As it stood on"), widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any], *, tables: Iterable[str], strict: bool = False
    ) -> None:
        super().__init__(data, label_suffix="")
        self.strict, self.left_out = strict, list[str]()
        self.then: Then | None = None
        table: Any = self.fields["table"]
        table.choices = [(name, TABLE_NAMES[name]) for name in [*tables, BUNDLE]]
        if data.get("table") == BUNDLE:
            formats: Any = self.fields["format"]
            formats.choices = [*formats.choices, (ZIP, FORMAT_NAMES[ZIP])]
        for name in ("area", "document"):
            field: Any = self.fields[name]
            field.list_if_few()

    def clean_at(self) -> datetime.datetime | None:
        self.then = cleaned_then(self.cleaned_data["at"])
        return self.then.moment if self.then else None

    def clean(self) -> dict[str, Any]:
        table = self.cleaned_data.get("table") or "targets"
        given = [name for name in FILTERS if self.cleaned_data.get(name)]
        understood = understood_by(table)
        self.left_out = [name for name in given if name not in understood]
        for name in self.left_out if self.strict else ():
            self.add_error(name, _("This table cannot be narrowed by it."))
        if self.cleaned_data.get("below") and not self.cleaned_data.get("area"):
            self.add_error("below", _("Choose the area that they lie below."))
        return self.cleaned_data

    @property
    def asked(self) -> Asked:
        """Of a valid form."""
        said = self.cleaned_data
        table = said["table"] or "targets"
        filters = {
            name: _coded(said[name]) for name in FILTERS if said[name] and name not in self.left_out
        }
        chosen = said["format"] or "csv"
        return Asked(
            table=table,
            format=chosen if chosen in formats_of(table) else formats_of(table)[0],
            bom=said["bom"] != "0",
            filters=filters,
        )

    @property
    def left_out_labels(self) -> list[Any]:
        return [self.fields[name].label for name in self.left_out]


def _coded(value: Any) -> Any:
    """Rows by their code; everything else as it is."""
    if isinstance(value, Area | Domain):
        return value.code
    return value.slug if isinstance(value, Document) else value
