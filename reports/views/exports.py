"""The page that offers the tables as CSV, and the files."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from reports.exports import FORMATS, TABLES, Export, Selection, Table
from reports.forms.exports import ExportForm, FileForm
from targets_site.accounts.access import reading_page
from targets_site.audit.context import current_actor


@dataclass(frozen=True)
class Offer:
    """One file as the page offers it: how many rows, of which table, at which address."""

    table: Table
    rows: int
    address: str
    area_name: str


@reading_page
@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    form = ExportForm({"bom": "1", **request.GET.dict()})
    if not form.is_valid():
        return render(request, "reports/exports.html", {"form": form}, status=400)
    return render(request, "reports/exports.html", {"form": form, "offer": _offer(form)})


@reading_page
@require_GET
def download(request: HttpRequest, table: str) -> HttpResponseBase:
    """The file, as a stream; a bad area or `bom` gives the page with what is wrong."""
    if table not in TABLES:
        raise Http404(table)
    form = FileForm(request.GET)
    if not form.is_valid():
        asked = ExportForm({**request.GET.dict(), "table": table})
        return render(request, "reports/exports.html", {"form": asked}, status=400)
    export = Export(
        Selection(TABLES[table], area=form.area_code),
        bom=form.with_bom,
        actor=current_actor(),
        reader=request.user if request.user.is_authenticated else None,
    )
    return StreamingHttpResponse(
        iter(export),
        content_type=FORMATS["csv"],
        headers={
            "Content-Disposition": f'attachment; filename="{_file_name(table, form.area_code)}"',
            "Cache-Control": "no-store",
        },
    )


def _offer(form: ExportForm) -> Offer:
    table, area = form.chosen_table, form.cleaned_data["area"]
    asked = {"area": form.area_code} if area else {}
    if not form.with_bom:
        asked["bom"] = "0"
    address = reverse("reports:export", args=[table.name])
    return Offer(
        table=table,
        rows=Selection(table, area=form.area_code).rows().count(),
        address=f"{address}?{urlencode(asked)}" if asked else address,
        area_name=area.name if area else "",
    )


def _file_name(table: str, area: str) -> str:
    """Every file says what it holds and of which day: observations-460000-2024-03-01.csv."""
    parts = [table, area, timezone.localdate().isoformat()]
    return "-".join(part for part in parts if part) + ".csv"
