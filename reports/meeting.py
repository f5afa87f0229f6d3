"""The meeting sheet as a paper: one A4 page, from which PDF and Word are made."""

from collections.abc import Iterator, Sequence
from functools import reduce

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from indicators.amounts import amount
from indicators.enums import Light, SourceGrade
from indicators.method import METHOD_VERSION
from indicators.templatetags.lights import badge_word, light_word
from reports.drafting.draft import numeral
from reports.paper.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Paper,
    Paragraph,
    Placed,
    Table,
)
from reports.queries.meeting.matters import Departments, Matter, MatterKind
from reports.queries.meeting.sheet import MeetingSheet
from reports.queries.rows import TargetLine
from reports.queries.tallies import Tally, tally
from reports.sentences import bounded
from reports.sentences import matters as words
from reports.sentences.matters import MatterWords, TargetFacts
from targets_site.templatetags.shown import gap_words, target_level
from targets_site.then import today_shown

# What one page holds beside five matters.
MOST_HEADLINE = 8
MOST_DEPARTMENTS = 2
MOST_NAMED = 3


def meeting_paper(sheet: MeetingSheet) -> Paper:
    """In the reader's language, without a query. Tables: `matters` and `headline`."""
    parts: list[tuple[str, str, Sequence[Block]]] = []
    if sheet.agenda.matters:
        parts.append((_("Matters to settle"), "matters", _left_out(sheet)))
    if sheet.headline:
        parts.append((_("Headline targets"), "headline", _further(sheet)))
    return Paper(
        title=_("%(area)s: progress of the quality targets") % {"area": sheet.area.name},
        subtitle=_("Meeting sheet · targets for %(goal)s") % {"goal": sheet.goal},
        line=_("As of %(as_of)s · method version %(method)s · made on %(day)s")
        % {"as_of": sheet.as_of, "method": METHOD_VERSION, "day": date_format(today_shown())},
        footing=_("Figures as published or approved; a figure that is missing is not estimated."),
        blocks=(Paragraph((whole_sentence(sheet),)), *_in_parts(parts)),
        placed={"matters": _matters(sheet), "headline": _headline(sheet)},
        language="en" if _is_english() else "zh-Hans",
        is_one_sheet=True,
    )


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def _in_parts(parts: Sequence[tuple[str, str, Sequence[Block]]]) -> Iterator[Block]:
    """parts: heading, table, what stands below it. One alone has no number."""
    for number, (heading, tag, below) in enumerate(parts, 1):
        if len(parts) > 1:
            heading = _("%(number)s. %(heading)s") % {
                "number": number if _is_english() else numeral(number), "heading": heading,
            }  # fmt: skip
        yield from (Heading(1, (heading,)), Placed(tag), *below)


def whole_sentence(sheet: MeetingSheet) -> str:
    """How the area stands as a whole, to be read aloud."""
    stands = sheet.tally
    said = [
        ngettext(
            "%(total)s quantitative target for %(goal)s (%(lights)s), of which %(decided)s can be "
            "decided.",
            "%(total)s quantitative targets for %(goal)s (%(lights)s), of which %(decided)s can "
            "be decided.",
            stands.total,
        )
        % {
            "total": stands.total,
            "goal": sheet.goal,
            "decided": stands.decided,
            "lights": _lights(stands),
        }
        if stands.total
        else _("No target for %(goal)s promises a figure.") % {"goal": sheet.goal}
    ]
    if sheet.without_figure:
        said.append(
            _("For %(missing)s no figure of the year itself is known.")
            % {"missing": sheet.without_figure}
        )
    if sheet.speak_against:
        said.append(
            _("Going by figures of other years, %(against)s of these fall short.")
            % {"against": sheet.speak_against}
        )
    return reduce(_one_after_another, said)


def _one_after_another(one: str, next_one: str) -> str:
    """Chinese sentences have no space between them."""
    joint = pgettext("two sentences", "%(one)s %(next)s")
    return joint % {"one": one, "next": next_one}


def _matters(sheet: MeetingSheet) -> Table:
    said = [(each, _said(each, sheet)) for each in sheet.agenda.matters]
    return Table(
        caption=_("Matters to settle, the most urgent first"),
        columns=(
            Column(pgettext("column", "No."), 6),
            Column(_("Matter"), 20),
            Column(_("How it stands"), 20),
            Column(_("What is asked for"), 18),
            Column(_("Departments"), 14),
        ),
        rows=tuple(
            (
                Cell(str(number), light=_light(matter)),
                Cell(words.what),
                Cell(words.state),
                Cell(words.ask),
                Cell(_names(matter.departments)),
            )
            for number, (matter, words) in enumerate(said, 1)
        ),
    )


def _said(matter: Matter, sheet: MeetingSheet) -> MatterWords:
    total = len(matter.lines)
    if matter.kind == MatterKind.MISSING:
        return words.missing(
            [_short_name(line) for line in matter.lines],
            total=total,
            headline=sum(line.target.key for line in matter.lines),
            goal=sheet.goal,
            named=bool(matter.departments),
        )
    if matter.kind == MatterKind.IN_WORDS:
        return words.unassessed(total=total)
    say = {
        MatterKind.SHORT: words.short_of,
        MatterKind.AGAINST: words.spoken_against,
        MatterKind.UNDECIDED: words.undecided,
    }[matter.kind]
    return say(_facts(matter.lines[0], sheet.goal))


