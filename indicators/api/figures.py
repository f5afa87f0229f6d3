"""The API of figures: the same parser, rights, versions and steps as the pages."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.actions import entry, workflow
from indicators.models import Attachment, Observation, ObservationVersion, Series
from indicators.queries.api import versions
from indicators.queries.figures import figure_before
from indicators.queries.rounds import open_rounds_of
from indicators.serializers.figures import (
    CellSerializer,
    FigureSerializer,
    RoundSerializer,
    StepSerializer,
    StoredSerializer,
    TypedFigureSerializer,
    VersionSerializer,
)
from indicators.tasks import nudge
from indicators.typed_figures import FIELDS, Understood, understand
from indicators.views.shared import found, person, record_denial
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.identity import is_fresh
from targets_site.api.asked import KnownOnly
from targets_site.typed_text import strip_ends

WRONG, CONFLICT = 422, 409
CELL = [
    OpenApiParameter(
        "code",
        {"type": "string", "pattern": "^[a-z0-9.-]+$"},
        OpenApiParameter.PATH,
        description=gettext_lazy("Series: <area>.<indicator>.<scope>"),
    ),
    OpenApiParameter(
        "year",
        {"type": "integer", "minimum": 1900, "maximum": 2099},
        OpenApiParameter.PATH,
    ),
]
STEP = OpenApiParameter(
    "name", str, OpenApiParameter.PATH, enum=["submit", "sign", "recall", "return", "approve"]
)


@extend_schema(
    operation_id="list_open_rounds",
    summary=gettext_lazy("Rounds in which your departments may enter now"),
    responses={200: RoundSerializer(many=True)},
    tags=["figures"],
)
@api_view(["GET"])
def rounds(request: Request) -> Response:
    """The rounds in which the person's departments may enter now, the next due first."""
    form = KnownOnly(request.query_params)
    if not form.is_valid():
        return Response({"errors": form.errors}, status=400)
    return Response(RoundSerializer(open_rounds_of(person(request._request)), many=True).data)


@extend_schema(
    methods=["GET"],
    operation_id="read_figure",
    summary=gettext_lazy("One figure, with the versions that you may read"),
    parameters=CELL,
    responses={200: FigureSerializer},
    tags=["figures"],
)
@extend_schema(
    methods=["PUT"],
    operation_id="save_figure",
    summary=gettext_lazy("Store the next draft of a figure"),
    parameters=CELL,
    request=TypedFigureSerializer,
    responses={200: StoredSerializer},
    tags=["figures"],
)
@api_view(["GET", "PUT"])
def figure(request: Request, code: str, year: int) -> Response:
    """One figure with the versions that the person may read, 404 where there is none; PUT stores
    the next draft."""
    series = found(request._request, Series.objects.select_related("area", "indicator"), code=code)
    if request.method == "PUT":
        return _save(request, series, year)
    cell = Observation(series=series, year=year)
    readable = _readable(request).filter(observation__series=series, observation__year=year)
    shown = list(readable.select_related("observation__in_force").order_by("-number"))
    if not shown:
        # Whether there is nothing or only a draft of others is none of the sender's business.
        record_denial(request._request, about=cell.about)
        raise Http404
    cell = shown[0].observation
    cell.series = series
    said = VersionSerializer(shown, many=True).data
    return Response({**CellSerializer(cell).data, "versions": said})


@extend_schema(
    operation_id="move_figure",
    summary=gettext_lazy("Submit, sign, recall, return or approve a version"),
    parameters=[*CELL, STEP],
    request=StepSerializer,
    responses={200: StoredSerializer},
    tags=["figures"],
)
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
    if not is_fresh(request._request):
        raise PermissionDenied(
            _("Your login is too long ago for this: sign in again, then send it.")
        )
    with transaction.atomic():
        transaction.on_commit(nudge)
        return workflow.approve(version=version, by=person(request._request))


def _save(request: Request, series: Series, year: int) -> Response:
    by, cell = person(request._request), Observation(series=series, year=year)
    try:
        # Before the body is read: reading one takes far longer than asking for the right.
        workflow.entering(cell, by)
    except NotAllowed as error:
        raise _denied(request, error, about=cell.about) from None
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
    figure = understood.figure
    # A value that was left blank is computed, and then it is the computed one that is asked about.
    to_confirm = typed["value"] if strip_ends(typed["value"]) else figure.value_as_stated
    if understood.questions and typed["confirmed"] != to_confirm:
        return _to_confirm(understood, to_confirm)
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
        about=cell.about,
        notes=understood.notes,
    )


def _to_confirm(understood: Understood, value: str) -> Response:
    """Nothing is stored until the value comes again in `confirmed`."""
    asked = {"errors": {}, "questions": understood.questions, "confirm": value}
    return Response(asked, status=WRONG)


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
        raise _denied(request, error, about=about) from None
    except workflow.StaleVersion as stale:
        record_denial(request._request, about=about, why="stale")
        return _conflict(request, _("Somebody stored a newer version meanwhile."), stale.newer)
    except workflow.WrongState as wrong:
        record_denial(request._request, about=about, why="state")
        return _conflict(request, _("The version is at another step."), wrong.version)
    except workflow.Locked as locked:
        record_denial(request._request, about=about, why="closed")
        return _conflict(request, locked.words, None)
    version = versions().get(pk=done.pk)
    return Response({**VersionSerializer(version).data, "notes": notes or []})


def _denied(request: Request, error: NotAllowed, *, about: str) -> PermissionDenied:
    """What to raise; the attempt stands in the trail."""
    record_denial(request._request, about=about)
    return PermissionDenied(str(error))


def _wrong(errors: dict[str, Any]) -> Response:
    return Response({"errors": errors}, status=WRONG)


def _conflict(request: Request, why: str, stored: Any) -> Response:
    """With the stored version, where the person may read it."""
    rows = list(_readable(request).filter(pk=stored.pk)) if stored else []
    said = VersionSerializer(rows, many=True).data
    return Response({"errors": {"": [why]}, "stored": next(iter(said), None)}, status=CONFLICT)


def _readable(request: Request) -> QuerySet[ObservationVersion]:
    return versions().readable_by(person(request._request))
