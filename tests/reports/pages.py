"""What the tests of the reading pages share."""

import re

from indicators.actions.tallies import tally
from indicators.enums import LIGHT_OF
from tests.factories import (
    make_area,
    make_document,
    make_figure,
    make_indicator,
    make_reading,
    make_series,
    make_target,
    make_text_target,
    make_verdict,
)


def judge(target, status, **fields):
    """The final verdict of a target, with the light of its status, counted as when it is stored."""
    year = fields.pop("as_of", target.target_year)
    verdict = make_verdict(target, year, status, light=LIGHT_OF[status], **fields)
    tally([target.document_id])
    return verdict


def judged(number, status="not_collected", *, area=None, **fields):
    """A target for 2020 with a series, one figure (97.10 in 2018) and its final verdict.

    domain, key and the like go to the target, the rest to the verdict.
    """
    area = area or make_area()
    document = make_document(f"plan-{area.code}", area)
    of_target = {name: fields.pop(name) for name in ("domain", "key", "target_year")
                 if name in fields}  # fmt: skip
    target = make_target(f"{document.slug}-{number:03d}", document, **of_target)
    series = make_series(area, make_indicator(f"rate-{number}"), scope=f"s{number}")
    make_figure(series, 2018, "97.10")
    return judge(target, status, reading=make_reading(target, series), **fields)


def in_words(number, status="not_measurable", *, target_year=2020, **fields):
    """A target in words in the same document as those of `judged`, with its verdict."""
    document = make_document("plan-990000", make_area())
    target = make_text_target(
        f"plan-990000-{number:03d}", document=document, target_year=target_year, **fields
    )
    return judge(target, status, as_of=target_year or 2020)


def text_of(response):
    """What a reader sees, in one line."""
    bare = re.sub(r"<(head|script|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())