def _facts(line: TargetLine, goal: int) -> TargetFacts:
    verdict = line.verdict
    return TargetFacts(
        statement=line.target.statement,
        goal=goal,
        status=verdict.status if verdict else "",
        actual_year=verdict.actual_year if verdict else None,
        actual=_said_figure(line, line.actual),
        gap=gap_words(verdict.gap, line.unit) if verdict and verdict.gap is not None else "",
        side_year=verdict.side_year if verdict else None,
        side=_said_figure(line, line.side),
    )


def _said_figure(line: TargetLine, printed: str) -> str:
    """“at least 95%” for ≥ 95, as nobody reads a sign aloud."""
    basis = line.basis
    if basis is None or printed != f"{basis.sign} {basis.stated}":
        return amount(printed, line.unit)
    return bounded(amount(basis.stated, line.unit), basis.bound)


def _light(matter: Matter) -> str:
    first = matter.lines[0].verdict
    return first.light if first and matter.kind != MatterKind.IN_WORDS else ""


def _short_name(line: TargetLine) -> str:
    return line.indicator.name if line.indicator else line.target.statement


def _names(departments: Departments) -> str:
    if not departments:
        return _("no department named")
    if len(departments) > MOST_NAMED:
        first = pgettext("between names", ", ").join(each.name for each in departments[:1])
        form = _("%(name)s and %(number)s more departments")
        return form % {"name": first, "number": len(departments) - 1}
    said = pgettext("between names", ", ").join(
        each.name for each in departments[:MOST_DEPARTMENTS]
    )
    if len(departments) <= MOST_DEPARTMENTS:
        return said
    return _("%(names)s and others") % {"names": said}


def _left_out(sheet: MeetingSheet) -> list[Block]:
    if not sheet.agenda.left_out:
        return []
    said = _("Further targets to settle one by one: %(number)s; the area's page lists them.")
    return [Paragraph((said % {"number": sheet.agenda.left_out},))]


def _headline(sheet: MeetingSheet) -> Table:
    return Table(
        caption=_("Headline targets for %(goal)s") % {"goal": sheet.goal},
        columns=(
            Column(_("Target"), 22),
            Column(_("Target level"), 11),
            Column(_("Latest figure"), 20),
            Column(_("Distance"), 13),
            Column(_("Verdict"), 16),
            Column(_("Departments"), 14),
        ),
        rows=tuple(_headline_row(line, sheet) for line in sheet.headline[:MOST_HEADLINE]),
    )


def _headline_row(line: TargetLine, sheet: MeetingSheet) -> tuple[Cell, ...]:
    verdict = line.verdict
    is_decided = verdict is not None and verdict.light != Light.GREY and verdict.gap is not None
    judged = f"verdicts {line.target.code} {verdict.as_of}" if verdict else ""
    figure = f"{judged} {'actual_value' if line.actual or not line.side else 'side_value'}"
    return (
        Cell(_short_name(line)),
        Cell(_on_one_line(target_level(line.target)), exported=f"targets {line.target.code} value"),
        Cell(_figure(line), exported=figure if judged else ""),
        Cell(
            gap_words(verdict.gap, line.unit) if verdict and is_decided else "—",
            exported=f"{judged} gap" if is_decided else "",
        ),
        Cell(badge_word(verdict) if verdict else "—", light=verdict.light if verdict else ""),
        Cell(_names(sheet.whose.get(line.target.pk, ()))),
    )


def _figure(line: TargetLine) -> str:
    """With its year and what it rests on; a figure of another year says that it is one."""
    verdict = line.verdict
    if verdict is None or not (line.actual or line.side):
        return "—"
    if line.actual:
        said = _("%(figure)s (%(year)s)") % {
            "figure": amount(line.actual, line.unit), "year": verdict.actual_year,
        }  # fmt: skip
    else:
        said = _("%(figure)s (%(year)s, not the target year)") % {
            "figure": amount(line.side, line.unit), "year": verdict.side_year,
        }  # fmt: skip
    return said + _grade(line.grade)


def _on_one_line(text: str) -> str:
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _grade(grade: str) -> str:
    """Only where it is weaker than the original."""
    if grade not in {SourceGrade.PRESS, SourceGrade.REPRINT}:
        return ""
    return f" · {SourceGrade(grade).label}"


def _further(sheet: MeetingSheet) -> list[Block]:
    further = sheet.headline[MOST_HEADLINE:]
    if not further:
        return []
    said = _("Further headline targets: %(number)s (%(lights)s).")
    return [Paragraph((said % {"number": len(further), "lights": _lights(tally(further))},))]


def _lights(of: Tally) -> str:
    return pgettext("between names", ", ").join(
        _("%(light)s %(count)s") % {"light": light_word(each.light), "count": each.count}
        for each in of.lights
    )
