"""A telephone number or an identity card in a remark: in whose reach it is, and where it is not."""

import io
import json
import logging

import pytest
from django.core.management import call_command

from indicators.models import ObservationVersion
from targets_site.accounts.models import Role
from targets_site.logs import JSONFormatter
from tests.factories import (
    make_department,
    make_official,
    make_post,
    make_round,
    make_series,
    make_user,
)

pytestmark = pytest.mark.django_db
MOBILE, ID_CARD = "13912345678", "460100199001011234"
REMARK = f"联系人电话{MOBILE}，身份证{ID_CARD}"


@pytest.fixture
def whole_log():
    """All that the product logs, in whatever detail."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    handler.setFormatter(JSONFormatter())
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def saved(client, whole_log):
    """An official saved a figure, and typed it when he looked again: nothing else is new then."""
    department = make_department()
    official = make_official(department=department)
    make_round(department.area, 2020)
    series = make_series(department=department)
    client.force_login(official)
    figure = {"value": "98.1", "source_title": "公报"}
    address = f"/entry/series/{series.code}/2020/"
    client.post(address, {**figure, "read_version": ""})
    client.post(address, {**figure, "read_version": 1, "remark": REMARK})
    assert ObservationVersion.objects.get(remark=REMARK)
    return series


def test_the_log_holds_neither(saved, whole_log):
    logging.getLogger("indicators").warning("not understood: %s", REMARK)

    assert "139****5678" in whole_log.getvalue()
    assert MOBILE not in whole_log.getvalue()
    assert ID_CARD not in whole_log.getvalue()


def test_the_list_of_the_trail_hides_both(saved, client):
    auditor = make_user("auditor")
    make_post(auditor, Role.AUDITOR)
    client.force_login(auditor)

    listed = client.get("/trail/").content.decode()

    assert "139****5678" in listed
    assert MOBILE not in listed
    assert ID_CARD not in listed


def test_an_export_holds_what_was_typed_and_the_trail_that_it_was_taken(saved, tmp_path):
    """It has to come back as it was, and the trail's has to fit its hashes: nothing is masked."""
    for table in ("versions", "audit"):
        path = tmp_path / table
        call_command("export", table, format="jsonl", output=str(path))
        assert MOBILE in path.read_text(encoding="utf-8")

    call_command("export", "audit", format="jsonl", output=str(tmp_path / "again"))
    lines = (tmp_path / "again").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["action"] for line in lines].count("export") >= 2
