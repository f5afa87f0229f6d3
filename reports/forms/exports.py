"""What to export."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.exports import TABLES, Table
from targets_site.places.models import Area


class AreaChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj.name}"


class FileForm(forms.Form):
    """Which rows of a table, and for which program."""

    area = AreaChoice(
        Area.objects.all(),
        to_field_name="code",
        required=False,
        label=_("Area"),
        empty_label=_("All areas"),
        error_messages={"invalid_choice": _("Unknown area: %(value)s")},
    )
    bom = forms.ChoiceField(
        choices=[
            ("1", _("For Excel (UTF-8 with byte-order mark)")),
            ("0", _("For programs (UTF-8 without byte-order mark)")),
        ],
        required=False,
        initial="1",
        label=_("Encoding"),
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, label_suffix="")

    @property
    def area_code(self) -> str:
        """Code of the chosen area; empty for all."""
        area: Area | None = self.cleaned_data["area"]
        return area.code if area else ""

    @property
    def with_bom(self) -> bool:
        return bool(self.cleaned_data["bom"] != "0")


class ExportForm(FileForm):
    """A file, and of which table."""

    table = forms.ChoiceField(
        choices=[
            ("targets", _("Targets, with their readings")),
            ("observations", _("Yearly figures in force")),
            ("verdicts", _("Verdicts in force")),
        ],
        required=False,
        initial="targets",
        label=_("Table"),
    )
    field_order = ("table", "area", "bom")

    @property
    def chosen_table(self) -> Table:
        return TABLES[self.cleaned_data["table"] or "targets"]
