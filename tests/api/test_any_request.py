"""Whatever anybody sends, the API answers as it says it does, and never with an error of its own:
requests made up from its own description, fitting it and not, by people of every kind."""

import json
import time
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from targets_site.accounts.actions.tokens import make_token
from targets_site.api.views import described_in
from tests.factories import (
    make_auditor,
    make_figure,
    make_official,
    make_reading,
    make_reviewer,
    make_round,
    make_series,
    make_signer,
    make_target,
    make_user,
    make_verdict,
)

pytestmark = pytest.mark.django_db

EXAMPLES = 64  # of each address and method, fitting and not
AT_LEAST = 2000
LEFT_OUT = {"timeout", "verify", "allow_redirects", "cert", "proxies", "stream"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SERIES = "990000.pass-rate.all"
KNOWN = {
    "area": "990000", "parent": "990000", "indicator": "pass-rate", "series": SERIES,
    "document": "plan-2011", "domain": "product", "target_code": "plan-2011-001",
}  # fmt: skip
ODD = st.sampled_from(
    ["\0", "é\u0301", "𠮷", "\u202e", "9" * 400, "-1", "1e9", "' or 1=1 --", "%", "[]", " ", "٣"]
)


@pytest.fixture
def callers(settings):
    """Somebody of every kind: how he asks, and with which headers. They ask oftener than anybody
    may, and with more unknown tokens."""
    settings.REQUESTS_A_MINUTE = settings.LOGIN_FAILURES_BY_ADDRESS = 1_000_000
    series = make_series()
    target = make_target(KNOWN["target_code"])
    make_reading(target, series)
    make_verdict(target, 2019)
    make_figure(series, 2019, "96.20")
    make_round(series.area, 2020)
    people = [make_official(), make_signer(), make_reviewer(), make_auditor(), make_user()]
    by_token = make_token(user=people[0], name="x").secret
    signed_in = []
    for each in people:
        client = Client(raise_request_exception=False)
        client.force_login(each)
        signed_in.append((client, {}))
    return [
        *signed_in,
        (Client(raise_request_exception=False), {}),
        (Client(raise_request_exception=False), {"Authorization": f"Token {by_token}"}),
        (Client(raise_request_exception=False), {"Authorization": "Token \0\xff"}),
    ]


@pytest.fixture
def description():
    return schemathesis.openapi.from_dict(json.loads(json.dumps(described_in("en"))))


def operations_of(description):
    """Each with a way to make requests up; nothing unfitting is sent where nothing is asked."""
    for found in description.get_all_operations():
        operation = found.ok()
        yield operation, GenerationMode.POSITIVE
        if any([operation.query, operation.path_parameters, operation.body]):
            yield operation, GenerationMode.NEGATIVE


def made_odd(draw, case):
    """Now and then something that no description leads to."""
    for name in list(case.query or {}):
        if name in KNOWN and draw(st.booleans()):
            case.query[name] = KNOWN[name]
    if "code" in (case.path_parameters or {}) and draw(st.booleans()):
        case.path_parameters.update(code=SERIES, year=draw(st.sampled_from([2019, 2020])))
    kind = draw(st.integers(0, 11))
    if kind == 0:
        case.query = {**(case.query or {}), draw(ODD): draw(ODD)}
    elif kind == 1 and case.query:
        case.query[next(iter(case.query))] = [draw(ODD), draw(ODD)]
    elif kind == 2:
        case.query = {**(case.query or {}), "cursor": draw(ODD)}


def sent(client, case, headers):
    """The answer of the site, as if it had come over the wire.

    Through Django's client: a raw WSGI call would close the connection of the test's database.
    """
    kwargs = case.as_transport_kwargs(base_url="http://testserver", headers=headers)
    prepared = requests.Request(**{k: v for k, v in kwargs.items() if k not in LEFT_OUT}).prepare()
    parts = urlsplit(prepared.url)
    of_case = {k: v for k, v in prepared.headers.items() if k.lower() != "content-type"}
    started = time.monotonic()
    answer = client.generic(
        prepared.method,
        f"{parts.path}?{parts.query}" if parts.query else parts.path,
        prepared.body or b"",
        content_type=prepared.headers.get("Content-Type", "application/json"),
        headers={**of_case, **headers},
    )
    return Response(
        status_code=answer.status_code,
        headers={name: [value] for name, value in answer.items()},
        content=answer.content,
        request=prepared,
        elapsed=time.monotonic() - started,
        verify=False,
    )


def test_every_request_is_answered_as_described(callers, description):
    count, started = 0, time.monotonic()

    def try_out(operation, mode):
        @hypothesis_settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(data=st.data(), case=operation.as_strategy(mode), caller=st.sampled_from(callers))
        def one(data, case, caller):
            nonlocal count
            count += 1
            client, headers = caller
            made_odd(data.draw, case)
            case.validate_response(sent(client, case, headers), checks=CHECKS)

        one()

    for operation, mode in operations_of(description):
        try_out(operation, mode)
    print(f"{count} requests in {time.monotonic() - started:.0f} s")

    assert count >= AT_LEAST
