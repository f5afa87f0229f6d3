"""The parts of a workbook that its sheets lean on: their names, cell formats, shared texts."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from targets_site.sheets.problems import RefusedFile, refused, shortened
from targets_site.sheets.xlsx.container import Container, Relationship, damage_refused, damaged
from targets_site.sheets.xlsx.number_formats import NumberFormat, format_of
from targets_site.sheets.xlsx.texts import TextCollector
from targets_site.sheets.xlsx.xml_parts import MAIN, parse_blocks

RELATION_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
STRICT = "http://purl.oclc.org/ooxml/"
FORMAT_GROUPS = {f"{MAIN} {each}" for each in ("numFmts", "cellStyleXfs", "cellXfs", "dxfs")}
# Excel itself stops at 65,490 formats.
MOST_FORMATS, MOST_SHEETS, MOST_STRINGS = 65_536, 1_000, 5_000_000
TRUE = {"1", "true", "on"}


@dataclass(frozen=True)
class Sheet:
    """part: where its cells are; empty for a chart or a dialog."""

    name: str
    part: str
    is_hidden: bool


class Workbook:
    """Raises RefusedFile for dates from 1904 and for the strict variety of the format."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._part = _target(container.relationships_of(""), "officeDocument") or "xl/workbook.xml"
        self._relationships = container.relationships_of(self._part)
        self.sheets = self._read_sheets()

    def sheet(self, name: str) -> Sheet:
        """The sheet with a name, or where that is empty the only one that is not hidden.

        Raises RefusedFile that says which sheets there are.
        """
        names = shortened(", ".join(each.name for each in self.sheets), 200)
        for each in self.sheets:
            if each.name == name and each.part:
                return each
        if name:
            message = _("The workbook has no sheet “%(name)s”; it has: %(names)s.")
            raise refused(message % {"name": name, "names": names})
        visible = [each for each in self.sheets if not each.is_hidden]
        if len(visible) != 1 or not visible[0].part:
            message = _("The workbook must have a single sheet with the table; it has: %(names)s.")
            raise refused(message % {"names": names})
        return visible[0]

    @cached_property
    def formats(self) -> dict[str, NumberFormat | None]:
        """By the number of a cell's style, as the cells give it; None for plain numbers."""
        part = _target(self._relationships, "styles")
        codes: dict[int, str] = {}
        numbers: list[int] = []
        group = ""
        with damage_refused():
            for name, attributes in self._container.tags_of(part) if part else ():
                if name in FORMAT_GROUPS:
                    group = name
                elif (group, name) == (f"{MAIN} numFmts", f"{MAIN} numFmt"):
                    codes[int(attributes["numFmtId"])] = attributes["formatCode"]
                elif (group, name) == (f"{MAIN} cellXfs", f"{MAIN} xf"):
                    numbers.append(int(attributes.get("numFmtId", "0")))
                if max(len(numbers), len(codes)) > MOST_FORMATS:
                    raise damaged()
        numbers = numbers or [0]
        known = {number: format_of(number, codes) for number in set(numbers)}
        return {str(style): known[number] for style, number in enumerate(numbers)}

    @cached_property
    def strings(self) -> list[str]:
        """The texts that cells share, by number."""
        part = _target(self._relationships, "sharedStrings")
        found: list[str] = []
        collector = TextCollector()

        def end(name: str) -> None:
            collector.end(name)
            if name == f"{MAIN} si":
                found.append(collector.take())
                if len(found) > MOST_STRINGS:
                    raise damaged()

        if part:
            with damage_refused(), self._container.open(part) as stream:
                for _block in parse_blocks(
                    stream, start=collector.start, end=end, text=collector.add
                ):
                    pass
        return found

    def _read_sheets(self) -> list[Sheet]:
        found = []
        for name, attributes in self._container.tags_of(self._part):
            if name.startswith(STRICT):
                raise _strict()
            if name == f"{MAIN} workbookPr" and attributes.get("date1904", "").lower() in TRUE:
                raise _counts_from_1904()
            if name == f"{MAIN} sheet":
                found.append(_sheet(attributes, self._relationships))
            if len(found) > MOST_SHEETS:
                raise damaged()
        return found


def _target(relationships: list[Relationship], kind: str) -> str:
    """The part of a kind; empty where there is none."""
    return next((each.target for each in relationships if each.kind == kind), "")


def _sheet(attributes: dict[str, str], relationships: list[Relationship]) -> Sheet:
    own = [each for each in relationships if each.id == attributes.get(RELATION_ID)]
    return Sheet(
        name=attributes.get("name", ""),
        part=_target(own, "worksheet"),
        is_hidden=attributes.get("state", "visible") != "visible",
    )


def _strict() -> RefusedFile:
    return refused(
        _(
            "The workbook is saved as “Strict Open XML”; save it as the ordinary “Excel workbook "
            "(*.xlsx)”."
        )
    )


def _counts_from_1904() -> RefusedFile:
    return refused(
        _(
            "The workbook counts dates from 1904; copy the table into a new workbook and type the "
            "dates as text."
        )
    )
