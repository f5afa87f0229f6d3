"""Made-up values for the page of the pieces: little, much, missing, and very long words."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from indicators.enums import LIGHT_OF, Light, SourceGrade, Status
from plans.models import Domain
from reports.queries.overview import Cell, Matrix, MatrixRow
from reports.queries.rows import LightCount
from targets_site.pieces import Choice, LinkedCount, Provenance, ShownFigure, Tile, YearLight
from targets_site.places.models import Area

LONG_ZH = "示例省贯彻落实国务院质量发展纲要和进一步加强全省质量工作的实施意见（征求意见稿）"
LONG_EN = "Share of large and medium-sized construction projects accepted at first inspection"


@dataclass(frozen=True)
class Standing:
    """What the badge reads of a verdict."""

    status: Status
    light: Light
    direction: int = 1


@dataclass(frozen=True)
class Dot:
    """A yearly figure of a small picture."""

    year: int
    value: Decimal | None
    is_break: bool = False
    is_hollow: bool = False


@dataclass(frozen=True)
class Bar:
    """A figure against its target, and what the example shows."""

    words: object
    value: Decimal | None
    target: Decimal | None
    unit: str = "%"
    milestone: Decimal | None = None


@dataclass(frozen=True)
class Line:
    """A small picture, and what the example shows."""

    words: object
    points: tuple[Dot, ...]
    target: Decimal | None = None


def standings() -> list[Standing]:
    """Every status that there is, worst light first."""
    worst_first = {light: place for place, light in enumerate(Light)}
    known = [Standing(Status(status), light) for status, light in LIGHT_OF.items()]
    return sorted(known, key=lambda each: worst_first[each.light])


GRADES = tuple(SourceGrade.values)

FIGURES_FEW = (
    ShownFigure(why_missing=_("no figure published up to 2020")),
    ShownFigure(value="63.10", unit="%", year=2014, grade="press"),
)
FIGURES_MANY = (
    ShownFigure(
        value="95", sign="≥", unit="%", year=2020, grade="reprint", address="#figure",
        note=_("this figure does not decide it"),
    ),
    ShownFigure(value="1234567.80", unit="亿元", year=2020, grade="official", address="#figure"),
    ShownFigure(
        value="0", unit="个", year=2015, grade="reported", note=_("a zero that is reported"),
    ),
    ShownFigure(value="102.35", unit="index", year=2019, grade="official"),
)  # fmt: skip

TILES_FEW = (Tile(count=1, label=_("decided"), address="#tile", is_main=True),)
TILES_MANY = (
    Tile(count=12, label=_("missed"), address="#tile", light="red", is_main=True),
    Tile(count=7, label=_("behind"), address="#tile", light="yellow"),
    Tile(
        count=644200, label=_("quantitative targets of the nation"), address="#tile",
        lights=(
            LinkedCount("red", 12, "#tile"), LinkedCount("yellow", 7, "#tile"),
            LinkedCount("green", 644181, "#tile"),
        ),
    ),
    Tile(count=31, label=_("no figure of the target year"), address="#tile", light="grey"),
    Tile(count=0, label=_("waiting for review"), note=_("Nothing waits, so it opens nothing.")),
)  # fmt: skip

BARS_FEW = (
    Bar(_("no figure"), None, Decimal(98)),
    Bar(_("falls short"), Decimal("92.5"), Decimal(98)),
)
BARS_MANY = (
    Bar(_("beyond"), Decimal("99.4"), Decimal(98)),
    Bar(_("with a milestone"), Decimal(41), Decimal(60), milestone=Decimal(50)),
    Bar(_("an index"), Decimal("83.96"), Decimal(85), unit="index"),
    Bar(_("a count"), Decimal(1240), Decimal(2000), unit="个"),
)
LINES_FEW = (
    Line(_("no figure"), ()),
    Line(_("one figure"), (Dot(2014, Decimal(78)),), Decimal(85)),
)
LINES_MANY = (
    Line(
        _("ten years with a target"),
        tuple(Dot(2011 + at, Decimal(60 + at * at) / 2) for at in range(10)), Decimal(70),
    ),
    Line(
        _("a gap and a break"),
        (Dot(2011, Decimal("96.4")), Dot(2012, Decimal("96.9")), Dot(2015, Decimal("97.8")),
         Dot(2016, Decimal("91.2"), is_break=True), Dot(2017, Decimal("92.5"))), Decimal(95),
    ),
    Line(
        _("hollow: a reprint or provisional"),
        (Dot(2018, Decimal("98.1")), Dot(2019, Decimal("99.77"), is_hollow=True)), Decimal(95),
    ),
)  # fmt: skip

GOALS = (
    Choice(_("Goal 2015"), "#switch"),
    Choice(_("Goal 2020"), "#switch", is_current=True),
)
AS_OF = tuple(Choice(str(year), "#switch", year == 2018) for year in range(2009, 2021))
YEARS_FEW = (YearLight(year=2020, light="grey", word=_("No figure"), is_current=True),)
_LIGHTS = ("none", "grey", "green", "pale", "yellow", "red")
YEARS_MANY = tuple(
    YearLight(
        year=2009 + at, light=_LIGHTS[at % 6], word=_("worst of 12 targets"), shown=f"{at}/12",
        address="#years", is_current=at == 11,
    )
    for at in range(12)
)  # fmt: skip

PROVENANCE_FEW = Provenance(document="示例省质量发展纲要", stated="达到40%以上")
PROVENANCE_MANY = Provenance(
    document=LONG_ZH, document_address="#provenance", number="示府[2013]82号",
    locator="二、指导思想、工作方针和发展目标 / （三）发展目标 / 1.产品质量 / 到2015年 / 第1项",
    stated="主要农产品质量安全抽检合格率持续保持在98%以上", reading="主要农产品质量安全抽检合格率",
    reading_address="#provenance", reading_note="与2010年以来农业部例行监测口径一致。",
    figure="98.40 %", year=2014, source="2014年示例省国民经济和社会发展统计公报",
    source_url="https://example.org/", grade="official",
)  # fmt: skip

MEASURED = (("2014", "97.10", "press"), ("2015", "98.4", "official"), ("2016", "", ""))


def domains() -> list[Domain]:
    return [
        Domain(code=code, name_zh=zh, name_en=en)
        for code, zh, en in (
            ("product", "产品质量", "Products"), ("engineering", "工程质量", "Construction"),
            ("service", "服务质量", "Services"), ("environment", "环境质量", "Environment"),
            ("metrology", "计量与检验检测", "Metrology, inspection and testing"),
        )
    ]  # fmt: skip


# A row with nothing at all, one that is sparse, one that is full.
_CELLS = (
    ("990001", "示例一省", "Example One", ((), (), (), (), ())),
    ("990002", "示例二省", "Example Two", ((("grey", 1),), (), (), (("pale", 1),), ())),
    ("990003", "示例三省", "Example Three", (
        (("red", 4), ("yellow", 2), ("pale", 1), ("green", 31)), (("yellow", 3), ("grey", 10)),
        (("green", 8),), (("red", 128), ("grey", 1024)), (("grey", 2),),
    )),
)  # fmt: skip


def matrix() -> Matrix:
    """Areas that no place has."""
    rows = [_row(*each) for each in _CELLS]
    return Matrix(page=Paginator([row.area for row in rows], 10).page(1), rows=rows)


def _row(code: str, zh: str, en: str, cells: tuple[tuple[tuple[str, int], ...], ...]) -> MatrixRow:
    area = Area(code=code, name_zh=zh, name_en=en)
    counted = [
        Cell(domain.code, domain.name, [LightCount(light, count) for light, count in lights],
             in_words=1 if lights else 0)
        for domain, lights in zip(domains(), cells, strict=True)
    ]  # fmt: skip
    return MatrixRow(area, counted)
