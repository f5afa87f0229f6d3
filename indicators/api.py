"""The API of figures: the same parser, rights, versions and steps as the pages."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.decorators import api_view
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.actions import entry, workflow
from indicators.forms.api import VersionFilter
from indicators.models import Attachment, Observation, ObservationVersion, Series
from indicators.models.observations import ObservationVersionQuerySet
from indicators.queries.figures import figure_before
from indicators.queries.rounds import open_rounds_of
from indicators.serializers import (
    CellSerializer,
    RoundSerializer,
    StepSerializer,
    TypedFigureSerializer,
    VersionSerializer,
)
from indicators.tasks import nudge
from indicators.typed_figures import FIELDS, Understood, understand
from indicators.views.shared import found, person, record_denial
from targets_site.accounts.access import NotAllowed

WRONG, CONFLICT = 422, 409


@api_view(["GET"])
def rounds(request: Request) -> Response:
    """The rounds in which the person's departments may enter now, the next due first."""
    return Response(RoundSerializer(open_rounds_of(person(request._request)), many=True).data)


@api_view(["GET"])
def versions(request: Request) -> Response:
    """Readable versions, by series, year and number; filters area, series, year, state."""
    form = VersionFilter(request.query_params)
    if not form.is_valid():
        return Response({"errors": form.errors}, status=400)
    rows = form.chosen(_readable(request)).order_by(
        "observation__series__code", "observation__year", "number"
    )
    page = form.page(rows)
    said = VersionSerializer(list(page), many=True).data
    pages = page.paginator
    return Response({"count": pages.count, "pages": pages.num_pages, "results": said})


@api_view(["GET", "PUT"])
def figure(request: Request, code: str, year: int) -> Response:
    """One figure with the versions that the person may read; PUT stores the next draft."""
    series = found(request._request, Series.objects.select_related("area", "indicator"), code=code)
    if request.method == "PUT":
        return _save(request, series, year)
    cell = _cell(request, series, year)
    readable = _readable(request).filter(observation=cell).order_by("-number")
    said = VersionSerializer(readable, many=True).data
    return Response({**CellSerializer(cell).data, "versions": said})


@api_view(["POST"])
def step(request: Request, code: str, year: int, name: str) -> Response:
    """Submit, sign, recall, return or approve the version that the sender has read."""
    sent = StepSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    version = found(
        request._request,
        _readable(request),
        observation__series__code=code,
        observation__year=year,
        number=sent.validated_data["version"],
    )
    by, reason = person(request._request), sent.validated_data["reason"]
    steps: dict[str, Callable[[], ObservationVersion]] = {
        "submit": lambda: entry.submit(version=version, by=by),
        "sign": lambda: workflow.sign(version=version, by=by),
        "recall": lambda: workflow.recall(version=version, by=by),
        "return": lambda: workflow.return_to_official(version=version, by=by, reason=reason),
        "approve": lambda: _approve(version, request),
    }
    return _answered(request, steps[name], about=version.cell.about)


def _approve(version: ObservationVersion, request: Request) -> ObservationVersion:
    with transaction.atomic():
        transaction.on_commit(nudge)
        return workflow.approve(version=version, by=person(request._request))


def _save(request: Request, series: Series, year: int) -> Response:
    by = person(request._request)
    sent = TypedFigureSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    typed = sent.validated_data
    evidence = Attachment.objects.readable_by(by).filter(pk__in=typed["evidence"])
    understood = understand(
        {name: typed[name] for name in FIELDS},
        indicator=series.indicator,
        year=year,
        before=figure_before(series, year),
        evidence=frozenset(evidence.values_list("pk", flat=True)),
    )
    if understood.figure is None:
        return _wrong({name: error.messages for name, error in understood.errors.items()})
    if understood.questions and typed["confirmed"] != typed["value"]:
        return _to_confirm(understood)
    figure = understood.figure
    return _answered(
        request,
        lambda: entry.save(
            series=series,
            year=year,
            figure=figure,
            read_version=typed["read_version"],
            by=by,
            correction_reason=typed["correction_reason"],
        ),
        about=f"observation:{series.code}:{year}",
        notes=understood.notes,
    )


def _to_confirm(understood: Understood) -> Response:
    """Nothing is stored until the same value comes again in `confirmed`."""
    return Response({"errors": {}, "questions": understood.questions}, status=WRONG)


def _answered(
    request: Request,
    do: Callable[[], ObservationVersion],
    *,
    about: str,
    notes: list[str] | None = None,
) -> Response:
    """Do it, and say what came of it; what was not allowed stands in the trail."""
    try:
        done = do()
    except ValidationError as error:
        return _wrong(getattr(error, "message_dict", None) or {"": error.messages})
    except NotAllowed as error:
        record_denial(request._request, about=about)
        raise PermissionDenied(str(error)) from None
    except workflow.StaleVersion as stale:
        record_denial(request._request, about=about, why="stale")
        return _conflict(request, _("Somebody stored a newer version meanwhile."), stale.newer)
    except workflow.WrongState as wrong:
        record_denial(request._request, about=about, why="state")
        return _conflict(request, _("The version is at another step."), wrong.version)
    except workflow.Locked as locked:
        record_denial(request._request, about=about, why="closed")
        return _conflict(request, locked.words, None)
    version = _versions().get(pk=done.pk)
    return Response({**VersionSerializer(version).data, "notes": notes or []})


def _wrong(errors: dict[str, Any]) -> Response:
    return Response({"errors": errors}, status=WRONG)


def _conflict(request: Request, why: str, stored: Any) -> Response:
    """With the stored version, where the person may read it."""
    rows = list(_readable(request).filter(pk=stored.pk)) if stored else []
    said = VersionSerializer(rows, many=True).data
    return Response({"errors": {"": [why]}, "stored": next(iter(said), None)}, status=CONFLICT)


def _cell(request: Request, series: Series, year: int) -> Observation:
    rows = Observation.objects.select_related("series__indicator", "in_force")
    cell = rows.filter(series=series, year=year).first()
    if cell is None:
        raise Http404
    return cell


def _readable(request: Request) -> QuerySet[ObservationVersion]:
    return _versions().readable_by(person(request._request))


def _versions() -> ObservationVersionQuerySet:
    """With what a version says of itself."""
    return ObservationVersion.objects.select_related(
        "observation__series", "entered_by", "reviewed_by"
    ).prefetch_related("evidence")
