"""METHOD.md: its worked cases by hand, and thousands of generated ones against the slow method."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.method import ObservationRow, RefusedInput, TargetRow, assess
from indicators.method.reading import read_rows
from indicators.method.scaling import by_decimals
from reports.offline import cells as slow_method
from targets_site.figures import plain


def target(kind="reach", comparator="ge", value="98", year=2020, **fields):
    given = {"start_year": 2011, "unit": "%", "document": "d", "series": "s", **fields}
    for name in ("baseline_value", "tolerance"):
        if name in given:
            given[name] = Decimal(given[name])
    return TargetRow(
        given.pop("code", "t"),
        kind,
        comparator=comparator,
        value=None if value is None else Decimal(value),
        target_year=year,
        **given,
    )


def figures(**by_year):
    """figures(y2015="97.0", y2016="at_least 99")"""
    rows = []
    for year, text in by_year.items():
        bound, _, value = text.rpartition(" ")
        rows.append(ObservationRow("s", int(year[1:]), Decimal(value), bound or "exact"))
    return rows


def milestone(value, year, **fields):
    return target(value=value, year=year, code="m", **fields)


FROM_2010_96 = {"baseline_year": 2010, "baseline_value": "96"}
FROM_2015 = {"hold_from": 2015}
FROM_2011 = {"hold_from": 2011}

WORKED = [
    pytest.param(
        [target(**FROM_2010_96), milestone("97", 2015)],
        figures(y2015="97.0"), 2016, {"status": "on_track", "ratio": "1"},
        id="halfway-by-the-milestone",
    ),
    pytest.param(
        [
            target(comparator="le", value="2", baseline_year=2010, baseline_value="4"),
            milestone("3", 2015, comparator="le"),
        ],
        figures(y2015="3.0"), 2016, {"status": "on_track", "ratio": "1"},
        id="the-same-fact-as-a-failure-rate",
    ),
    pytest.param(
        [target(baseline_year=2010, baseline_value="97.6")],
        figures(y2011="97.7"), 2011, {"status": "near", "gap": "0.3"}, id="too-little-way",
    ),
    pytest.param(
        [target("hold", value="97", **FROM_2015)],
        figures(y2015="96.9"), 2015, {"status": "breached"}, id="level-not-held",
    ),
    pytest.param(
        [target("hold"), milestone("97", 2015)],
        figures(y2015="97.2", y2016="98.4"), 2016, {"status": "holding"},
        id="held-from-the-year-after-the-milestone",
    ),
    pytest.param(
        [target("hold", value="97", **FROM_2011)],
        figures(y2011="97.4", y2012="96.8", y2013="97.1", y2014="97.5"), 2014,
        {"status": "recovered", "breached_years": "2012"}, id="recovered",
    ),
    pytest.param(
        [target("hold", value="97", **FROM_2011)],
        figures(y2011="97.4", y2013="97.6", y2014="97.5"), 2014,
        {"status": "holding_gaps", "missing_years": "2012"}, id="a-year-missing",
    ),
    pytest.param(
        [target("hold", value="63", year=2015, frequency=5)],
        figures(y2010="63.1", y2015="63.1"), 2015, {"status": "kept"}, id="a-survey-every-5-years",
    ),
    pytest.param(
        [target(value="100", baseline_year=2010, baseline_value="100")],
        figures(y2015="99.9"), 2015, {"status": "fell_back"}, id="met-at-the-start",
    ),
    pytest.param(
        [target()], figures(y2014="98.9", y2015="98.2"), 2015,
        {"status": "slipping"}, id="drop-0.7-margin-0.2",
    ),
    pytest.param(
        [target(value="85")], figures(y2014="94.3", y2015="94.2"), 2015,
        {"status": "met_early"}, id="far-above",
    ),
    pytest.param(
        [target()], figures(y2020="97.95"), 2020,
        {"status": "missed", "gap": "0.05"}, id="missed-by-0.05",
    ),
    pytest.param(
        [target()], figures(y2018="98.4"), 2020,
        {"status": "not_collected", "side_year": "2018", "side_value": "98.4"},
        id="side-evidence",
    ),
    pytest.param(
        [target(year=2015)], figures(y2015="at_least 99"), 2015,
        {"status": "achieved"}, id="at-least-99",
    ),
    pytest.param(
        [target(year=2015)], figures(y2015="at_least 97"), 2015,
        {"status": "undetermined"}, id="at-least-97",
    ),
    pytest.param(
        [target(year=2015)], figures(y2015="at_most 97"), 2015,
        {"status": "missed"}, id="at-most-97",
    ),
    pytest.param(
        [target(baseline_year=2010, baseline_value="90"), milestone("96", 2015)],
        figures(y2013="92.4"), 2013, {"status": "behind", "ratio": "0.6667"}, id="behind",
    ),
    pytest.param(
        [
            target(
                value="50", unit="个", nature="cumulative",
                baseline_year=2010, baseline_value="0",
            )
        ],
        figures(y2015="20"), 2015, {"status": "behind", "ratio": "0.8"}, id="a-running-total",
    ),
    pytest.param(
        [target(value="100", unit="项", nature="flow", start_year=2018)],
        figures(y2018="40", y2019="45", y2020="20"), 2020,
        {"status": "achieved", "actual_value": "105"}, id="counts-of-the-year-add-up",
    ),
    *[
        pytest.param(
            [target(comparator="about", value="82", year=2015)],
            figures(y2015=value), 2015, {"status": status}, id=f"about-82-{value}",
        )
        for value, status in [("81.6", "achieved"), ("81", "undetermined"), ("70", "missed")]
    ],
]  # fmt: skip


@pytest.mark.parametrize(("targets", "observations", "as_of", "expected"), WORKED)
def test_worked_case(targets, observations, as_of, expected):
    verdict = as_text(assess(targets, observations, as_of=as_of)[0])

    assert {name: verdict[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("targets", "observations", "table", "column"),
    [
        ([target(value=None)], [], "targets", "value"),
        ([target(kind="wish")], [], "targets", "kind"),
        ([target("relative", "gt")], [], "targets", "comparator"),
        ([target(baseline_year=2010)], [], "targets", "baseline_value"),
        ([target(start_year=None)], [], "targets", "start_year"),
        ([target()], figures(y2015="97") * 2, "observations", "year"),
    ],
)
def test_wrong_input_is_refused_with_its_place(targets, observations, table, column):
    with pytest.raises(RefusedInput) as refused:
        assess(targets, observations, as_of=2015)

    assert (refused.value.table, refused.value.column) == (table, column)


def test_figures_too_long_for_64_bits_stay_exact():
    verdicts = assess(
        [target(value="999999999.999999", unit="个", baseline_year=2010, baseline_value="0")],
        figures(y2015="499999999.999999"),
        as_of=2015,
    )

    # e = 999999999.999999 / 10 × 5 = 499999999.9999995, so R = 0.999…9, rounded to 1.
    assert as_text(verdicts[0])["gap"] == "500000000"
    assert as_text(verdicts[0])["expected_value"] == "500000000"
    assert verdicts[0].status == "on_track"


def test_many_targets_of_about_a_value_do_not_widen_the_integers():
    many = [target(comparator="about", value="82", year=2015, code=f"t{n}") for n in range(500)]

    verdicts = assess(many, figures(y2015="81.6"), as_of=2015)

    assert {verdict.status for verdict in verdicts} == {"achieved"}
    columns = read_rows(many, figures(y2015="81.6"), [2015] * 500)
    assert [part.scale for _positions, part, _figures in by_decimals(*columns)] == [10]


def test_a_long_figure_leaves_the_others_in_64_bits():
    others = [target(code=f"t{n}", series=f"s{n}") for n in range(20)]
    long = target(value="999999999.999999", unit="个", code="long")

    columns = read_rows([*others, long], figures(y2015="499999999.999999"), [2015] * 21)

    parts = {part.scale: len(part) for _positions, part, _figures in by_decimals(*columns)}
    assert parts == {10: 20, 10**6: 1}


@pytest.mark.parametrize(
    ("one", "figure", "expected"),
    [
        (target(), "98.4", "met"),
        (target(), "97.9", "short"),
        (target(), "at_least 97", "open"),
        (target(comparator="le", value="2"), "1.5", "met"),
        (target(comparator="gt"), "98", "short"),
        (target(comparator="about", value="82"), "81", "open"),
        (target("hold"), "98", "met"),
        (target("relative", value="15", baseline_value="100"), "114", "short"),
        (target("monotone", value=None), "98", ""),
    ],
)
def test_side_evidence_says_whether_it_would_meet_the_target(one, figure, expected):
    verdict = assess([one], figures(y2018=figure), as_of=2020)[0]

    assert (verdict.status, verdict.side_state) == ("not_collected", expected)


FIGURE = st.one_of(
    st.integers(9000, 10000).map(lambda n: f"{n / 100:.2f}"),
    st.integers(900, 1000).map(lambda n: f"{n / 10:.1f}"),
    st.integers(0, 120).map(str),
    st.sampled_from(["0", "82", "97", "98", "98.0", "100", "97.95"]),
)
YEAR = st.integers(2008, 2021)


@st.composite
def target_texts(draw, code):
    kind = draw(st.sampled_from(["reach", "reach", "reach", "hold", "hold", "relative", "monotone",
                                 "text"]))  # fmt: skip
    comparators = ["ge", "ge", "ge", "gt", "le", "lt", "between", "about"]
    if kind in {"relative", "monotone"}:
        comparators = ["ge", "le"]
    comparator = draw(st.sampled_from(comparators))
    row = {
        "target_code": code,
        "document": "d",
        "series": draw(st.sampled_from(["s", "s", "s", "other", ""])),
        "kind": kind,
        "comparator": comparator,
        "value": draw(FIGURE),
        "unit": draw(st.sampled_from(["%", "index", "个"])),
        "target_year": draw(st.sampled_from(["2015", "2020", "2020", "2018", ""])),
        "start_year": draw(st.sampled_from(["2011", "2013"])),
        "hold_from": draw(st.one_of(st.just(""), st.integers(2011, 2020).map(str))),
        "tolerance": draw(st.sampled_from(["", "0.5", "1"])) if comparator == "about" else "",
        "nature": draw(st.sampled_from(["", "level", "level", "cumulative", "flow"])),
        "frequency": draw(st.sampled_from(["", "1", "2", "5"])),
        "baseline_year": "",
        "baseline_value": "",
    }
    if draw(st.booleans()):
        row["baseline_value"] = draw(FIGURE)
        row["baseline_year"] = draw(st.integers(2008, 2016).map(str))
    if kind == "relative" and draw(st.booleans()):
        row["baseline_year"] = ""
    return row


@st.composite
def observation_texts(draw, series):
    years = draw(st.sets(YEAR, max_size=12))
    return [
        {
            "series": series,
            "year": str(year),
            "value": draw(FIGURE),
            "bound": draw(st.sampled_from(["exact"] * 8 + ["at_least", "at_most", "about"])),
            "obs_status": draw(st.sampled_from(["A"] * 12 + ["B", "E", "P"])),
        }
        for year in sorted(years)
    ]


@settings(max_examples=3000)
@given(
    targets=st.integers(1, 4).flatmap(
        lambda n: st.tuples(*[target_texts(f"t{i}") for i in range(n)])
    ),
    observations=st.tuples(observation_texts("s"), observation_texts("other")),
    as_of=st.integers(2010, 2022),
)
def test_the_method_agrees_with_the_slow_one(targets, observations, as_of):
    rows = [row for series in observations for row in series]

    fast = assess(
        [target_row(row) for row in targets], [observation_row(row) for row in rows], as_of=as_of
    )

    compared = [as_text(verdict) for verdict in fast]
    for verdict in compared:
        del verdict["side_state"]  # not a column of the CSV; see the tests of its own
    assert compared == slow_method.assess(targets, rows, as_of=as_of)


def target_row(texts):
    """A row of text as the method takes it."""

    def figure(name):
        return Decimal(texts[name]) if texts[name] else None

    def year(name):
        return int(texts[name]) if texts[name] else None

    return TargetRow(
        texts["target_code"],
        texts["kind"],
        document=texts["document"],
        series=texts["series"],
        comparator=texts["comparator"],
        value=figure("value"),
        unit=texts["unit"],
        target_year=year("target_year"),
        start_year=year("start_year"),
        hold_from=year("hold_from"),
        baseline_year=year("baseline_year"),
        baseline_value=figure("baseline_value"),
        tolerance=figure("tolerance"),
        nature=texts["nature"] or "level",
        frequency=year("frequency") or 1,
    )


def observation_row(texts):
    return ObservationRow(
        texts["series"],
        int(texts["year"]),
        Decimal(texts["value"]),
        texts["bound"],
        texts["obs_status"],
    )


def as_text(verdict):
    """A verdict as the CSV says it."""

    def said(value):
        if isinstance(value, tuple):
            return ";".join(map(str, value))
        if isinstance(value, Decimal):
            return plain(value)
        return "" if value is None else str(value)

    return {name: said(value) for name, value in vars(verdict).items()}
