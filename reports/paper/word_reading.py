"""An edited Word file, read back into blocks: what officials wrote, around what is locked.

Everything locked must be there once and unchanged; whatever a report cannot hold is refused, so
that nothing is lost unseen. Bold and the like is dropped: the report has one look.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reports.paper.blocks import (
    Block,
    Fixed,
    Heading,
    Inline,
    Paper,
    Paragraph,
    Picture,
    Placed,
)
from reports.paper.problems import Problems, RefusedPaper, shortened
from reports.paper.tags import HEAD_TAG, PICTURE_SUFFIX
from reports.paper.word_runs import BREAK, FOREIGN, Line, line_of, lines_in
from reports.paper.word_tables import problems_of_table, tag_of_table
from reports.paper.word_xml import WORD, body_and_styles, value_of
from targets_site.typed_text import TextKind, clean_text

HEADING = re.compile(r"heading (\d)")
DEEPEST_HEADING = 2
TITLE_TAG = f"{HEAD_TAG}_1_"
LONGEST_PARAGRAPH = 5_000
MOST_BLOCKS = 2_000
# Stands for a locked figure while the text around it is cleaned; nobody types it.
PLACE = "\ue000"
TOUCHED_BEFORE = re.compile(r"[\d.．][ ]?$|[-−]$")
TOUCHED_AFTER = re.compile(r"^[ ]?[.．]?\d|^[ ]?[%％‰]")


def read_word(file: IO[bytes], *, paper: Paper) -> tuple[Block, ...]:
    """The blocks of an edited file of this paper, whose texts may differ and nothing else.

    file: checked by `indicators.uploads.check_upload`. paper: as it was given out. Raises
    RefusedPaper, which names everything that was changed and must not be.
    """
    body, styles = body_and_styles(file)
    reader = _WordReader(paper, styles)
    for element in lines_in(body):
        reader.read(element)
    return reader.checked()


class _WordReader:
    def __init__(self, paper: Paper, styles: dict[str, str]) -> None:
        self._paper, self._styles = paper, styles
        self._figures = {
            each.tag: each.text
            for block in paper.blocks
            if not isinstance(block, Placed)
            for each in block.inlines
            if isinstance(each, Fixed)
        }
        self._blocks: list[Block] = []
        self._problems = Problems()
        self._seen: Counter[str] = Counter()

    def read(self, element: Element) -> None:
        if len(self._blocks) > MOST_BLOCKS:
            raise RefusedPaper([_("The file has more paragraphs than a report can have.")])
        if element.tag in FOREIGN:
            self._refuse_foreign([FOREIGN[element.tag]], beside="")
        elif element.tag == f"{WORD}tbl":
            self._read_table(element)
        else:
            self._read_paragraph(element)

    def checked(self) -> tuple[Block, ...]:
        """Raises RefusedPaper where anything locked is missing or doubled, or was changed."""
        self._problems.extend(self._miscounted())
        self._problems.refuse_any()
        return tuple(self._blocks)

    def _miscounted(self) -> Iterator[str]:
        captions = {tag: thing.caption for tag, thing in self._paper.placed.items()}
        names = {TITLE_TAG: self._paper.title} | self._figures | captions
        for tag, name in names.items():
            if not self._seen[tag]:
                yield _("“%(figure)s” is missing: it was deleted or typed anew by hand.") % {
                    "figure": shortened(name)
                }
            elif self._seen[tag] > 1:
                yield _("“%(figure)s” stands there %(times)s times instead of once.") % {
                    "figure": shortened(name),
                    "times": self._seen[tag],
                }

    def _read_table(self, table: Element) -> None:
        tag = tag_of_table(table)
        placed = self._paper.placed.get(tag)
        if placed is None or isinstance(placed, Picture):
            self._problems.append(_("The file has a table that is not of the report; remove it."))
            return
        self._place(tag)
        self._problems.extend(problems_of_table(table, placed))

    def _read_paragraph(self, paragraph: Element) -> None:
        line = line_of(paragraph)
        if value_of(paragraph, f"{WORD}pPr/{WORD}numPr/{WORD}numId") not in {"", "0"}:
            line.foreign.append("numbering")
        self._refuse_foreign(line.foreign, beside=line.text)
        for name in line.drawn:
            if isinstance(self._paper.placed.get(name), Picture):
                self._place(name)
            else:
                self._refuse_foreign(["picture"], beside=line.text)
        line.inlines = [each for each in line.inlines if not self._is_picture(each)]
        if not self._is_ours(line.only):
            self._add_text(line, level=self._level_of(paragraph))

    def _place(self, tag: str) -> None:
        self._seen[tag] += 1
        self._blocks.append(Placed(tag))

    def _is_picture(self, inline: Inline) -> bool:
        """The control around a picture, which holds no text of its own."""
        if isinstance(inline, str) or inline.text.strip():
            return False
        return inline.tag.removesuffix(PICTURE_SUFFIX) in self._paper.placed

    def _is_ours(self, locked: Fixed | None) -> bool:
        """A line of the head, or a caption; both are printed anew, so they must be unchanged."""
        if locked is None or locked.tag in self._figures:
            return False
        if locked.tag.startswith(TITLE_TAG):
            self._read_title(locked)
        elif locked.tag == f"{HEAD_TAG}_3":
            self._compare(locked, self._paper.line)
        elif locked.tag in self._paper.placed:
            self._compare(locked, self._paper.placed[locked.tag].caption)
        else:
            # The second line says at which stage the file was given out.
            return locked.tag == f"{HEAD_TAG}_2"
        return True

    def _read_title(self, title: Fixed) -> None:
        self._seen[TITLE_TAG] += 1
        self._compare(title, self._paper.title)
        if title.tag != f"{TITLE_TAG}{self._paper.base}":
            self._problems.append(
                _(
                    "The file was made from an earlier text of the report, or from another "
                    "edition; take the Word file anew and enter your changes there."
                )
            )

    def _compare(self, found: Fixed, expected: str) -> None:
        if found.text.strip() != expected:
            self._problems.append(
                _("“%(figure)s” was changed to “%(found)s”.")
                % {"figure": shortened(expected), "found": shortened(found.text)}
            )

    def _add_text(self, line: Line, *, level: int) -> None:
        for inlines in self._cleaned(line):
            if inlines:
                block = Heading(level, inlines) if level else Paragraph(inlines)
                self._blocks.append(block)

    def _cleaned(self, line: Line) -> Iterator[tuple[Inline, ...]]:
        """One for each line of the paragraph, without what nobody sees."""
        figures = [each for each in line.inlines if isinstance(each, Fixed)]
        for figure in figures:
            self._read_figure(figure)
        text = "".join(
            each.replace(PLACE, "") if isinstance(each, str) else PLACE for each in line.inlines
        )
        rest = iter(figures)
        for part in text.split(BREAK):
            yield tuple(self._filled(self._clean(part), rest))

    def _clean(self, text: str) -> str:
        try:
            return clean_text(text, kind=TextKind.REMARK, longest=LONGEST_PARAGRAPH).value
        except ValidationError as error:
            self._problems.extend(error.messages)
            return text

    def _filled(self, text: str, figures: Iterator[Fixed]) -> Iterator[Inline]:
        between = text.split(PLACE)
        for number, part in enumerate(between):
            if number:
                figure = next(figures)
                self._refuse_touching(between[number - 1], figure, part)
                yield Fixed(figure.tag, self._figures.get(figure.tag, figure.text))
            if part:
                yield part

    def _read_figure(self, figure: Fixed) -> None:
        expected = self._figures.get(figure.tag)
        self._seen[figure.tag] += 1
        if expected is None:
            self._problems.append(
                _("“%(figure)s” is marked as a figure of the report, which it is not.")
                % {"figure": shortened(figure.text)}
            )
        else:
            self._compare(figure, expected)

    def _refuse_touching(self, before: str, figure: Fixed, after: str) -> None:
        """A digit typed beside a locked figure would make another figure of it."""
        if TOUCHED_BEFORE.search(before) or TOUCHED_AFTER.search(after):
            around = f"{before[-5:]}{figure.text}{after[:5]}"
            self._problems.append(
                _("A figure is typed right beside the locked “%(figure)s”: “%(around)s”.")
                % {"figure": shortened(figure.text), "around": shortened(around)}
            )

    def _refuse_foreign(self, kinds: list[str], *, beside: str) -> None:
        messages = {
            "picture": _("a picture"),
            "object": _("an embedded file"),
            "symbol": _("a symbol of a special font"),
            "note": _("a footnote"),
            "comment": _("a comment"),
            "formula": _("a formula"),
            "numbering": _("automatic numbering (type the number by hand)"),
        }
        for kind in kinds:
            self._problems.append(
                _("The file holds %(what)s, which a report cannot keep; remove it: “%(beside)s”.")
                % {"what": messages[kind], "beside": shortened(beside.strip())}
            )

    def _level_of(self, paragraph: Element) -> int:
        """0 for a paragraph that is no heading."""
        style = value_of(paragraph, f"{WORD}pPr/{WORD}pStyle")
        match = HEADING.fullmatch(self._styles.get(style, ""))
        return min(int(match[1]), DEEPEST_HEADING) if match else 0
