"""The same as by the form: any texts, once through a file and once through saving."""

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from indicators.actions import entry
from indicators.import_columns import BY_KEY
from indicators.typed_figures import FIELDS, understand
from tests.factories import make_figure
from tests.indicators.importing import add_series, csv_file, make_world, read, store


def content_of(version):
    """A version without what differs between two saves of the same."""
    said = {name: getattr(version, name) for name in (*version.COPIED, "state", "number")}
    who = (version.entered_by.username, version.correction_reason)
    return said, who, sorted(version.evidence.values_list("pk", flat=True))


# Our exports guard formulas by an apostrophe, which reading a file takes away again.
TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=12).map(
    lambda text: text.lstrip("'")
)
FIGURE = st.fixed_dictionaries(
    {
        "value": st.decimals(0, 100, places=2, allow_nan=False).map(str),
        "bound": st.sampled_from(["", "exact", "at_least", "不低于"]),
        "obs_status": st.sampled_from(["", "A", "P", "BE"]),
        "source_title": TEXT,
        "source_url": st.sampled_from(["", "https://stats.gov.cn/a?b=1"]),
        "published_as": TEXT,
        "published_on": st.sampled_from(["", "2020", "2021-03-05"]),
    }
)
RATE = st.integers(0, 400).map(
    lambda number: {"value": "", "numerator": str(number), "denominator": "400"}
)
MISSING = st.sampled_from(["未统计", "=1"]).map(lambda why: {"value": "", "missing_reason": why})
PROSE = st.fixed_dictionaries(dict.fromkeys(("remark", "shortfall_reason", "next_steps"), TEXT))
TYPED = st.tuples(FIGURE | RATE | MISSING, PROSE).map(
    lambda parts: dict.fromkeys(FIELDS, "") | parts[0] | parts[1]
)


@pytest.mark.django_db
@hypothesis_settings(max_examples=40)
@given(texts=st.lists(TYPED, min_size=1, max_size=4), is_approved=st.booleans())
def test_what_is_stored_is_what_the_form_would_store(texts, is_approved):
    """The same texts, once through a file and once through `entry.save`."""
    with transaction.atomic():
        world = make_world()
        by_file = [add_series(world, f"a{number}") for number in range(len(texts))]
        by_form = [add_series(world, f"b{number}") for number in range(len(texts))]
        if is_approved:
            for each in (*by_file, *by_form):
                make_figure(each, 2020, "50")
        rows = [
            [series.code, "2020", *each.values()]
            for series, each in zip(by_file, texts, strict=True)
        ]
        headings = ["series", "year", *(BY_KEY[name].heading_en for name in FIELDS)]
        store(
            read(csv_file(*rows, headings=headings), by=world.official, reason="修订"),
            confirmed=True,
        )

        found = [content_of(series.observations.get().working) for series in by_file]
        expected = [
            content_of(
                entry.save(
                    series=series,
                    year=2020,
                    figure=understand(each, indicator=series.indicator, year=2020).figure,
                    read_version=1 if is_approved else None,
                    by=world.official,
                    correction_reason="修订",
                )
            )
            for series, each in zip(by_form, texts, strict=True)
        ]
        assert found == expected
        transaction.set_rollback(True)
