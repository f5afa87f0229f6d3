"""A list that the API gives out: filtered, in one stable order, a page at a time."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from targets_site.api.asked import Asked
from targets_site.api.cursors import Order, page_of
from targets_site.api.described import page_serializer, parameters_of
from targets_site.api.permissions import OnlyReadByToken, OpenReading

Rows = Callable[[Request], QuerySet[Any]]
WRONG = 400


def read_list(
    name: str,
    *,
    about: str | Promise,
    rows: Rows,
    order: Order,
    asked: type[Asked],
    shown: type[Serializer[Any]],
    who: type[BasePermission] = OpenReading,
) -> Callable[..., Response]:
    """The view of a list.

    rows: what the person may read, with all that `shown` says of a row already selected; asked
    once a request. order: see `Order`; walks an index at any length. who: who reads it at all.
    """

    @extend_schema(
        operation_id=f"list_{name}",
        summary=about,
        parameters=parameters_of(asked),
        responses={200: page_serializer(name, shown)},
        tags=[name],
    )
    @api_view(["GET"])
    @permission_classes([who, OnlyReadByToken])
    def view(request: Request) -> Response:
        form = asked(request.query_params, order=order)
        if not form.is_valid():
            return Response({"errors": form.errors}, status=WRONG)
        # Who may read what is asked of today, before the rows are as they stood on another day.
        chosen = form.chosen(rows(request))
        with form.standing():
            page = page_of(chosen, order=order, after=form.after, size=form.size)
            said = shown(page.rows, many=True).data
        return Response({"next": _next(request, page.cursor), "results": said})

    return view


def _next(request: Request, cursor: str) -> str | None:
    """The address of the next page, with the same filters; None on the last."""
    if not cursor:
        return None
    query = request.query_params.copy()
    query["cursor"] = cursor
    return str(request.build_absolute_uri(f"?{query.urlencode()}"))
