"""The pages on which reviewers decide on figures and judgements, and signers sign them."""

from decimal import Decimal

from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.actions import entry, judgements
from indicators.actions.entry import EnteredFigure
from indicators.enums import Outcome
from indicators.models import (
    Attachment,
)
from indicators.queries.waiting import Key

QUEUE, APPROVE, RETURN = "/review/", "/review/approve/", "/review/return/"


SIGN_QUEUE, SIGN, SIGN_RETURN = "/review/sign/", "/review/sign/sign/", "/review/sign/return/"


def submit(series, year, value, *, by, read_version=None, correction_reason="", **fields):
    """The next version of a figure, sent on as the official does."""
    exact = Decimal(value)
    figure = EnteredFigure(
        exact, -exact.as_tuple().exponent, **{"source_title": "统计公报", **fields}
    )
    version = entry.save(
        series=series,
        year=year,
        figure=figure,
        read_version=read_version,
        by=by,
        correction_reason=correction_reason,
    )
    return entry.submit(version=version, by=by)


def submit_judgement(target, *, by, year=2020, narrative="已建成", **fields):
    version = judgements.save(
        target=target,
        year=year,
        outcome=Outcome.DONE,
        narrative=narrative,
        read_version=None,
        by=by,
        **fields,
    )
    return judgements.submit(version=version, by=by)


def attach(name, *, by):
    return Attachment.objects.create(
        file=ContentFile(b"x", name="x"), name=name, media_type="application/pdf", size=1,
        sha256="0" * 64, department=by.posts.get().department, added_by=by,
    )  # fmt: skip


def key(version):
    return str(Key.of(version))


def keys(*versions):
    return {"version": [key(version) for version in versions]}


def rows_of(response):
    return [row for _department, rows in response.context["groups"] for row, _form in rows]


def text_of(response):
    return " ".join(response.content.decode().split())


def state_of(version):
    version.refresh_from_db()
    return version.state


def queries_of(client, address):
    """How many queries a page costs."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
