"""Every figure that a page prints equals the cell of the CSV files that a reader can download."""

import pytest
from django.urls import reverse

from indicators.models import Observation
from tests.browser.addresses import TARGETS
from tests.browser.audited_world import correct
from tests.browser.conftest import SERIES, sign_in
from tests.browser.exported import COLLECT, Compared, Exports
from tests.browser.seen import markup_only

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABLES = ["targets", "observations", "verdicts"]
LEAST = 200


@pytest.fixture
def exports(page, rich_site):
    return downloaded(page, rich_site)


def downloaded(page, site):
    """From the addresses that the page of exports offers."""
    files = {}
    for table in TABLES:
        answer = page.request.get(f"{site}/exports/{table}.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        files[table] = answer.body().decode("utf-8-sig")
    return Exports(files)


def codes_with_figures(exports):
    return sorted({code for (code, _as_of), row in exports.verdicts.items()
                   if row["actual_value"] or row["side_value"]})  # fmt: skip


def codes_of_goals(exports):
    return {code for code, row in exports.targets.items() if row["target_year"] in {"2015", "2020"}}


def pages_of_lists(page, site, address):
    """The address of a list and of its further pages, each opened."""
    while address:
        page.goto(site + address)
        yield address
        following = page.locator("#targets .pagination a[rel=next]")
        address = following.get_attribute("href") if following.count() else ""
        if address.startswith("?"):
            address = "/" + address


def addresses_by_kind(exports):
    """Kind of page and address; those of single targets are all that have a figure."""
    areas = sorted({row["area_code"] for row in exports.targets.values()})
    documents = sorted({row["document"] for row in exports.targets.values()})
    indicators = sorted({row["indicator_code"] for row in exports.observations.values()})
    targets = sorted({*codes_with_figures(exports), *TARGETS} & set(exports.targets))
    kinds = {
        "area": [f"{reverse('reports:area', args=[code])}{goal}" for code in areas
                 for goal in ("?goal=2015", "?goal=2020")],
        "target": [reverse("reports:target", args=[code]) for code in targets],
        "indicator": [reverse("reports:indicator", args=[code]) for code in indicators],
        "document": [reverse("reports:document", args=[slug]) for slug in documents],
        "meeting": [f"{reverse('reports:meeting', args=[code])}{goal}" for code in areas
                    for goal in ("?goal=2015", "?goal=2020")],
        "compare": [reverse("reports:compare") + "?a=hainan-2013&b=hainan-2018"],
        "provenance": [
            *[reverse("reports:target_provenance", args=[code]) for code in targets],
            *[reverse("reports:provenance", args=key) for key in sorted(exports.observations)[::4]],
        ],
        "register": [f"{reverse('reports:unjudged')}?goal={goal}&page={number}"
                     for goal in (2015, 2020) for number in (1, 2)],
    }  # fmt: skip
    return [(kind, address) for kind, some in kinds.items() for address in some]


def language_of(page, site, language):
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site}])


def test_every_figure_equals_the_export(page, rich_site, exports):
    markup_only(page)
    compared, listed = Compared.nothing(), set()
    for goal in (2015, 2020):
        for query in (f"/?goal={goal}", f"/?goal={goal}&key=1"):
            for address in pages_of_lists(page, rich_site, query):
                shown = page.evaluate(COLLECT)
                listed |= {seen["reference"] for seen in shown}
                compared.page("overview", address, shown, exports, is_english=False)
    for kind, address in addresses_by_kind(exports):
        page.goto(rich_site + address)
        compared.page(kind, address, page.evaluate(COLLECT), exports, is_english=False)

    print(compared.said())  # noqa: T201 - how many is worth knowing
    assert compared.problems == [], "\n".join(map(str, compared.problems))
    assert {f"targets {code} value" for code in codes_of_goals(exports)} <= listed
    assert len(set().union(*compared.distinct.values())) >= LEAST
    assert min(compared.numbers.values()) >= 20
    assert set(compared.numbers) == {
        "overview", "area", "target", "indicator", "document", "meeting", "compare",
        "provenance", "register",
    }  # fmt: skip


def test_figures_are_the_same_in_english(page, rich_site, exports):
    language_of(page, rich_site, "en")
    markup_only(page)
    compared = Compared.nothing()
    some = [
        *addresses_by_kind(exports)[::4],
        ("overview", "/?goal=2015"),
        ("overview", "/?goal=2020"),
    ]
    for kind, address in some:
        page.goto(rich_site + address)
        assert page.locator("html").get_attribute("lang") == "en"
        compared.page(kind, address, page.evaluate(COLLECT), exports, is_english=True)

    print(compared.said())  # noqa: T201 - how many is worth knowing
    assert compared.problems == [], "\n".join(map(str, compared.problems))
    assert sum(compared.numbers.values()) >= LEAST


@pytest.mark.usefixtures("people")
def test_a_correction_in_the_register_equals_the_export(page, site):
    figure = Observation.objects.filter(series__code=SERIES).latest("year")
    correct(figure.series, figure.year, "62.30")
    sign_in(page, site, "reviewer")
    page.goto(site + reverse("indicators:changed"))

    compared = Compared.nothing()
    shown = page.evaluate(COLLECT)
    compared.page("register", page.url, shown, downloaded(page, site), is_english=False)

    assert compared.problems == []
    assert [seen["reference"] for seen in shown] == [f"observations {SERIES} {figure.year} value"]
    assert compared.numbers["register"] == 1
