"""On the real data: one count, one order, one year wherever a goal is looked at from a year."""

import html
import re

import pytest

from indicators.models import VerdictTally
from reports.queries.meeting.sheet import meeting_sheet
from targets_site.places.models import Area

pytestmark = pytest.mark.django_db

LINKED = re.compile(r'<a href="[^"]*coverage=([a-z_]+)#targets">(\d+)</a>')
TILE = re.compile(r'coverage=([a-z_]+)#targets"[^>]*>\s*<span class="tile__count">(\d+)')


@pytest.fixture(autouse=True)
def _open_reading(settings):
    settings.OPEN_READING = True


def sentence_of(page):
    return html.unescape(re.search(r'<p class="lead">(.*?)</p>', page, re.DOTALL)[1])


def tiles_of(page):
    """By the name of the part; those without any lead nowhere."""
    return {name: int(count) for name, count in TILE.findall(html.unescape(page))}


def asked():
    """Each goal year of each area and of the nation from each year that it can be seen from."""
    found = VerdictTally.objects.filter(goal_year__gt=0, as_of__lte=2026)
    rows = set(found.values_list("area__code", "goal_year", "as_of"))
    nation = {(goal, as_of) for _area, goal, as_of in rows}
    addresses = [f"/areas/{area}/?goal={goal}&as_of={as_of}" for area, goal, as_of in rows]
    addresses += [f"/?area={area}&goal={goal}&as_of={as_of}" for area, goal, as_of in rows]
    return sorted(addresses + [f"/?goal={goal}&as_of={as_of}" for goal, as_of in nation])


def test_sentence_and_tiles_count_the_same_and_no_later_figure_is_shown(client, real_data):
    addresses = asked()
    figures = 0

    assert len(addresses) > 100
    for address in addresses:
        response = client.get(address)
        assert not response.context["problems"], address
        check_counts(address, response)
        figures += check_figures(address, response)
    assert figures > 100


def check_counts(address, response):
    page = response.content.decode()
    tiles = tiles_of(page)
    said = {name: int(count) for name, count in LINKED.findall(sentence_of(page))}
    shown = response.context.get("assessment") or response.context["shown"]
    computed = sum(count for name, count in tiles.items() if name != "in_words")

    assert (address, said) == (address, tiles)
    assert (address, computed + shown.not_computed) == (address, shown.total)


def check_figures(address, response):
    """How many there are, none of a year after the one that the page is seen from."""
    as_of = int(re.search(r"as_of=(\d+)", address)[1])
    years = [point.year for line in lines_of(response.context) for point in line.points]
    assert (address, [year for year in years if year > as_of]) == (address, [])
    return len(years)


def lines_of(context):
    if "listed" in context:
        headline = context["listed"].headline
        return [*context["listed"].lines, *(headline.lines if headline else [])]
    shown = context["shown"]
    panels = [panel.line for part in shown.domains for panel in part.panels]
    return [*panels, *shown.headline.lines]


SENTENCES = {
    "/?goal=2015": "2015年定量目标共90项，可判定3项。77项没有目标年数据，也没有旁证。"
    "7项仅有其他年份数据（旁证），其中按旁证未达到的3项。1项有数据但待认定。2项缺基期值。",
    "/areas/460000/?goal=2020&as_of=2014": "截至2014年，2020年定量目标共19项，可判定2项。"
    "11项没有可供判定的数据。2项缺基期值或后续数据。4项未到期。",
    "/areas/340000/?goal=0": "2项文件未明确目标年。",
}


def test_what_cannot_be_decided_is_said_by_its_reason(client, real_data):
    client.cookies["django_language"] = "zh-hans"

    for address, sentence in SENTENCES.items():
        said = re.sub(r"<[^>]+>", "", sentence_of(client.get(address).content.decode()))
        assert sentence in said


# What an earlier year shows, and where it leads.

MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
ELSEWHERE = re.compile(
    r'<nav class="(goal|as-of)-switch.*?</nav>|<section class="section" id="news".*?</section>'
    r'|<div class="area-switch.*?</div>|<ol class="strip".*?</ol>',
    re.DOTALL,
)
OF_A_YEAR = re.compile(r"^(/targets/|/areas/[0-9]+/$|/areas/[0-9]+/\?|/\?|\?)")


def links_of(page):
    """Of targets, areas and the overview in the body; what changes the year itself, and the news,
    which are of today, are left out."""
    body = ELSEWHERE.sub("", MAIN.search(page)[0])
    found = [html.unescape(each) for each in re.findall(r'href="([^"#][^"]*)"', body)]
    return {each for each in found if OF_A_YEAR.match(each)}


SEEN_EARLIER = [
    "/?goal=2020&as_of=2014",
    "/?goal=2020&as_of=2018",
    "/?goal=2015&as_of=2012",
    "/?goal=2020&as_of=2014&area=460000",
    "/areas/460000/?goal=2020&as_of=2014",
    "/areas/340000/?goal=2020&as_of=2018",
    "/areas/360000/?goal=2015&as_of=2013",
]


def test_links_keep_the_as_of_year(client, real_data):
    seen = client.get("/areas/460000/?goal=2020&as_of=2019")
    departments = [each.department.code for each in seen.context["shown"].departments]
    led = f"/areas/460000/?goal=2020&as_of=2019&department={departments[0]}"

    for address in [*SEEN_EARLIER, led]:
        check_links(client, address)


def check_links(client, address):
    """All of them work and keep both years; so does the way back from a target."""
    goal, year = re.search(r"goal=(\d+)&as_of=(\d+)", address).groups()
    links = links_of(client.get(address).content.decode())
    targets = sorted(each for each in links if each.startswith("/targets/"))

    assert targets
    for each in links:
        assert f"as_of={year}" in each, (address, each)
        assert each in targets or f"goal={goal}" in each, (address, each)
    for each in sorted(links - {*targets[1:]}):
        response = client.get(each.partition("#")[0])
        assert response.status_code == 200, each
        assert not response.context.get("problems"), each
    onward = MAIN.search(client.get(targets[0]).content.decode())[0]
    assert f"/?goal={goal}&amp;as_of={year}" in onward


def test_the_order_of_urgency_is_one(client, real_data):
    codes = {
        "overview": [
            line.target.code
            for line in client.get("/?goal=2020&area=460000&key=1").context["listed"].lines
        ],
        "area": [
            line.target.code
            for line in client.get("/areas/460000/?goal=2020").context["shown"].headline.lines
        ],
        "meeting": [
            line.target.code
            for line in meeting_sheet(Area.objects.get(code="460000"), 2020, 2020).headline
        ],
    }
    of_both = [each for each in codes["overview"] if each in codes["area"]]

    assert len(of_both) > 2
    assert of_both == codes["area"][: len(of_both)]
    assert codes["meeting"][: len(codes["overview"])] == codes["overview"]


def test_a_figure_from_before_is_said_where_it_is_drawn(client, real_data):
    client.cookies["django_language"] = "zh-hans"

    page = client.get("/?goal=2020&as_of=2014&area=460000").content.decode()

    assert re.search(r"仅有基期数据（2011年82\.7 ?%）", re.sub(r"<[^>]+>", "", page))

    target = client.get("/targets/hainan-2013-037/?as_of=2014").content.decode()
    assert "序时应达约77.6%，完成应有进度的105.84%" in target
    assert "77.575%" in target
