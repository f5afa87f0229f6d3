"""What a file does not say."""

from decimal import Decimal

import pytest

from indicators.actions import entry, workflow
from indicators.models import (
    Attachment,
    ObservationVersion,
)
from tests.factories import (
    make_figure,
    make_reviewer,
)
from tests.indicators.importing import (
    csv_file,
    read,
    store,
)
from tests.indicators.imports_lines.world import BY_SERIES, only_line, saved

pytestmark = pytest.mark.django_db


def test_columns_that_are_missing_keep_what_is_stored(world):
    saved(world, source_title="公报", source_url="https://a.cn/", remark="注", bound="at_least",
          shortfall_reason="缘由", next_steps="措施", published_on="2021")  # fmt: skip

    imported = read(
        csv_file(["370000.0101.all", "2020", "98.5", "新注"], headings=[*BY_SERIES, "note"]),
        by=world.official,
    )

    line = only_line(imported)
    assert line.content == {
        "figure": {
            "value": "98.5", "bound": "at_least", "source_title": "公报",
            "source_url": "https://a.cn/", "published_on": "2021", "remark": "新注",
            "shortfall_reason": "缘由", "next_steps": "措施",
        },
        "before": {"remark": "注"},
    }  # fmt: skip


def test_a_new_value_does_not_keep_what_described_the_old_one(world):
    saved(world, value="97", numerator=Decimal(97), denominator=Decimal(100), bound="at_least",
          obs_status="P", source_title="公报", remark="注")  # fmt: skip

    imported = read(
        csv_file(["370000.0101.all", "2020", "98.5"], headings=BY_SERIES), by=world.official
    )

    assert only_line(imported).content == {
        "figure": {"value": "98.5", "source_title": "公报", "remark": "注"},
        "before": {
            "value": "97", "numerator": "97", "denominator": "100", "bound": "at_least",
            "obs_status": "P",
        },
    }  # fmt: skip


def test_a_correction_does_not_keep_the_old_source(world):
    make_figure(world.series, 2020, "97", source_title="旧公报", remark="注")

    imported = read(
        csv_file(["370000.0101.all", "2020", "98.5"], headings=BY_SERIES),
        by=world.official,
        reason="更正",
    )

    assert only_line(imported).content == {
        "figure": {"value": "98.5", "remark": "注"},
        "before": {"value": "97", "source_title": "旧公报"},
    }


def test_a_missing_figure_becomes_one(world):
    saved(world, value=None, missing_reason="未统计")

    imported = read(
        csv_file(["370000.0101.all", "2020", "98.5"], headings=BY_SERIES), by=world.official
    )

    line = only_line(imported)
    assert (line.outcome, line.value_before) == ("changed", "未统计")
    assert line.content["figure"] == {"value": "98.5", "source_title": "公报"}


@pytest.mark.parametrize("is_approved", [False, True])
def test_evidence_stays_with_its_value(world, is_approved):
    letter = Attachment.objects.create(
        file="x", name="函.pdf", media_type="application/pdf", size=1, sha256="0" * 64,
        department=world.department, added_by=world.official,
    )  # fmt: skip
    first = saved(world, value="97", evidence=frozenset([letter.pk]))
    if is_approved:
        sent = entry.submit(version=first, by=world.official)
        workflow.approve(version=sent, by=make_reviewer(area=world.series.area))
    headings = [*BY_SERIES, "note"]

    same_value = read(
        csv_file(["370000.0101.all", "2020", "97", "注"], headings=headings),
        by=world.official,
        reason="更正",
    )
    other_value = read(
        csv_file(["370000.0101.all", "2020", "98", ""], headings=headings),
        by=world.official,
        reason="更正",
    )

    assert only_line(same_value).content["evidence"] == [letter.pk]
    assert only_line(other_value).content.get("evidence", []) == (
        [] if is_approved else [letter.pk]
    )
    store(same_value)
    assert list(ObservationVersion.objects.get(number=2).evidence.all()) == [letter]
